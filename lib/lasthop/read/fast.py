"""The fast lane: the engine reads the CSV itself, straight into ``read_events``.

The engine is trusted only as far as it can be checked: strict parsing with every option given, and as many records
as the file has lines, or as quotes leave line ends outside.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from lasthop.read.careful import RECORD_LINES
from lasthop.read.census import record_starts, take_census
from lasthop.read.formats import FORMATS
from lasthop.read.json_rows import JSON_ROWS
from lasthop.read.lines import LINE_LIMIT
from lasthop.read.macros import literal
from lasthop.read.member import Member
from lasthop.read.reading import Reading
from lasthop.read.rejects import Rejected, write_rejects
from lasthop.read.rows import rows_from_cells
from lasthop.read.table import Done, create_table, fill, take_problems

Lines = npt.NDArray[np.int64]


def read_fast(
    con: duckdb.DuckDBPyConnection, member: Member, reading: Reading, aside: TextIO, now_ms: int
) -> Done | None:
    """Read a CSV by the engine, or return None where that cannot be done or cannot be trusted.

    A table of one column is left to the careful lane: there a blank line and an empty cell look the same.
    """
    is_csv = FORMATS[reading.format].table and reading.encoding != "xlsx" and reading.delimiter != JSON_ROWS
    if not is_csv or len(reading.header) < 2:
        return None
    with tempfile.TemporaryDirectory(dir=Path(aside.name).parent, prefix="read-") as scratch:
        path = _in_utf8(member.path, reading.encoding, Path(scratch))
        if path is None:
            return None
        census = take_census(path)
        if not census.plain:
            return None
        create_table(con, "read_events")
        try:
            rows = fill(con, "read_events", rows_from_cells(reading, _cells(path, reading)), reading)
        except duckdb.Error:
            return None
        if rows == census.lines - reading.header_line:
            starts = None
            con.execute(f"UPDATE read_events SET source_line = rowid + {reading.header_line + 1}")
        else:
            starts = _starts(path, reading, rows, census.lines)
            if starts is None:
                return None
            _set_lines(con, starts[:-1])
        problems = take_problems(con, "read_events", now_ms)
        rejected = write_rejects(aside, _with_texts(path, problems, starts))
    return Done(rows, rejected)


def _in_utf8(path: Path, encoding: str, scratch: Path) -> Path | None:
    """The file itself, or a strict copy of it in UTF-8; None when some of it cannot be decoded."""
    if encoding in ("utf-8", "utf-8-sig"):
        return path
    copy = scratch / "utf-8.csv"
    try:
        with path.open("r", encoding=encoding, newline="") as wide, copy.open("w", encoding="utf-8", newline="") as out:
            while text := wide.read(LINE_LIMIT):
                out.write(text)
    except UnicodeError:
        return None
    return copy


def _cells(path: Path, reading: Reading) -> str:
    """SQL of the file's cells as text; the options are given one by one, so that nothing is guessed."""
    columns = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(len(reading.header)))
    delimiter = literal(reading.delimiter or ",")
    return (
        f"(SELECT NULL::BIGINT AS source_line, * FROM read_csv({literal(str(path))}, columns = {{{columns}}}, "
        f"header = false, skip = {reading.header_line}, delim = {delimiter}, quote = '\"', escape = '\"', "
        f"comment = '', auto_detect = false, strict_mode = true, compression = 'none', "
        f"max_line_size = {LINE_LIMIT - 4096}))"
    )


def _starts(path: Path, reading: Reading, rows: int, lines: int) -> Lines | None:
    """The line that each record begins on and the one after the last; None when the engine saw other records."""
    starts = record_starts(path)
    starts = np.append(starts[starts > reading.header_line], lines + 1)
    longest = int(np.diff(starts).max(initial=0))
    return starts if starts.size == rows + 1 and longest < RECORD_LINES else None


def _set_lines(con: duckdb.DuckDBPyConnection, starts: Lines) -> None:
    con.register("read_starts", pa.table({"ordinal": np.arange(starts.size), "line": starts}))
    con.execute("UPDATE read_events SET source_line = s.line FROM read_starts s WHERE read_events.rowid = s.ordinal")
    con.unregister("read_starts")


def _with_texts(path: Path, problems: pa.Table, starts: Lines | None) -> Iterator[Rejected]:
    """Put the text of the file beside each problem, in one pass over its lines.

    ``starts`` are the lines that records begin on, with one more after the last; None when each takes one line.
    """
    if not problems.num_rows:
        return
    with path.open("rb") as file:
        number = 0
        for batch in problems.to_batches(max_chunksize=10_000):
            for ordinal, line, reason in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                after = line + 1 if starts is None else int(starts[ordinal + 1])
                while number < line - 1:
                    file.readline()
                    number += 1
                text = b"".join(file.readline() for _ in range(after - line))
                number = after - 1
                yield Rejected(line, reason, text.decode("utf-8", "replace"))
