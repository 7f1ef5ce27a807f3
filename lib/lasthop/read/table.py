"""Filling a table of events from rows, and judging what stands in it; both lanes work through here."""

from dataclasses import dataclass

import duckdb
import pyarrow as pa

from lasthop.model.columns import READ_COLUMNS
from lasthop.read.formats import FORMATS
from lasthop.read.macros import sql_file
from lasthop.read.reading import Reading
from lasthop.read.times import parse_time

_FLOOR_MS = 788_918_400_000  # 1995-01-01: SMTP mail is older, none of these systems is
_DAY_MS = 86_400_000


@dataclass(frozen=True)
class Done:
    """Counts of one pass over a member."""

    rows: int
    rejected: int


def create_table(con: duckdb.DuckDBPyConnection, table: str) -> None:
    """An empty table of events in place of any older one; not temporary, for the store reads it by several cursors."""
    columns = ", ".join(f"{name} {kind}" for name, (kind, _) in READ_COLUMNS.items())
    con.execute(f"CREATE OR REPLACE TABLE {table} ({columns})")


def fill(con: duckdb.DuckDBPyConnection, table: str, rows: str, reading: Reading) -> int:
    """Insert the events of ``rows`` (SQL) and return their number; rowid is the ordinal of the record."""
    family = sql_file(FORMATS[reading.format].family)
    con.execute(f"INSERT INTO {table} BY NAME WITH rows AS NOT MATERIALIZED ({rows})\n{family}")
    (count,) = con.execute(f"SELECT count(*) FROM {table}").fetchall()[0]
    _settle_times(con, table)
    return int(count)


def _settle_times(con: duckdb.DuckDBPyConnection, table: str) -> None:
    """Give the times that the SQL did not understand a second chance, one distinct text at a time."""
    texts = con.sql(f"SELECT DISTINCT time_raw FROM {table} WHERE time_ms IS NULL AND time_raw IS NOT NULL")
    parsed = [(text, parse_time(text)) for (text,) in texts.fetchall()]
    known = [(text, moment) for text, moment in parsed if moment]
    if not known:
        return
    moments = pa.table(
        {
            "text": pa.array([text for text, _ in known], pa.string()),
            "clock": pa.array([moment.clock for _, moment in known], pa.timestamp("us")),
            "ms": pa.array([moment.epoch_ms for _, moment in known], pa.int64()),
            "basis": pa.array([moment.basis for _, moment in known], pa.string()),
        }
    )
    con.register("read_moments", moments)
    con.execute(
        f"UPDATE {table} SET time_ms = coalesce(m.ms, local_ms(m.clock)), "
        "time_basis = coalesce(m.basis, local_basis()) "
        f"FROM read_moments m WHERE {table}.time_raw = m.text AND {table}.time_ms IS NULL"
    )
    con.unregister("read_moments")


def take_problems(con: duckdb.DuckDBPyConnection, table: str, now_ms: int) -> pa.Table:
    """Remove the rows that cannot stand as events; returns ``ordinal``, ``source_line``, ``reason`` of each."""
    query = sql_file("problems").format(table=table, floor_ms=_FLOOR_MS, ceiling_ms=now_ms + _DAY_MS)
    problems = con.sql(query).to_arrow_table()
    if problems.num_rows:
        con.register("read_problems", problems)
        con.execute(f"DELETE FROM {table} WHERE rowid IN (SELECT ordinal FROM read_problems)")
        con.unregister("read_problems")
    return problems
