"""One Delta Lake table: DuckDB writes and reads the Parquet files, ``deltalake`` keeps the commit log.

A commit makes files visible, whole or not at all. delta-rs calls no fsync, so data files, their folders and the
log entry are synced here, data first: what is committed survives a power cut.
"""

import os
import re
import time
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
from deltalake import DeltaTable
from deltalake.exceptions import CommitFailedError
from deltalake.transaction import AddAction, CommitProperties, RemoveAction, Transaction

from lasthop.errors import Failure

ARROW = {"VARCHAR": pa.string(), "BIGINT": pa.int64(), "INTEGER": pa.int32(), "BOOLEAN": pa.bool_()}
UNDATED = "undated"
DAY_MS = 86_400_000
WRITERS = 2
"""Days are written by this many threads: one day is too small for the engine to use both cores."""
FORMAT = (
    "FORMAT parquet, PARQUET_VERSION V2, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 122880, RETURN_STATS"
)
"""Version 2 keeps times as differences: a fifth smaller, and read in half the time."""

CROWD = 20
KEEP_HOURS = 24


class Conflict(Exception):
    """Another process committed first; read again and try again."""


def day_label(day: int | None) -> str:
    """The partition of a day since 1970: ``2026-11-02``; None is ``undated``."""
    return UNDATED if day is None else (date(1970, 1, 1) + timedelta(days=day)).isoformat()


def day_number(label: str) -> int | None:
    """The day since 1970 of a partition; None for ``undated``."""
    return None if label == UNDATED else (date.fromisoformat(label) - date(1970, 1, 1)).days


def day_of_file(path: str) -> str:
    """The day of a file of a table."""
    return Path(path).parent.name.removeprefix("day=")


def parquet(files: Iterable[Path]) -> str:
    """SQL for the rows of Parquet files, with the column ``day`` of their folders; any file name is taken as it is."""
    listed = ", ".join(quoted(re.sub(r"([*?\[])", r"[\1]", path.as_posix())) for path in files)
    return f"read_parquet([{listed}], hive_partitioning = true, hive_types = {{'day': 'VARCHAR'}})"


def quoted(path: Path | str) -> str:
    """A path as an SQL literal."""
    return "'" + str(path).replace("'", "''") + "'"


def days_of(con: duckdb.DuckDBPyConnection, rows: str, clock: str) -> list[int | None]:
    """The days since 1970 that ``rows`` (SQL) hold; None stands for rows without a time."""
    return [day for (day,) in con.execute(f"SELECT DISTINCT {clock} // {DAY_MS} FROM {rows}").fetchall()]


def gather(con: duckdb.DuckDBPyConnection, table: str, clock: str) -> None:
    """Sort ``table`` by ``clock`` when its days are strewn, so that looking at one day reads little more than it."""
    strewn, groups, days = con.execute(
        f"SELECT count(DISTINCT (rowid // 122880, {clock} // {DAY_MS})), max(rowid) // 122880, "
        f"count(DISTINCT {clock} // {DAY_MS}) FROM {table}"
    ).fetchall()[0]
    if groups and strewn > 3 * (days + groups):
        con.execute(f"CREATE TABLE gathered AS SELECT * FROM {table} ORDER BY {clock}")
        con.execute(f"DROP TABLE {table}; ALTER TABLE gathered RENAME TO {table}")


@dataclass(frozen=True)
class Written:
    """A Parquet file that lies in the table's folder and is not yet part of the table."""

    path: str
    size: int
    rows: int
    day: str


class Table:
    """A table of ``columns`` (name -> engine type), partitioned by ``day``: the UTC day of its column ``clock``.

    ``clock`` holds epoch milliseconds; rows without one are filed under the day ``undated``.
    """

    def __init__(self, path: Path, columns: Mapping[str, str], clock: str) -> None:
        self.path = path
        self.clock = clock
        self.columns = dict(columns)
        fields = [pa.field(name, ARROW[kind]) for name, kind in columns.items()]
        self._schema = pa.schema([*fields, pa.field("day", pa.string())])

    def open(self) -> DeltaTable:
        """The newest version; an empty table is created the first time."""
        if not DeltaTable.is_deltatable(str(self.path)):
            made(self.path)
            DeltaTable.create(self.path, self._schema, mode="ignore", partition_by=["day"])
        return DeltaTable(self.path)

    def made_ns(self) -> int:
        """When the table was begun, as the file system says: a table made anew has the same versions again."""
        return (self.path / "_delta_log" / f"{0:020d}.json").stat().st_mtime_ns

    def changed_ns(self) -> int:
        """When the table was last committed to, as the file system says; cheaper than opening its newest version."""
        return (self.path / "_delta_log").stat().st_mtime_ns

    def paths(self, version: DeltaTable) -> list[str]:
        """The files of ``version`` inside the table's folder; its URIs are percent-encoded, these are not."""
        found: list[str] = pa.table(version.get_add_actions(flatten=True))["path"].to_pylist()
        return found

    def relation(self, version: DeltaTable, days: Iterable[str] | None = None) -> str:
        """SQL for the rows of ``version``, all of them or those of ``days``; columns plus ``day``."""
        wanted = None if days is None else set(days)
        files = [path for path in self.paths(version) if wanted is None or day_of_file(path) in wanted]
        if not files:  # read_parquet of no files is an error
            nulls = ", ".join(f"NULL::{kind} AS {name}" for name, kind in self.columns.items())
            return f"(SELECT {nulls}, NULL::VARCHAR AS day WHERE false)"
        return parquet([self.path / path for path in files])

    def write(self, con: duckdb.DuckDBPyConnection, rows: str, days: Iterable[int | None]) -> list[Written]:
        """Write files, synced, not yet visible: one for each of ``days`` (days since 1970, None for undated).

        ``rows`` is SQL with ``{which}``, the condition on the clock that picks one day; it may read tables of ``con``
        but no temporary ones, as each writer has a cursor of its own. The engine's PARTITION_BY would copy every row
        twice and cost twice as much.
        """
        ordered = sorted(days, key=lambda day: -1 if day is None else day)
        token = uuid.uuid4().hex
        shares = [ordered[place::WRITERS] for place in range(min(WRITERS, len(ordered)))]
        try:
            with ThreadPoolExecutor(WRITERS) as writers:
                jobs = [writers.submit(self._write_days, con.cursor(), rows, share, token) for share in shares]
                return [written for job in jobs for written in job.result()]
        except (duckdb.IOException, OSError, Failure) as error:
            for path in self.path.glob(f"day=*/{token}.parquet"):
                path.unlink()
            raise Failure("The disk did not take the data.", str(error), "Free some space and try again.") from error

    def _write_days(
        self, con: duckdb.DuckDBPyConnection, rows: str, days: list[int | None], token: str
    ) -> list[Written]:
        names = ", ".join(self.columns)
        written = []
        for day in days:
            which = f"{self.clock} IS NULL"
            if day is not None:
                which = f"{self.clock} >= {day * DAY_MS} AND {self.clock} < {(day + 1) * DAY_MS}"
            label = day_label(day)
            path = self.path / f"day={label}" / f"{token}.parquet"
            path.parent.mkdir(parents=True, exist_ok=True)
            query = f"SELECT {names} FROM ({rows.format(which=which)})"
            done = con.execute(f"COPY ({query}) TO {quoted(path)} ({FORMAT})").fetchone()
            if not done or not done[1]:
                path.unlink()
                continue
            sync(path)
            sync(path.parent)
            written.append(Written(f"{path.parent.name}/{path.name}", path.stat().st_size, int(done[1]), label))
        con.close()
        return written

    def commit(
        self,
        version: DeltaTable,
        added: Iterable[Written],
        replaced_days: Iterable[str],
        transactions: Mapping[str, int],
    ) -> None:
        """Make ``added`` visible and everything that ``version`` holds of ``replaced_days`` invisible, at once.

        Raises Conflict when one of ``transactions`` was advanced by another process since ``version``.
        """
        now = int(time.time() * 1000)
        actions: list[AddAction | RemoveAction] = [
            AddAction(f.path, f.size, {"day": f.day}, now, True, f'{{"numRecords":{f.rows}}}') for f in added
        ]
        gone = set(replaced_days)
        actions += [RemoveAction(path, True, now) for path in self.paths(version) if day_of_file(path) in gone]
        properties = CommitProperties(app_transactions=[Transaction(k, v) for k, v in transactions.items()])
        try:
            version.create_write_transaction(actions, "append", self._schema, ["day"], commit_properties=properties)
        except CommitFailedError as error:
            raise Conflict(str(error)) from error
        sync(self.path)  # folders of new days
        log = self.path / "_delta_log"
        for entry in log.glob("*.json"):
            if entry.stem.isdigit() and int(entry.stem) > version.version():
                sync(entry)
        sync(log)

    def discard(self, files: Iterable[Written]) -> None:
        """Delete files that were written for a commit that lost."""
        for f in files:
            (self.path / f.path).unlink(missing_ok=True)

    def crowded_days(self, version: DeltaTable) -> list[str]:
        """The days with more than ``CROWD`` files: many small loads make many small files, slow to read."""
        files = Counter(day_of_file(path) for path in self.paths(version))
        return sorted(day for day, count in files.items() if count > CROWD)

    def sweep(self) -> int:
        """Delete files that no reader of the last day can need, orphans of killed loads too; returns their number."""
        return len(self.open().vacuum(KEEP_HOURS, dry_run=False, enforce_retention_duration=False, full=True))


def made(folder: Path) -> Path:
    """The folder, made when it is not there yet. Raises Failure when the place cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Failure(f"{folder} cannot be made.", str(error), "Name another workspace.") from error
    return folder


def sync(path: Path) -> None:
    """Force a file or folder to the disk."""
    try:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        raise Failure("The disk did not take the data.", str(error), "Free some space and load again.") from error
