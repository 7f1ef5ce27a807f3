"""Records to events, for every format the same way: rows -> the format's SQL file -> ``read_events``.

Two lanes give the same table. The *fast lane* lets the engine read the file. Where the engine refuses it, or its
records do not agree with the file's lines, the *careful lane* goes through it record by record and keeps what is
good.
"""

from pathlib import Path

import duckdb

from lasthop.errors import InputError
from lasthop.read.careful import read_carefully
from lasthop.read.fast import read_fast
from lasthop.read.formats import FORMATS, unique_labels
from lasthop.read.macros import create_macros
from lasthop.read.member import Member
from lasthop.read.reading import Reading, ReadResult


def read_events(
    con: duckdb.DuckDBPyConnection, member: Member, reading: Reading, rejects: Path, now_ms: int
) -> ReadResult:
    """Read one member into the table ``read_events`` (columns: ``model.columns.READ_COLUMNS``).

    The table is replaced. Records that cannot stand as events are written to ``rejects`` as JSON lines
    ``{"line", "reason", "text"}``, with at most 2,000 characters of text. ``now_ms`` is the present in epoch
    milliseconds: what lies more than a day after it is rejected. Temporary files go next to ``rejects``.
    The engine of ``con`` is set to keep the order of what it inserts. Raises ``InputError`` for an unknown
    format or zone.
    """
    if reading.format not in FORMATS:
        raise InputError(f"There is no format {reading.format!r}.", "Formats: " + ", ".join(FORMATS) + ".")
    fmt = FORMATS[reading.format]
    con.execute("SET preserve_insertion_order = true")  # rowid is the ordinal of the record
    create_macros(con, reading, naive_is_utc=not fmt.asks_zone)
    with rejects.open("w", encoding="utf-8") as aside:
        fast = read_fast(con, member, reading, aside, now_ms)
        done = fast or read_carefully(con, member, reading, aside, now_ms)
    return ReadResult(done.rows, done.rejected, fast is not None, _notes(reading))


def _notes(reading: Reading) -> tuple[str, ...]:
    repeated = [
        name
        for label, name in zip(reading.header, unique_labels(reading.header), strict=True)
        if label.strip() and name != label.strip()
    ]
    return tuple(f"The header repeats a column: the further one is read as {name!r}." for name in repeated)
