"""The careful lane: record by record in Python, so that one bad line costs that line only."""

from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TextIO

import duckdb
import pyarrow as pa

from lasthop.read.formats import FORMATS
from lasthop.read.formats.sendgrid_api import PULLED
from lasthop.read.json_rows import JSON_ROWS, json_rows
from lasthop.read.lines import LINE_LIMIT, Line, physical_lines
from lasthop.read.mail import read_mails
from lasthop.read.member import Member
from lasthop.read.pulled import read_pulled
from lasthop.read.reading import Reading
from lasthop.read.records import OPEN, Malformed, closes, parse_cells
from lasthop.read.rejects import Record, Rejected, write_rejects
from lasthop.read.rows import family_fields, rows_from_cells, rows_from_fields
from lasthop.read.sheet import sheet_rows
from lasthop.read.table import Done, create_table, fill, take_problems
from lasthop.read.webhook import read_webhook

RECORD_LINES = 200
"""A record may span this many lines: a reply that quotes a whole message is shorter."""
_BATCH = 20_000


def read_carefully(
    con: duckdb.DuckDBPyConnection, member: Member, reading: Reading, aside: TextIO, now_ms: int
) -> Done:
    """Read every record of a member into ``read_events``, in batches; rejected lines go to ``aside``."""
    create_table(con, "read_events")
    rows = rejected = 0
    for batch in _batches(_records(member, reading)):
        good = [one for one in batch if isinstance(one, Record)]
        bad = [one for one in batch if isinstance(one, Rejected)]
        bad += _load(con, good, reading, now_ms)
        rows += len(batch)
        rejected += write_rejects(aside, sorted(bad, key=lambda one: one.line))
    return Done(rows, rejected)


def _batches(records: Iterator[Record | Rejected]) -> Iterator[list[Record | Rejected]]:
    while batch := list(islice(records, _BATCH)):
        yield batch


def _load(con: duckdb.DuckDBPyConnection, good: list[Record], reading: Reading, now_ms: int) -> Iterator[Rejected]:
    """Turn one batch into events by way of a table of its own, and yield what could not stand."""
    if not good:
        return
    create_table(con, "read_batch_events")
    con.register("read_batch", _as_table(good, reading))
    rows = rows_from_cells if FORMATS[reading.format].table else rows_from_fields
    fill(con, "read_batch_events", rows(reading, "read_batch"), reading)
    con.unregister("read_batch")
    problems = take_problems(con, "read_batch_events", now_ms)
    con.execute("INSERT INTO read_events SELECT * FROM read_batch_events")
    con.execute("DROP TABLE read_batch_events")
    for ordinal, line, reason in zip(*(problems[name].to_pylist() for name in problems.column_names), strict=True):
        yield Rejected(line, reason, good[ordinal].text)


def _as_table(good: list[Record], reading: Reading) -> pa.Table:
    """One text column per cell (c0, c1, …) or per field; empty text is NULL."""
    columns = {"source_line": pa.array([one.line for one in good], pa.int64())}
    by_name = [one.values for one in good if isinstance(one.values, dict)]
    for name in (*family_fields(FORMATS[reading.format]), "extra") if by_name else ():
        columns[name] = pa.array([values.get(name) for values in by_name], pa.string())
    by_place = [one.values for one in good if isinstance(one.values, list)]
    for place in range(len(reading.header)) if by_place else ():
        columns[f"c{place}"] = pa.array([cells[place] or None for cells in by_place], pa.string())
    return pa.table(columns)


def _records(member: Member, reading: Reading) -> Iterator[Record | Rejected]:
    if reading.format in {fmt.name for fmt in PULLED}:
        return read_pulled(member.path, reading.encoding)
    if FORMATS[reading.format].mail:
        return read_mails(member.path)
    if FORMATS[reading.format].json:
        return read_webhook(member.path, reading.encoding)
    if reading.encoding == "xlsx":
        return _sheet_records(member, reading)
    if reading.delimiter == JSON_ROWS:
        return json_rows(member.path, reading.header)
    lines = physical_lines(member.path, reading.encoding)
    return csv_records(lines, reading.delimiter or ",", len(reading.header), reading.header_line)


def _sheet_records(member: Member, reading: Reading) -> Iterator[Record | Rejected]:
    width = len(reading.header)
    for line, row in sheet_rows(member.path, member.name):
        if line > reading.header_line:
            yield _fitted(line, ",".join(row), row + [""] * (width - len(row)), width)


def csv_records(lines: Iterable[Line], delimiter: str, width: int, header_line: int) -> Iterator[Record | Rejected]:
    """Yield the records below the header, each with the line that it begins on; blank lines are passed over.

    A record whose quote is never closed within 200 lines or 1 MiB costs its first line; reading goes on at the next.
    """
    ahead = deque[Line]()
    source = iter(lines)
    while (line := ahead.popleft() if ahead else next(source, None)) is not None:
        if line.number < header_line:
            continue
        if line.problem:
            yield Rejected(line.number, line.problem, line.text)
            continue
        text = line.text.removesuffix("\n").removesuffix("\r")
        if not text:
            continue
        one = _one_record(line, text, source, ahead, delimiter, width)
        if line.number > header_line:
            yield one


def _one_record(
    line: Line, text: str, source: Iterator[Line], ahead: deque[Line], delimiter: str, width: int
) -> Record | Rejected:
    cells: list[str] = []
    used = 0
    try:
        start = parse_cells(text, delimiter, cells)
        while start != OPEN:
            more = _until_closed(source, ahead, used, len(text))
            if more is None:
                return Rejected(line.number, "a quote that is never closed", line.text)
            text = line.text + "".join(one.text for one in islice(ahead, more))
            used = more
            text = text.removesuffix("\n").removesuffix("\r")
            start = parse_cells(text, delimiter, cells, start)
    except Malformed:
        return Rejected(line.number, "text after a closing quote", line.text)
    for _ in range(used):
        ahead.popleft()
    return _fitted(line.number, text, cells, width)


def _until_closed(source: Iterator[Line], ahead: deque[Line], used: int, size: int) -> int | None:
    """Number of lines ahead that the record takes until its open cell is closed; None when it never is."""
    while used + 1 < RECORD_LINES and size <= LINE_LIMIT:
        if used == len(ahead):
            line = next(source, None)
            if line is None:
                return None
            ahead.append(line)
        line = ahead[used]
        if line.problem:
            return None
        used, size = used + 1, size + len(line.text)
        if closes(line.text.removesuffix("\n").removesuffix("\r") + "\n" if line.text.endswith("\n") else line.text):
            return used
    return None


def _fitted(line: int, text: str, cells: list[str], width: int) -> Record | Rejected:
    """A record of the header's width; empty cells beyond it, as spreadsheets leave them, do not count."""
    if len(cells) > width and not any(cells[width:]):
        del cells[width:]
    if len(cells) != width:
        return Rejected(line, f"{len(cells)} cells where the header has {width}", text)
    return Record(line, text, cells)
