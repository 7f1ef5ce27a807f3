"""One measurement in a process of its own, so that its peak memory is its own: prints one JSON object."""

import json
import os
import resource
import shutil
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb


def floor(csv: Path, folder: Path) -> dict[str, Any]:
    """The floor: DuckDB's plain CREATE TABLE AS over read_csv, into a database file."""
    target = folder / "floor.duckdb"
    target.unlink(missing_ok=True)
    began = time.perf_counter()
    with duckdb.connect(str(target)) as con:
        con.execute(f"CREATE TABLE activity AS SELECT * FROM read_csv('{csv}')")
    return {"seconds": time.perf_counter() - began}


def load(csv: Path, folder: Path) -> dict[str, Any]:
    """What `lasthop load` does: look, parse, de-duplicate, trace, store and sync."""
    from lasthop.load import load_files  # noqa: PLC0415  (its import is not part of the floor's process)
    from lasthop.store import Workspace  # noqa: PLC0415

    shutil.rmtree(folder / "workspace", ignore_errors=True)
    scratch = folder / "scratch"
    scratch.mkdir(exist_ok=True)
    began = time.perf_counter()
    report = load_files(Workspace(folder / "workspace"), [csv], scratch)
    seconds = time.perf_counter() - began
    (source,) = report.sources
    return {"seconds": seconds, "added": source.added, "rejected": source.rejected, "messages": report.messages}


def queries(csv: Path, folder: Path) -> dict[str, Any]:
    """The Overview's queries and look-ups on the loaded workspace, warm, the median of five, in ms."""
    from lasthop.explain import dossier  # noqa: PLC0415
    from lasthop.measure import (  # noqa: PLC0415
        changes,
        delay,
        failing_now,
        failures,
        funnel,
        health,
        outcomes_by,
        rhythm,
        standing,
    )
    from lasthop.measure.local import DAY_MS  # noqa: PLC0415
    from lasthop.store import Workspace  # noqa: PLC0415
    from lasthop.trace import Query, count_by_outcome, find_messages, look, resolve  # noqa: PLC0415

    workspace = Workspace(folder / "workspace")
    with look(workspace) as snapshot:
        some = snapshot.rows("SELECT message, recipient, x_message_id FROM messages ORDER BY message LIMIT 1")[0]
        month = Query(since_ms=int(snapshot.value("SELECT as_of_ms FROM edge")) - 30 * DAY_MS)

    def after_a_filter(snapshot: Any, query: Query) -> list[object]:
        """What the Overview counts again when its filter changes; the data's health is remembered."""
        return [
            outcomes_by(snapshot, "day", query, "Asia/Tokyo"),
            funnel(snapshot, query),
            delay(snapshot, query),
            changes(snapshot, "reason", 7, query),
            changes(snapshot, "domain", 7, query),
            rhythm(snapshot, query, "Asia/Tokyo"),
        ]

    work: dict[str, Callable[[Any], object]] = {
        "the Overview, all its counts of 30 days": lambda snapshot: [
            after_a_filter(snapshot, month),
            failing_now(snapshot, 7, month),
            standing(snapshot, 7, month),
            health(workspace, snapshot),
        ],
        "the Overview after a filter, 30 days": lambda snapshot: after_a_filter(snapshot, month),
        "the Overview after a filter, any time": lambda snapshot: after_a_filter(snapshot, Query()),
        "the Overview after a filter, one domain": lambda snapshot: after_a_filter(
            snapshot, Query(domain=some["recipient"].split("@")[1])
        ),
        "reasons of 30 days": lambda snapshot: failures(snapshot, month, "Asia/Tokyo"),
        "messages by send day and outcome": lambda snapshot: outcomes_by(snapshot, "day", zone="Asia/Tokyo"),
        "what fails now": failing_now,
        "data health": lambda snapshot: health(workspace, snapshot),
        "outcome chips": lambda snapshot: count_by_outcome(snapshot, Query()),
        "search by part of an address": lambda snapshot: find_messages(snapshot, Query(some["recipient"][:9])),
        "look up by address": lambda snapshot: resolve(snapshot, some["recipient"]),
        "look up by X-Message-Id": lambda snapshot: resolve(snapshot, some["x_message_id"]),
        "one message with its timeline": lambda snapshot: dossier(snapshot, some["message"]),
    }
    found = {name: 1000 * _median(workspace, ask) for name, ask in work.items()}
    found["open a snapshot"] = 1000 * _median(workspace, lambda snapshot: snapshot, opening=True)
    return {"milliseconds": found}


def _median(workspace: Any, ask: Callable[[Any], object], *, opening: bool = False) -> float:
    """Seconds, the median of five after one that warms; each on a snapshot of its own, as every run of a page has."""
    from lasthop.trace import look  # noqa: PLC0415

    times = []
    for _ in range(6):
        before = time.perf_counter()
        with look(workspace) as snapshot:
            began = time.perf_counter()
            ask(snapshot)
            times.append(time.perf_counter() - (before if opening else began))
    return sorted(times[1:])[2]


def pack_floor(csv: Path, folder: Path) -> dict[str, Any]:
    """The floor of a pack: the events of its messages by one query, as one CSV in a ZIP."""
    from lasthop.trace import look  # noqa: PLC0415

    ids, workspace = _chosen(folder, *_TWO_HUNDRED)
    began = time.perf_counter()
    with look(workspace) as snapshot, zipfile.ZipFile(folder / "floor.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        events = snapshot.frame(
            "SELECT * FROM events WHERE x_message_id IN (SELECT x_message_id FROM messages "
            "WHERE message IN (SELECT unnest(?)))",
            [list(ids)],
        )
        archive.writestr("events.csv", events.to_csv(index=False))
    return {"seconds": time.perf_counter() - began, "messages": len(ids)}


def pack(csv: Path, folder: Path, order: str, limit: str) -> dict[str, Any]:
    """A pack of ``limit`` messages, with all that opening the workspace takes; see `_ORDERS`."""
    from lasthop.pack import Case, write_pack  # noqa: PLC0415

    ids, workspace = _chosen(folder, order, limit)
    from lasthop.trace import look  # noqa: PLC0415

    steps = 0

    def watch(_: object) -> None:
        nonlocal steps
        steps += 1

    began = time.perf_counter()
    with look(workspace) as snapshot:
        write_pack(snapshot, workspace, Case("bench", messages=ids), "Asia/Tokyo", folder / "bench.zip", watch)
    seconds = time.perf_counter() - began
    return {"seconds": seconds, "messages": len(ids), "steps": steps, "mb": (folder / "bench.zip").stat().st_size / 1e6}


_ORDERS = {
    "mixed": "row_number() OVER (PARTITION BY outcome ORDER BY message), message",
    "suppressed": "outcome <> 'suppressed', message",
    "scattered": "md5(message)",
}
"""Which messages come first: each outcome in turn, all that a stop list stopped, or from everywhere."""
_TWO_HUNDRED = ("mixed", "200")


def _chosen(folder: Path, order: str, limit: str) -> tuple[tuple[str, ...], Any]:
    from lasthop.store import Workspace  # noqa: PLC0415
    from lasthop.trace import look  # noqa: PLC0415

    workspace = Workspace(folder / "workspace")
    with look(workspace) as snapshot:
        rows = snapshot.rows(f"SELECT message FROM messages ORDER BY {_ORDERS[order]} LIMIT {int(limit)}")
    return tuple(row["message"] for row in rows), workspace


if __name__ == "__main__":
    what, csv, folder = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    work: dict[str, Callable[..., dict[str, Any]]] = {
        "floor": floor,
        "load": load,
        "queries": queries,
        "pack_floor": pack_floor,
        "pack": pack,
    }
    answer = work[what](csv, folder, *sys.argv[4:])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({**answer, "peak_mb": round(peak), "cpu_s": round(sum(os.times()[:2]), 2)}))
