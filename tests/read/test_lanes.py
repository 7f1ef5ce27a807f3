"""Two lanes, one table: whatever the engine reads, our own reader reads the same, line for line."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lasthop.read import FORMATS, Member, read_events, sniff
from lasthop.read.census import record_starts, take_census
from lasthop.read.macros import create_macros, sql_file
from lasthop.read.reading import Reading
from lasthop.read.rows import rows_from_cells
from lasthop.read.table import create_table
from tests.read.taking import engine, lines, take

HEADER = ("processed", "event", "email", "reason", "subject")
TIMES = st.sampled_from(["2026-07-08 12:00:20.000", "2026-07-08 12:00:21", "1783512020", "Nov 22, 2023 10:00", "", "x"])
EVENTS = st.sampled_from(["delivered", "bounce", "Spam report", "", "??"])
TEXT = st.text(alphabet="a,;\t\"'\\ \n\r=é件名🎉", max_size=12)
ROW = st.tuples(TIMES, EVENTS, st.sampled_from(["a@x.jp", " B@x.jp", "a b", ""]), TEXT, TEXT)
RELAXED = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def both_lanes(content: str | bytes) -> bool:
    """Compare what both lanes make of a file; returns whether the engine took it."""
    first, second = take(content), take(content, careful=True)
    assert first.events == second.events
    assert sorted(map(str, first.rejects)) == sorted(map(str, second.rejects))
    assert first.result.rows == second.result.rows
    return first.result.fast


@given(
    st.lists(ROW, max_size=8),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
)
@RELAXED
def test_proper_tables_are_read_alike(
    rows: list[tuple[str, ...]], delimiter: str, terminator: str, quoting: Any
) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=terminator, quoting=quoting)
    writer.writerows([HEADER, *rows])

    fast = both_lanes(out.getvalue())
    bare_return = any("\r" in cell for row in rows for cell in row)  # which the writer does not always quote
    assert fast or bare_return


@given(st.lists(st.text(alphabet='a@,,"" \n\r\\\t', max_size=30), max_size=6))
@example(['x,y,a@b,"', 'never closed,,,"'])
@example(['a,b,c,d, "spaces" '])
@example(['  "first",b,c,d,e'])
@example(["a,b,c,d,e,,,", "a,b,c,d,e, "])
@settings(RELAXED, max_examples=80)
def test_any_mess_is_read_alike(fragments: list[str]) -> None:
    good = "2026-07-08 12:00:20.000,open,a@x.jp,reason,subject"
    text = lines(",".join(HEADER), good, *fragments, good)

    both_lanes(text)


@given(st.lists(st.binary(max_size=12), max_size=4))
@settings(RELAXED, max_examples=40)
def test_any_bytes_among_good_lines_are_read_alike(cells: list[bytes]) -> None:
    good = b"2026-07-08 12:00:20.000,open,a@x.jp,reason,subject\n"
    content = ",".join(HEADER).encode() + b"\n" + good * 4
    for cell in cells:
        content += b"2026-07-08 12:00:20.000,open,b@x.jp," + cell + b",s\n" + good

    both_lanes(content)


@pytest.mark.parametrize("end", ["", "\r", "\r\r", "\r\n\r", "\n\r\r\n", "\n\n"])
def test_however_a_file_ends_it_is_read_alike(end: str) -> None:
    both_lanes(lines(",".join(HEADER)) + "2026-07-08 12:00:20.000,open,a@x.jp,reason,subject" + end)


def test_one_bad_line_among_many_costs_that_line() -> None:
    rows = [f"2026-07-08 12:00:20.000,open,user{n}@x.jp,,s" for n in range(50_000)]
    rows[30_000] = "too,few"
    taken = take(lines(",".join(HEADER), *rows))

    assert not taken.result.fast
    assert (taken.result.rows, len(taken.events)) == (50_000, 49_999)
    assert taken.reject == {"line": 30_002, "reason": "2 cells where the header has 5", "text": "too,few"}
    assert taken.events[40_000]["recipient"] == "user40001@x.jp"


@pytest.mark.parametrize("broken", ["", '"several\nlines"'])
def test_lines_are_exact_in_a_file_of_many_blocks(tmp_path: Path, broken: str) -> None:
    """The engine reads in parallel; only its order tells which line a row came from."""
    path = tmp_path / "many.csv"
    with path.open("w") as file:
        file.write(",".join(HEADER) + "\n")
        line = 2
        for n in range(400_000):
            reason = broken if n % 1_000 == 7 else ""
            file.write(
                f"2026-07-08 12:00:20.000,{'open' if n % 2 else 'bounce'},a@x.jp,{reason},line {line} {'x' * 60}\n"
            )
            line += 1 + reason.count("\n")
    member = Member("many.csv", path)
    with engine() as con:
        sniffed = sniff(member)
        reading = Reading("sendgrid_activity", "utf-8", ",", sniffed.header, 1, sniffed.mapping, "UTC")
        result = read_events(con, member, reading, tmp_path / "rejects", 1_790_000_000_000)
        (wrong,) = con.execute(
            "SELECT count(*) FROM read_events WHERE subject NOT LIKE 'line ' || source_line || ' %'"
        ).fetchall()[0]

    assert result.fast
    assert (result.rows, wrong) == (400_000, 0)


@pytest.mark.parametrize("format", [name for name, fmt in FORMATS.items() if not fmt.json])
def test_no_family_lets_the_engine_join(format: str) -> None:
    """A join, a sort or a group would lose the order of the lines, and with it every line number."""
    fmt = FORMATS[format]
    header = tuple(labels[0] for labels in fmt.fields.values())
    mapping = dict(zip(header, fmt.fields, strict=True))
    reading = Reading(format, "utf-8", ",", header, 1, mapping, "Asia/Tokyo")
    with engine() as con:
        create_macros(con, reading, naive_is_utc=False)
        create_table(con, "read_events")
        cells = ", ".join(f"c{place} VARCHAR" for place in range(len(header)))
        con.execute(f"CREATE TEMP TABLE cells (source_line BIGINT, {cells})")
        con.execute("INSERT INTO cells (source_line) SELECT range FROM range(100_000)")
        rows = rows_from_cells(reading, "cells")
        plan = operators(con, f"INSERT INTO read_events BY NAME WITH rows AS ({rows}) {sql_file(fmt.family)}")

    assert plan <= {"PROJECTION", "SEQ_SCAN", "TABLE_SCAN", "INSERT", "BATCH_INSERT"}


def operators(con: duckdb.DuckDBPyConnection, statement: str) -> set[str]:
    """The names of the operators in the engine's plan."""
    (row,) = con.execute(f"EXPLAIN (FORMAT json) {statement}").fetchall()
    found: set[str] = set()
    todo = list(json.loads(row[1]))
    while todo:
        node = todo.pop()
        found.add(node["name"].strip())
        todo += node.get("children", [])
    return found


@given(st.text(alphabet='a"\n\r,', max_size=60))
@RELAXED
def test_a_census_counts_lines_and_record_starts(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.mktemp("census") / "x.csv"
    path.write_text(text, newline="")

    expected, line, start, inside = [], 1, 1, False
    physical = text.split("\n")
    record = ""
    for number, part in enumerate(physical, 1):
        last = number == len(physical)
        inside ^= part.count('"') % 2 == 1
        record += part + ("" if last else "\n")
        if not inside or last:
            if record.removesuffix("\n").removesuffix("\r" if record.endswith("\r\n") else "") or (last and record):
                expected.append(start)
            start, record = number + 1, ""
        line = number
    assert record_starts(path).tolist() == expected
    assert take_census(path).lines == line - (physical[-1] == "")
