"""Which stop lists were asked: a list that was not loaded is not one that does not hold the address."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from lasthop.explain import iso
from lasthop.model.kinds import STOP_LISTS
from lasthop.pack.csv import CsvWriter
from lasthop.pack.gaps import Lists
from lasthop.store import Source

MEMBER = "stop-lists-asked.csv"
COLUMNS = ("stop_list", "asked", "entries_of_these_recipients", "files", "asked_by", "asked_utc")
"""``asked``: yes or no. The entries are empty for a list that was not asked; ``files`` are those that it came in.

``asked_utc``: when lasthop asked the provider; when an export was made no list tells.
"""


def write_asked(folder: Path, loaded: Sequence[Source], lists: Lists, listed: Mapping[str, int]) -> None:
    """Write one row for each stop list that SendGrid has; ``listed``: list -> entries of the recipients."""
    with (folder / MEMBER).open("wb") as out:
        table = CsvWriter(out, COLUMNS)
        table.add(_row(name, loaded, lists, listed) for name in STOP_LISTS)
        table.close()


def _row(name: str, loaded: Sequence[Source], lists: Lists, listed: Mapping[str, int]) -> tuple[object, ...]:
    if name not in lists.loaded:
        return (name, "no", None, None, None, None)
    at = lists.pulled.get(name)
    formats = (f"sendgrid_{name}", *(["sendgrid_stop_lists"] if at else []))
    files = "; ".join(source.file for source in loaded if source.format in formats)
    told = files or ("none: nothing was on it" if at else "named by events of other files")
    by = "lasthop pull" if at else "whoever made the export"
    return (name, "yes", listed.get(name, 0), told, by, iso(at * 1000) if at else None)
