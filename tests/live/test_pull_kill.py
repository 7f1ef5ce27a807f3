"""kill -9 of `lasthop pull sendgrid` at any moment: the next pull goes on, and nothing is lost or doubled."""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from lasthop.standin import Account, demo_account, now_and_then, running, stand_in
from lasthop.store import Workspace
from tests.live.pulling import in_store, in_table

LASTHOP = [sys.executable, "-c", "from lasthop.cli import main; main()"]


def pull(workspace: Path, address: str, account: Account) -> subprocess.Popen[str]:
    environment = {**os.environ, "LASTHOP_SENDGRID_URL": address, "SENDGRID_API_KEY": account.key}
    words = [*LASTHOP, "pull", "sendgrid", "--details", "all", "--json", "--workspace", str(workspace)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)


@pytest.mark.slow
def test_a_killed_pull_goes_on_where_it_was(tmp_path: Path) -> None:
    held, workspace = demo_account(count=150, days=3), tmp_path / "workspace"
    trouble = now_and_then(0.04)
    # Those that are waited out for long are left to the schedules, where waiting takes no time.
    held.trouble = lambda number, path: None if (found := trouble(number, path)) in ("silence", "429") else found
    with running(stand_in(held)) as address:
        for kill in range(4):  # by what it has asked for: in the windows, in the details, in the stop lists
            asked = len(held.requests) + 3 + 40 * kill
            with pull(workspace, address, held) as process:
                patience = threading.Event()
                while len(held.requests) < asked and process.poll() is None:
                    patience.wait(0.01)
                process.kill()
        held.trouble = lambda *_: None
        with pull(workspace, address, held) as process:
            said, errors = process.communicate(timeout=300)
    assert process.returncode == 0, errors
    assert json.loads(said)["pull"]["stopped"] is False
    table = in_table(Workspace(workspace), "provider_message_id IS NOT NULL AND time_basis = 'explicit'")
    assert len(table) == len(set(table))
    assert set(in_store(held)) == set(table)
    assert held.key not in said + errors
    assert held.key.encode() not in b"".join(path.read_bytes() for path in workspace.rglob("*") if path.is_file())
