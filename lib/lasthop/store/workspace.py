"""The folder, its engine and its snapshots."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
from filelock import FileLock, Timeout

from lasthop.errors import Failure, InputError, LasthopError
from lasthop.model.columns import EVENT_COLUMNS
from lasthop.reply import Rules, builtin
from lasthop.store.table import Table, made

MEMORY = "4GB"
LOCK_SECONDS = 120

Parameters = Sequence[Any] | Mapping[str, Any]
"""Values bound to a query, by position or by name."""


@cache
def named_sql(room: str, name: str) -> str:
    """The text of a named query: ``lib/lasthop/<room>/sql/<name>.sql``."""
    return resources.files(f"lasthop.{room}").joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")


def sql_list(words: Iterable[str]) -> str:
    """Words of a closed list, ready for SQL's ``IN (…)``: ``'accepted', 'waiting'``."""
    return ", ".join(f"'{word}'" for word in words)


class Snapshot:
    """One moment of the workspace: queries see the same rows until it is closed.

    ``version`` names the moment: two snapshots of one workspace with the same version hold the same rows.
    """

    def __init__(self, cursor: duckdb.DuckDBPyConnection) -> None:
        self.cursor = cursor
        self.behind = False
        self.version = ""
        self.rules: Rules = builtin()
        self.problem: LasthopError | None = None
        self._kept: set[str] = set()

    def kept(self, name: str, sql: str, parameters: Parameters = ()) -> str:
        """``name``, as a temporary table of the rows of ``sql``: made when first asked for, gone with the snapshot."""
        if name not in self._kept:
            self.cursor.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {sql}", parameters or None)
            self._kept.add(name)
        return name

    def frame(self, sql: str, parameters: Parameters = ()) -> pd.DataFrame:
        """The answer as a pandas frame; meant for the few rows that a screen shows."""
        frame: pd.DataFrame = self._answer(sql, parameters).to_pandas()
        return frame

    def rows(self, sql: str, parameters: Parameters = ()) -> list[dict[str, Any]]:
        """The answer as dictionaries; NULL is None."""
        found: list[dict[str, Any]] = self._answer(sql, parameters).to_pylist()
        return found

    def batches(self, sql: str, parameters: Parameters = ()) -> Iterator[dict[str, Any]]:
        """The answer as dictionaries, a few thousand in memory at a time."""
        for batch in self.cursor.sql(sql, params=parameters or None).to_arrow_reader(5_000):
            yield from batch.to_pylist()

    def _answer(self, sql: str, parameters: Parameters) -> pa.Table:
        # A relation, not execute(): its Arrow table is made without an extra copy of the rows.
        return self.cursor.sql(sql, params=parameters or None).to_arrow_table()

    def value(self, sql: str, parameters: Parameters = ()) -> Any:
        """The first cell of the answer, None when there is no row."""
        first = self._answer(sql, parameters).slice(0, 1).column(0).to_pylist()
        return first[0] if first else None


class Workspace:
    """A folder with everything that was loaded; made when it is not there yet."""

    def __init__(self, root: Path | str) -> None:
        self.root = Path(root).expanduser().absolute()
        if self.root.exists() and not self.root.is_dir():
            raise InputError(f"{self.root} is a file, not a workspace folder.", hint="Name a folder with --workspace.")
        self.events = Table(
            self.root / "tables" / "events", {k: v[0] for k, v in EVENT_COLUMNS.items()}, clock="time_ms"
        )
        self._engine: duckdb.DuckDBPyConnection | None = None

    def folder(self, name: str) -> Path:
        """A sub-folder of the workspace, made when needed."""
        return made(self.root / name)

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor of its own for one piece of work.

        Threads that share one DuckDB connection get each other's rows without any error, so nothing else of the
        engine is ever handed out.
        """
        if self._engine is None:
            self._engine = _engine(self.folder("scratch"))
        cursor = self._engine.cursor()
        try:
            yield cursor
        finally:
            cursor.close()

    @contextmanager
    def workbench(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """An engine of its own for one import or refresh: its tables are seen by its own cursors and by no one else."""
        engine = _engine(self.folder("scratch"))
        try:
            yield engine
        finally:
            engine.close()

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """A snapshot with the view ``events``."""
        with self.cursor() as cursor:
            relation = self.events.relation(self.events.open())
            cursor.execute(f"CREATE OR REPLACE TEMP VIEW events AS SELECT * FROM {relation}")
            yield Snapshot(cursor)

    @contextmanager
    def lock(self, seconds: float = LOCK_SECONDS) -> Iterator[None]:
        """Orders writers, so that they do not do work in vain; safety rests on the commits, not on this."""
        lock = FileLock(self.folder("") / "lock")
        try:
            lock.acquire(timeout=seconds)
        except (Timeout, OSError) as error:
            said = f"Waited {seconds:.0f} seconds." if isinstance(error, Timeout) else str(error)
            raise Failure(
                "Another load is still writing to this workspace, or it cannot be written.", said, "Try again later."
            ) from error
        try:
            yield
        finally:
            lock.release()


def _engine(scratch: Path) -> duckdb.DuckDBPyConnection:
    engine = duckdb.connect(
        ":memory:",
        config={
            "memory_limit": MEMORY,
            "temp_directory": str(scratch),
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        },
    )
    engine.execute("SET GLOBAL TimeZone = 'UTC'")
    engine.execute("SET GLOBAL parquet_metadata_cache = true")  # files never change, and a page asks many times
    return engine
