import shutil
from pathlib import Path

import pytest
import streamlit

from lasthop.store import Workspace
from tests.pages.opening import Opener


@pytest.fixture(scope="session", autouse=True)
def _tell_everything() -> None:
    """Errors keep their text in the tests; the running app shows none of it."""
    streamlit.config.set_option("client.showErrorDetails", "full")


@pytest.fixture(scope="session")
def samples(samples_workspace: Workspace) -> Path:
    """A workspace with every sample, for tests that only read."""
    return samples_workspace.root


@pytest.fixture
def own_samples(samples: Path, tmp_path: Path) -> Path:
    """A copy of it, for tests that write."""
    return Path(shutil.copytree(samples, tmp_path / "workspace"))


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    return tmp_path / "workspace"


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Opener:
    """Opens a page of a workspace, starting from the main script as a browser does."""
    return Opener(monkeypatch)
