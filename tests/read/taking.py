"""Reading small files as the tests tell them: bytes in, events and rejected lines out."""

import json
import tempfile
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

import duckdb

from lasthop.model.columns import READ_COLUMNS
from lasthop.read import Member, Reading, ReadResult, Sniffed, read_events, sniff, unpack

NOW = 1_790_000_000_000  # 2026-09-21 14:13:20 UTC

Event = dict[str, Any]


@dataclass(frozen=True)
class Taken:
    """What came of one file."""

    events: list[Event]
    rejects: list[dict[str, Any]]
    result: ReadResult
    sniffed: Sniffed

    @property
    def event(self) -> Event:
        """The only event of the file."""
        (one,) = self.events
        return one

    @property
    def reject(self) -> dict[str, Any]:
        """The only rejected line of the file."""
        (one,) = self.rejects
        return one


def lines(*rows: str) -> str:
    return "".join(f"{row}\n" for row in rows)


@cache
def _root() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute("SET GLOBAL TimeZone = 'UTC'; SET autoinstall_known_extensions = false; SET threads = 2")
    return con


def engine() -> duckdb.DuckDBPyConnection:
    """A connection as the store hands it out; all tests share one engine, for starting one takes longest."""
    return _root().cursor()


def take(
    content: str | bytes,
    name: str = "activity.csv",
    *,
    format: str | None = None,
    mapping: Mapping[str, str] | None = None,
    zone: str | None = None,
    careful: bool = False,
) -> Taken:
    """Write ``content`` to a file of that name, unpack it if it is packed, sniff it and read it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        scratch = Path(folder, "scratch")
        scratch.mkdir()
        (member,) = unpack(path, scratch)
        assert isinstance(member, Member)
        return read(member, Path(folder, "rejects.jsonl"), format, mapping, zone, careful)


def read(
    member: Member,
    rejects: Path,
    format: str | None = None,
    mapping: Mapping[str, str] | None = None,
    zone: str | None = None,
    careful: bool = False,
) -> Taken:
    sniffed = sniff(member, format, mapping)
    reading = Reading(
        sniffed.format or sniffed.candidates[0],
        sniffed.encoding,
        sniffed.delimiter,
        sniffed.header,
        sniffed.header_line,
        sniffed.mapping,
        zone or ("Asia/Tokyo" if sniffed.asks_zone else "UTC"),
    )
    lane: Any = mock.patch("lasthop.read.events.read_fast", return_value=None) if careful else nullcontext()
    with engine() as con, lane:
        result = read_events(con, member, reading, rejects, NOW)
        table = con.sql("SELECT * FROM read_events ORDER BY source_line, rowid").to_arrow_table()
    assert table.column_names == list(READ_COLUMNS)
    told = [json.loads(line) for line in rejects.read_text(encoding="utf-8").splitlines()]
    assert result.rows == len(table) + len(told)
    assert result.rejected == len(told)
    return Taken(table.to_pylist(), told, result, sniffed)
