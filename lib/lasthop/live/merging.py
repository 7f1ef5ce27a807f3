"""The sources of one day of the webhook become one: thousands of little ones would slow every look at the workspace.

Their bytes are put one after another, so every event leads to the same text as before, some lines further down. One
commit moves the events, ends the little sources and begins the large one. Their bytes are swept a day later, when no
reader can hold them any more.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from lasthop.read.rejects import Rejected, write_rejects
from lasthop.store import Source, Workspace
from lasthop.store.sources import (
    keep_bytes,
    record,
    rejected,
    rejects_path,
    replace_bytes,
    sources,
    transaction,
)
from lasthop.store.table import Conflict, day_label, days_of

CROWD = 30
"""Sources of the day that runs, before they are merged; those of a day that is over are merged at once."""
LARGE = 16 << 20
"""Bytes from which a source stays what it is."""
_NAME = re.compile(r"event_webhook_(\d{4}-\d{2}-\d{2})[\dTZ]*\.json")


def merge_days(workspace: Workspace, now_s: float) -> int:
    """Merge what came over the webhook, day by day (UTC), where there is enough; returns how many sources went in."""
    today = f"{datetime.fromtimestamp(now_s, UTC):%Y-%m-%d}"
    by_day: dict[str, list[Source]] = {}
    for source in sources(workspace):
        named = _NAME.fullmatch(source.file) if source.format == "sendgrid_webhook" else None
        if named and source.bytes < LARGE:
            by_day.setdefault(named[1], []).append(source)
    merged = 0
    for day, some in by_day.items():
        if len(some) >= (CROWD if day >= today else 2) and merge(workspace, some, f"event_webhook_{day}.json"):
            merged += len(some)
    return merged


def merge(workspace: Workspace, parts: Sequence[Source], name: str) -> Source | None:
    """Make one source of some dumps of the webhook; None when others changed them meanwhile.

    Nothing is added, lost or derived anew: ``messages`` do not know of sources.
    """
    with workspace.lock():
        begins = _join(workspace, parts, joined := workspace.folder("scratch") / f"{name}.joined")
        try:
            size, sha256 = joined.stat().st_size, keep_bytes(workspace, joined)
        finally:
            joined.unlink(missing_ok=True)
        whole = _sum(parts, name, sha256, size)
        _merge_rejects(workspace, parts, begins, whole)
        record(workspace, whole)
        return whole if _commit(workspace, parts, begins, whole) else None


def _join(workspace: Workspace, parts: Sequence[Source], target: Path) -> list[int]:
    """Write the bytes of the parts one after another; returns how many lines lie before each."""
    begins, lines = list[int](), 0
    with target.open("wb") as out:
        for part in parts:
            content = (workspace.root / "raw" / part.sha256).read_bytes()
            content += b"" if content.endswith(b"\n") else b"\n"
            begins.append(lines)
            lines += content.count(b"\n")
            out.write(content)
    return begins


def _sum(parts: Sequence[Source], name: str, sha256: str, size: int) -> Source:
    first = [part.first for part in parts if part.first is not None]
    last = [part.last for part in parts if part.last is not None]
    return replace(
        parts[0],
        file=name,
        sha256=sha256,
        bytes=size,
        rows=sum(part.rows for part in parts),
        events=sum(part.events for part in parts),
        added=sum(part.added for part in parts),
        duplicates=sum(part.duplicates for part in parts),
        rejected=sum(part.rejected for part in parts),
        first=min(first, default=None),
        last=max(last, default=None),
        clock_ms=max(part.clock_ms for part in parts),
    )


def _merge_rejects(workspace: Workspace, parts: Sequence[Source], begins: Sequence[int], whole: Source) -> None:
    scratch = workspace.folder("scratch") / f"{whole.sha256}.rejected"
    with scratch.open("w", encoding="utf-8") as out:
        for part, begin in zip(parts, begins, strict=True):
            lines = rejected(workspace, part)
            write_rejects(out, (Rejected(begin + line["line"], line["reason"], line["text"]) for line in lines))
    if whole.rejected:
        replace_bytes(rejects_path(workspace, whole.sha256), scratch.read_bytes())
    scratch.unlink()


def _commit(workspace: Workspace, parts: Sequence[Source], begins: Sequence[int], whole: Source) -> bool:
    """Move the events in one commit; False when a part is gone, or the whole is there already."""
    while True:
        version = workspace.events.open()
        held = {each.sha256: version.transaction_version(transaction(each.sha256)) or 0 for each in (*parts, whole)}
        if held[whole.sha256] % 2 or not all(held[part.sha256] % 2 for part in parts):
            return False
        with workspace.workbench() as con:
            con.execute(f"CREATE VIEW held AS SELECT * FROM {workspace.events.relation(version)}")
            _note_moves(con, parts, begins, whole)
            days = days_of(con, "(SELECT time_ms FROM held WHERE source_id IN (SELECT part FROM moves))", "time_ms")
            files = workspace.events.write(con, _MOVED, days)
        marks = {transaction(sha256): number + 1 for sha256, number in held.items()}
        try:
            workspace.events.commit(version, files, [day_label(day) for day in days], marks)
        except Conflict:
            workspace.events.discard(files)
            continue
        return True


_MOVED = (
    "SELECT held.* REPLACE (coalesce(whole, source_id) AS source_id, source_line + coalesce(begin, 0) AS source_line) "
    "FROM held LEFT JOIN moves ON source_id = part WHERE {which} ORDER BY time_ms"
)


def _note_moves(con: duckdb.DuckDBPyConnection, parts: Sequence[Source], begins: Sequence[int], whole: Source) -> None:
    moves = pa.table(
        {"part": [part.sha256 for part in parts], "whole": [whole.sha256] * len(parts), "begin": list(begins)}
    )
    con.register("given", moves)
    con.execute("CREATE TABLE moves AS SELECT part, whole, begin FROM given")  # its writers have cursors of their own
    con.unregister("given")
