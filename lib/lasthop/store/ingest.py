"""One file into the events table: whole or not at all, and nothing twice."""

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from lasthop.errors import InputError, UnreadableFile
from lasthop.model.columns import READ_COLUMNS
from lasthop.read import Member, Reading, ReadResult, read_events
from lasthop.store.sources import (
    Source,
    find_source,
    fingerprint,
    keep_bytes,
    record,
    rejects_path,
    replace_bytes,
    sources,
    transaction,
)
from lasthop.store.table import Conflict, Written, day_label, days_of, gather
from lasthop.store.workspace import Workspace, named_sql

INGEST = "ingest"
"""Application transaction that every commit advances by one: of two writers the later one starts again."""

Progress = Callable[[str], None]


def silent(_: str) -> None:
    """No one is watching."""


def already_loaded(workspace: Workspace, path: Path) -> Source | None:
    """The loaded source with these very bytes, None when there is none. Only equal sizes are hashed."""
    same_size = [s for s in sources(workspace) if s.bytes == path.stat().st_size]
    if not same_size:
        return None
    sha256 = fingerprint(path)
    return next((s for s in same_size if s.sha256 == sha256), None)


def import_member(
    workspace: Workspace, member: Member, reading: Reading, now_ms: int, *, zone_assumed: bool, say: Progress = silent
) -> Source:
    """Read one member and commit its events; the record tells what was added.

    ``now_ms`` is the reader's clock: a later event time is impossible and rejected. Raises UnreadableFile when the
    file cannot be read at all; the workspace is then as it was.
    """
    known = already_loaded(workspace, member.path)
    if known:
        return _again(known, member, reading, zone_assumed)
    with workspace.workbench() as con, ThreadPoolExecutor(1) as copier:
        say("reading")
        copied = copier.submit(keep_bytes, workspace, member.path)
        partial = rejects_path(workspace, f".{uuid.uuid4().hex}")
        try:
            result = read_events(con, member, reading, partial, now_ms)
        except UnreadableFile:
            (workspace.root / "raw" / copied.result()).unlink()
            raise
        finally:
            sha256 = copied.result()
            if partial.exists():
                replace_bytes(rejects_path(workspace, sha256), partial.read_bytes())
                partial.unlink()
        source = _source(con, member, reading, result, sha256, now_ms)
        source = replace(source, zone_assumed=zone_assumed)
        say("storing")
        return _commit(workspace, con, source)


def _again(known: Source, member: Member, reading: Reading, zone_assumed: bool) -> Source:
    """The same bytes once more: nothing to do, unless they are to be read in another way than they were."""
    zone = known.timezone if zone_assumed else reading.timezone
    if (known.format, known.timezone, known.mapping) != (reading.format, zone, dict(reading.mapping)):
        raise InputError(
            f"{member.name} is already loaded, as {known.format} with the clock of {known.timezone}.",
            hint=f"To read it in another way, remove it first: lasthop remove {known.sha256[:12]}",
        )
    return replace(known, file=member.name, added=0, duplicates=known.events)


def _source(
    con: duckdb.DuckDBPyConnection, member: Member, reading: Reading, result: ReadResult, sha256: str, now_ms: int
) -> Source:
    ((count, first, last),) = con.execute("SELECT count(*), min(time_ms), max(time_ms) FROM read_events").fetchall()
    return Source(
        file=member.name,
        sha256=sha256,
        bytes=member.path.stat().st_size,
        container=member.container,
        format=reading.format,
        encoding=reading.encoding,
        delimiter=reading.delimiter,
        timezone=reading.timezone,
        zone_assumed=False,
        header=list(reading.header),
        header_line=reading.header_line,
        mapping=dict(reading.mapping),
        rows=result.rows,
        events=count,
        added=0,
        duplicates=0,
        rejected=result.rejected,
        first=first,
        last=last,
        clock_ms=now_ms,
        notes=list(result.notes),
    )


@dataclass(frozen=True)
class Prepared:
    """Files written for one source and not yet committed."""

    files: list[Written]
    added: int


def prepare(
    workspace: Workspace, con: duckdb.DuckDBPyConnection, source: Source, batch: int, existing: str
) -> Prepared:
    """Write the events of ``read_events`` that ``existing`` (SQL with ``event_id``) does not hold yet."""
    gather(con, "read_events", "time_ms")
    columns = f"{source.format} {' '.join(sorted(set(source.mapping.values())))}"
    keys = named_sql("store", "event_keys").format(columns=f"'{columns}'")
    con.execute(f"CREATE OR REPLACE TABLE keys AS {keys}")
    con.execute(
        "CREATE OR REPLACE TABLE fresh AS SELECT min(r) AS r, event_id, min(time_ms) AS time_ms FROM keys "
        f"WHERE event_id NOT IN (SELECT event_id FROM {existing}) GROUP BY event_id"
    )
    names = ", ".join(READ_COLUMNS)
    rows = (
        f"SELECT event_id, '{source.sha256}' AS source_id, {batch}::BIGINT AS batch, {names} "
        f"FROM (SELECT rowid AS r, {names} FROM read_events WHERE {{which}}) "
        "JOIN (SELECT r, event_id FROM fresh WHERE {which}) USING (r)"
    )
    files = workspace.events.write(con, rows, days_of(con, "fresh", "time_ms"))
    return Prepared(files, sum(f.rows for f in files))


def _commit(workspace: Workspace, con: duckdb.DuckDBPyConnection, source: Source) -> Source:
    while True:
        version = workspace.events.open()
        batch = (version.transaction_version(INGEST) or 0) + 1
        loaded = version.transaction_version(transaction(source.sha256)) or 0
        if loaded % 2:  # another process was first with these bytes, or their record is lost
            return _known(workspace, con, source)
        days = [day_label(day) for day in days_of(con, "read_events", "time_ms")]
        prepared = prepare(workspace, con, source, batch, workspace.events.relation(version, days))
        done = replace(source, added=prepared.added, duplicates=source.events - prepared.added)
        record(workspace, done)
        try:
            workspace.events.commit(
                version, prepared.files, [], {INGEST: batch, transaction(source.sha256): loaded + 1}
            )
        except Conflict:
            workspace.events.discard(prepared.files)
            continue
        return done


def _known(workspace: Workspace, con: duckdb.DuckDBPyConnection, source: Source) -> Source:
    """The record of a source that the table already holds, written again where it is gone."""
    if not (workspace.folder("sources") / f"{source.sha256}.json").exists():
        relation = workspace.events.relation(workspace.events.open())
        query = f"SELECT count(*) FROM {relation} WHERE source_id = ?"
        ((added,),) = con.execute(query, [source.sha256]).fetchall()
        record(workspace, replace(source, added=added, duplicates=source.events - added))
    known = find_source(workspace, source.sha256)
    return replace(known, file=source.file, added=0, duplicates=known.events)
