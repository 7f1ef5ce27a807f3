"""Which stop lists were asked: a list that was not loaded is not one that does not hold the address."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from lasthop.model.kinds import STOP_LISTS
from lasthop.pack.csv import CsvWriter
from lasthop.pack.gaps import Lists
from lasthop.store import Source

MEMBER = "stop-lists-asked.csv"
COLUMNS = ("stop_list", "asked", "entries_of_these_recipients", "files")
"""``asked``: yes or no. The entries are empty for a list that was not asked; ``files`` are the exports of it.

When the export was made is not in it: no list tells that.
"""


def write_asked(folder: Path, loaded: Sequence[Source], lists: Lists, listed: Mapping[str, int]) -> None:
    """Write one row for each stop list that SendGrid has; ``listed``: list -> entries of the recipients."""
    with (folder / MEMBER).open("wb") as out:
        table = CsvWriter(out, COLUMNS)
        table.add(_row(name, loaded, lists, listed) for name in STOP_LISTS)
        table.close()


def _row(name: str, loaded: Sequence[Source], lists: Lists, listed: Mapping[str, int]) -> tuple[object, ...]:
    if name not in lists.loaded:
        return (name, "no", None, None)
    files = [source.file for source in loaded if source.format.removeprefix("sendgrid_") == name]
    return (name, "yes", listed.get(name, 0), "; ".join(files) or "named by events of other files")
