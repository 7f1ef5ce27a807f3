"""kill -9 of a running receiver: what it acknowledged is in the store, once."""

import http.client
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from lasthop.live.importing import import_waiting
from lasthop.live.spool import Spool
from lasthop.store import Workspace
from lasthop.store.sources import sources
from tests.live.posting import KEY, event, posted, shown, signed

LASTHOP = [sys.executable, "-c", "from lasthop.cli import main; main()"]


@contextmanager
def running(workspace: Path, *more: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """`lasthop receive` in a process of its own: the process, and the port that it took."""
    words = [*LASTHOP, "receive", "--port", "0", "--every", "1", "--workspace", str(workspace), *more]
    environment = {**os.environ, "LASTHOP_WEBHOOK_PUBLIC_KEY": shown(KEY), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout
        first = process.stdout.readline()
        assert "signed posts only" in first
        reader = threading.Thread(target=process.stdout.read)  # its importer may go on writing
        reader.start()
        try:
            yield process, int(first.split("127.0.0.1:")[1].split("/")[0])
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()
            reader.join(60)


def post(port: int, body: bytes) -> bool:
    """Whether the post was acknowledged."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        line.request("POST", "/", body, signed(body))
        return line.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()


@pytest.mark.slow
def test_what_was_acknowledged_survives_kills(tmp_path: Path) -> None:
    acknowledged, number = set[str](), 0
    for kill in range(5):
        with running(tmp_path / "workspace") as (process, port):
            posts = 0
            while process.poll() is None:
                batch = [event(number + n) for n in range(10)]
                number += 10
                if post(port, posted(*batch)):
                    acknowledged |= {one["email"] for one in batch}
                    posts += 1
                if posts == 5 + 7 * kill:  # in the middle of the load: another post is on its way
                    threading.Timer(0.003, process.kill).start()
    workspace = Workspace(tmp_path / "workspace")
    spool = Spool(workspace)
    spool.begin()
    import_waiting(workspace, spool, lambda _: None)
    with workspace.snapshot() as snapshot:
        stored = [row["recipient"] for row in snapshot.rows("SELECT recipient FROM events")]
    assert len(stored) == len(set(stored))
    assert acknowledged <= set(stored)
    assert len(acknowledged) >= 900
    assert sum(source.added for source in sources(workspace)) == len(stored)


@pytest.mark.slow
def test_it_imports_while_it_runs_and_stops_when_told(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "workspace")
    with running(workspace.root) as (process, port):
        assert post(port, posted(event(1), event(2)))
        found, patience = [], threading.Event()
        for _ in range(200):
            if found := sources(workspace):
                break
            patience.wait(0.1)
        assert [source.added for source in found] == [2]
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
