"""Housekeeping after a load: few files a day, and nothing left of loads that were killed."""

import time

from lasthop.store.sources import loaded_version
from lasthop.store.table import KEEP_HOURS, Conflict, Table, day_number
from lasthop.store.workspace import Workspace

SWEEP_EVERY = 25
"""Commits between two sweeps of a table."""


def tidy(workspace: Workspace, *tables: Table) -> None:
    """Compact crowded days and delete what nobody can need any more. Changes no row; may be stopped at any time."""
    for table in tables:
        _compact(workspace, table)
        if table.open().version() % SWEEP_EVERY == 0:
            table.sweep()
            _sweep_kept_bytes(workspace)


def _compact(workspace: Workspace, table: Table) -> None:
    version = table.open()
    days = table.crowded_days(version)
    if not days:
        return
    with workspace.workbench() as con:
        con.execute(f"CREATE VIEW crowded AS SELECT * FROM {table.relation(version, days)}")
        files = table.write(con, "SELECT * FROM crowded WHERE {which}", [day_number(day) for day in days])
        try:
            table.commit(version, files, days, {})
        except Conflict:  # someone changed these days meanwhile: the next load tries again
            table.discard(files)


def _sweep_kept_bytes(workspace: Workspace) -> None:
    """Delete bytes, records and rejected lines of loads that never got to their commit."""
    oldest = time.time() - KEEP_HOURS * 3600
    for name in ("raw", "sources", "rejected", "scratch"):
        for path in workspace.folder(name).iterdir():
            stale = path.is_file() and path.stat().st_mtime < oldest
            if stale and not loaded_version(workspace, path.name.partition(".")[0]) % 2:
                path.unlink(missing_ok=True)
