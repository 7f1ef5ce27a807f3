import io
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from lasthop.pack import build_pack
from lasthop.store import Snapshot, Workspace
from lasthop.trace import look
from tests.pack.exports import ACTIVITY, BOUNCES, MAIL_LOG, REPLY, activity, case_of, load, mail_log, table

FILES = (
    ("activity.csv", table(ACTIVITY, [
        activity(1, "processed", 0),
        activity(1, "bounce", 4, reason=REPLY, type="bounce"),
        activity(2, "processed", 60),
        activity(2, "delivered", 62, reason="250 2.0.0 Ok: queued as 4dQ"),
        activity(3, "processed", 90),
    ]).encode()),
    ("mail_log.csv", table(MAIL_LOG, [mail_log(1, 0), mail_log(2, 59)]).encode("cp932")),
    ("suppression_bounces.csv", table(BOUNCES, [
        ("5.1.1", "550 5.1.1 No such user", "user1@mail.example", "1793620804"),
        ("5.1.1", "550 5.1.1 No such user", "stranger@mail.example", "1793620804"),
    ]).encode()),
)  # fmt: skip


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "workspace")


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A bounce with a reply of two lines, an accepted message, one that is waiting, and one list. Not to be changed."""
    folder = tmp_path_factory.mktemp("loaded")
    workspace = Workspace(folder / "workspace")
    load(workspace, folder / "files", FILES)
    return workspace


@pytest.fixture
def own(loaded: Workspace, tmp_path: Path) -> Workspace:
    """A copy of ``loaded`` that a test may change."""
    return Workspace(shutil.copytree(loaded.root, tmp_path / "own"))


@pytest.fixture
def snapshot(loaded: Workspace) -> Iterator[Snapshot]:
    with look(loaded) as opened:
        yield opened


@pytest.fixture(scope="session")
def content(loaded: Workspace) -> bytes:
    """The pack of all messages of ``loaded``, times shown in Tokyo."""
    with look(loaded) as opened:
        return build_pack(opened, loaded, case_of(opened), "Asia/Tokyo")


@pytest.fixture
def pack(content: bytes) -> zipfile.ZipFile:
    """``content``, opened."""
    return zipfile.ZipFile(io.BytesIO(content))
