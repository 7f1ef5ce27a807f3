"""Days that somebody wants to see on the charts: a DNS change, a deploy, a campaign."""

import tomllib
from dataclasses import dataclass
from datetime import date

import tomli_w

from lasthop.errors import InputError
from lasthop.store import Workspace
from lasthop.store.sources import replace_bytes

LONGEST = 120


@dataclass(frozen=True, order=True)
class Mark:
    """A day, in the zone of whoever typed it, and what happened on it."""

    day: date
    words: str


def marks(workspace: Workspace) -> tuple[Mark, ...]:
    """The marks of the workspace, oldest first. Raises InputError for a damaged file, which is left as it is."""
    path = workspace.root / "marks.toml"
    if not path.exists():
        return ()
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8")).get("mark", [])
        return tuple(sorted(Mark(_day(entry["day"]), str(entry["words"])[:LONGEST]) for entry in entries))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise InputError(
            "The file marks.toml is damaged.", f"{error}. It was left as it is.", "Mend it, or move it away."
        ) from error


def _day(value: object) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def save_marks(workspace: Workspace, kept: tuple[Mark, ...]) -> None:
    """Write the marks, whole or not at all; empty words are no mark."""
    told = sorted({Mark(mark.day, " ".join(mark.words.split())[:LONGEST]) for mark in kept if mark.words.strip()})
    text = tomli_w.dumps({"mark": [{"day": mark.day, "words": mark.words} for mark in told]})
    replace_bytes(workspace.folder("") / "marks.toml", text.encode("utf-8", "replace"))
