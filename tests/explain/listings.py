"""Activity and stop lists of invented addresses, for the tests of stop lists and recipients."""

from collections.abc import Iterable
from pathlib import Path

from lasthop.store import Workspace
from tests.store.exports import activity_row, csv_text, load, write_activity

NOON = 1_793_620_800
"""2026-11-02 12:00:00 UTC, where the seconds of ``activity_row`` begin."""
HOUR, DAY = 3_600, 86_400

Row = tuple[str, ...]


def mail(number: int, to: str, second: int, *events: tuple[str, str, str]) -> list[Row]:
    """A message to ``to``: processed, then ``events`` (event, reason, type), a second apart."""
    rows = [activity_row(number, "processed", second)]
    rows += [activity_row(number, event, second + 1 + n, why, kind) for n, (event, why, kind) in enumerate(events)]
    return [(*row[:5], to, *row[6:]) for row in rows]


def dropped(number: int, to: str, second: int, reason: str = "Bounced Address") -> list[Row]:
    row = activity_row(number, "drop", second, reason)
    return [(*row[:5], to, *row[6:])]


BOUNCED = ("bounce", "550 5.1.1 The email account that you tried to reach does not exist", "bounce")
BLOCKED = ("bounce", "554 5.7.1 Message rejected as spam", "blocked")
TAKEN = ("delivered", "250 2.0.0 OK", "")


def stop_list(path: Path, rows: Iterable[Iterable[str]]) -> Path:
    """A stop list as SendGrid exports it; the name of the file says which."""
    header = {
        "suppression_bounces.csv": ("status", "reason", "email", "created"),
        "suppression_blocks.csv": ("status", "reason", "email", "created"),
        "suppression_invalid_emails.csv": ("reason", "email", "created"),
        "suppression_spam_reports.csv": ("ip", "email", "created"),
        "suppression_unsubscribes.csv": ("email", "created"),
        "asm_groups_12_suppressions.csv": ("email",),
    }[path.name]
    path.write_text(csv_text(header, rows), encoding="utf-8")
    return path


def workspace_of(folder: Path, activity: Iterable[Row], **lists: Iterable[Iterable[str]]) -> Workspace:
    """A workspace with these events and stop lists (``bounces=[…]``)."""
    folder.mkdir(parents=True, exist_ok=True)
    workspace = Workspace(folder / "workspace")
    names = {name: f"suppression_{name}.csv" for name in lists} | {"groups": "asm_groups_12_suppressions.csv"}
    paths = [stop_list(folder / names[name], rows) for name, rows in lists.items()]
    if rows := list(activity):
        paths.append(write_activity(folder / "activity.csv", rows))
    load(workspace, *paths)
    return workspace


def bounce_entry(to: str, second: int) -> Row:
    return "5.1.1", BOUNCED[1], to, str(NOON + second)
