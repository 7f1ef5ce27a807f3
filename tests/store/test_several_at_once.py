"""Threads, processes, and a process that is killed."""

import os
import random
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from lasthop.store import Workspace
from lasthop.store.ingest import INGEST
from lasthop.store.sources import sources
from lasthop.store.table import Conflict
from lasthop.trace import look
from tests.store.exports import activity_row, load, write_activity
from tests.store.test_ingest import event_table, message_table

LOADER = """
import sys
from pathlib import Path
from lasthop.load import load_files
from lasthop.store import Workspace
print("ready", flush=True)
sys.stdin.readline()
load_files(Workspace(sys.argv[1]), [Path(name) for name in sys.argv[3:]], Path(sys.argv[2]))
print("done", flush=True)
"""


def loader(workspace: Workspace, scratch: Path, *files: Path) -> subprocess.Popen[str]:
    """A process that has imported everything and waits for a line to begin the load."""
    process = subprocess.Popen(
        [sys.executable, "-c", LOADER, str(workspace.root), str(scratch), *map(str, files)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def begin(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def end(process: subprocess.Popen[str]) -> None:
    process.communicate()
    assert process.returncode in (0, -signal.SIGKILL)


def test_eight_threads_get_their_own_rows(workspace: Workspace, tmp_path: Path) -> None:
    """Cursors of one DuckDB connection that is shared by threads return each other's rows without an error."""
    load(workspace, write_activity(tmp_path / "a.csv", [activity_row(n, "delivered", n) for n in range(400)]))

    def ask(number: int) -> bool:
        with look(workspace) as snapshot:
            rows = snapshot.rows("SELECT subject FROM messages WHERE recipient = ?", [f"user{number}@mail.example"])
        return rows == [{"subject": f"Order {number}"}]

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(ask, range(160)))


def test_two_processes_with_overlapping_files(workspace: Workspace, tmp_path: Path) -> None:
    rows = [activity_row(n, "delivered", n) for n in range(60)]
    files = [write_activity(tmp_path / f"{n}.csv", rows[n * 10 : n * 10 + 20]) for n in range(4)]
    processes = [loader(workspace, tmp_path, *order) for order in (files, files[::-1])]
    for process in processes:
        begin(process)
    for process in processes:
        end(process)

    assert len(event_table(workspace)) == 50
    assert [source.added for source in sources(workspace)] == [20, 10, 10, 10] or sum(
        source.added for source in sources(workspace)
    ) == 50


def test_of_two_writers_with_the_same_starting_point_the_second_must_start_again(
    workspace: Workspace, tmp_path: Path
) -> None:
    load(workspace, write_activity(tmp_path / "a.csv", [activity_row(1, "delivered", 0)]))
    one, other = workspace.events.open(), workspace.events.open()
    batch = (one.transaction_version(INGEST) or 0) + 1

    workspace.events.commit(one, [], [], {INGEST: batch})

    with pytest.raises(Conflict):
        workspace.events.commit(other, [], [], {INGEST: batch})


def test_kill_9_at_any_moment_leaves_all_or_nothing(tmp_path: Path) -> None:
    """Twenty loads killed at random moments; the workspace opens, and loading again gives the same tables."""
    chance = random.Random(20261102)
    path = write_activity(
        tmp_path / "a.csv",
        [activity_row(n, event, n) for n in range(20_000) for event in ("processed", "delivered")],
    )
    whole = Workspace(tmp_path / "whole")
    seconds = load(whole, path).seconds
    wanted = event_table(whole), message_table(whole)
    seen = set()
    workspace = Workspace(tmp_path / "killed")
    for round_ in range(20):
        if round_ % 4 == 0:  # a fresh one now and then; otherwise what the last kill left behind
            workspace = Workspace(tmp_path / f"killed{round_}")
        process = loader(workspace, tmp_path, path)
        begin(process)
        try:
            # Early moments for a fresh workspace, later ones for what it has become.
            process.wait(timeout=chance.uniform(0, seconds * (round_ % 4 + 1) / 4))
        except subprocess.TimeoutExpired:
            os.kill(process.pid, signal.SIGKILL)
        end(process)

        count = len(event_table(workspace))
        seen.add(count)
        assert count in (0, 40_000)
        assert len(sources(workspace)) == count // 40_000
        if round_ % 4 == 3:
            load(workspace, path)
            assert (event_table(workspace), message_table(workspace)) == wanted
    assert 0 in seen, "every load was over before it was killed: the test proves nothing"
