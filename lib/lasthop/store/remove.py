"""Take a source out again, and nothing that another source also says."""

from dataclasses import replace

from lasthop.read import read_events
from lasthop.store.ingest import INGEST, prepare
from lasthop.store.sources import (
    Source,
    find_source,
    kept_member,
    record,
    rejects_path,
    sources,
    transaction,
)
from lasthop.store.table import Conflict, Written, day_label, days_of, parquet
from lasthop.store.workspace import Workspace

REMOVALS = "removals"
"""Application transaction that counts removals: what was derived from the events must be derived again."""


def _held(workspace: Workspace, files: list[Written]) -> str:
    """SQL for the event ids that stay: those of other sources, and those just written."""
    kept = "SELECT event_id FROM kept"
    if not files:
        return f"({kept})"
    return f"({kept} UNION ALL SELECT event_id FROM {parquet([workspace.events.path / f.path for f in files])})"


def remove_source(workspace: Workspace, sha256: str) -> Source:
    """Remove a source and its kept bytes.

    An event that overlapping sources share stands under the one that was loaded first; when that one goes, the others
    are read again so that the event stays, in the same commit.
    """
    gone = find_source(workspace, sha256)
    with workspace.lock():
        while not _try(workspace, gone):
            pass
    for path in (
        workspace.root / "raw" / gone.sha256,
        workspace.folder("sources") / f"{gone.sha256}.json",
        rejects_path(workspace, gone.sha256),
    ):
        path.unlink(missing_ok=True)
    return gone


def _meets(one: Source, other: Source) -> bool:
    if one.first is None or one.last is None or other.first is None or other.last is None:
        return True
    return one.first <= other.last and other.first <= one.last


def _try(workspace: Workspace, gone: Source) -> bool:
    """One attempt; False when another process committed meanwhile."""
    version = workspace.events.open()
    overlapping = [s for s in sources(workspace) if s.sha256 != gone.sha256 and s.duplicates and _meets(s, gone)]
    batch = (version.transaction_version(INGEST) or 0) + 1
    held = version.transaction_version(transaction(gone.sha256)) or 0
    with workspace.workbench() as con:
        con.execute(f"CREATE VIEW events AS SELECT * FROM {workspace.events.relation(version)}")
        con.execute(f"CREATE VIEW kept AS SELECT * FROM events WHERE source_id <> '{gone.sha256}'")
        mine = days_of(con, f"(SELECT time_ms FROM events WHERE source_id = '{gone.sha256}')", "time_ms")
        days = [day_label(day) for day in mine]
        files: list[Written] = workspace.events.write(con, "SELECT * FROM kept WHERE {which}", mine)
        regained = []
        for source in overlapping:
            aside = rejects_path(workspace, ".again")
            read_events(con, kept_member(workspace, source), source.reading(), aside, source.clock_ms)
            prepared = prepare(workspace, con, source, batch, _held(workspace, files))
            files += prepared.files
            regained.append(
                replace(
                    source,
                    added=source.added + prepared.added,
                    duplicates=source.duplicates - prepared.added,
                )
            )
        rejects_path(workspace, ".again").unlink(missing_ok=True)
        removals = (version.transaction_version(REMOVALS) or 0) + 1
        marks = {INGEST: batch, transaction(gone.sha256): held + 1, REMOVALS: removals}
        try:
            workspace.events.commit(version, files, days, marks)
        except Conflict:
            workspace.events.discard(files)
            return False
        for source in regained:
            record(workspace, source)
    return True
