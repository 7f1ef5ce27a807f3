"""The provider's stop lists on the last day of the samples."""

import csv
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path

from samples.model import Event, Message
from samples.office import Office

_UNKNOWN_DOMAIN = "Mail domain mentioned in email address is unknown"
_OLD_BOUNCE = "550 5.1.1 The email account that you tried to reach does not exist, sorry"
Entry = tuple[str, ...]


def _save(path: Path, header: str, rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header.split(","))
        writer.writerows(rows)


def _seconds(moment: datetime) -> str:
    return str(int(moment.timestamp()))


def _newest(messages: list[Message], wanted: Callable[[Event], bool]) -> dict[str, Event]:
    """For each address the last event of that sort."""
    found = [(e.time, message.recipient, e) for message in messages for e in message.events if wanted(e)]
    return {recipient: event for _, recipient, event in sorted(found, key=lambda item: item[:2])}


def _old(office: Office, reason: str) -> list[tuple[str, datetime]]:
    """Addresses that stood on the list before the samples begin."""
    begin = min(message.sent for message in office.messages)
    return [(who, since) for who, (since, why) in office.stopped.items() if why == reason and since < begin]


def _refused(office: Office, kind: str) -> list[Entry]:
    newest = _newest(office.messages, lambda event: event.kind == "bounce" and event.type == kind)
    return [(event.status, event.text, who, _seconds(event.time)) for who, event in newest.items()]


def _engaged(office: Office, kind: str, reason: str) -> list[Entry]:
    newest = _newest(office.messages, lambda event: event.kind == kind)
    listed: list[Entry] = [(who, _seconds(since)) for who, since in _old(office, reason)]
    return listed + [(who, _seconds(event.time)) for who, event in newest.items()]


def write(folder: Path, office: Office) -> None:
    """One file per list; a column called `created` holds Unix seconds."""
    bounces: list[Entry] = [
        ("5.1.1", _OLD_BOUNCE, who, _seconds(since)) for who, since in _old(office, "Bounced Address")
    ]
    bounces += _refused(office, "bounce")
    bounces += [(o.event.status, o.event.text, o.recipient, _seconds(o.event.time)) for o in office.orphans]
    _save(folder / "suppression_bounces.csv", "status,reason,email,created", bounces)
    blocks = [(status or "4.0.0", *rest) for status, *rest in _refused(office, "blocked")]
    _save(folder / "suppression_blocks.csv", "status,reason,email,created", blocks)
    invalid = [(_UNKNOWN_DOMAIN, who, _seconds(since)) for who, since in _old(office, "Invalid")]
    _save(folder / "suppression_invalid_emails.csv", "reason,email,created", invalid)
    spam = [("192.0.2.31", *entry) for entry in _engaged(office, "spamreport", "Spam Reporting Address")]
    _save(folder / "suppression_spam_reports.csv", "ip,email,created", spam)
    gone = _engaged(office, "unsubscribe", "Unsubscribed Address")
    _save(folder / "suppression_unsubscribes.csv", "email,created", gone)
    _save(folder / "asm_groups_12_suppressions.csv", "email,created", _left_the_group(office))


def _left_the_group(office: Office) -> list[Entry]:
    """Who left and did not come back."""
    newest = _newest(office.messages, lambda event: event.kind in {"group_unsubscribe", "group_resubscribe"})
    return [(who, _seconds(e.time)) for who, e in newest.items() if e.kind == "group_unsubscribe"]
