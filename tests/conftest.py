"""What every room's tests share."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from streamlit.components.v2 import manifest_scanner

from lasthop.load import load_files
from lasthop.store import Workspace

settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")  # how fast the machine is decides no test; speed is measured in benchmarks/

SAMPLES = Path(__file__).parents[1] / "data" / "samples"


@pytest.fixture(scope="session", autouse=True)
def _look_through_packages_once() -> Iterator[None]:
    """AppTest looks for components in every installed package at each run, two thirds of its time; none comes or goes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture(scope="session")
def samples_workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The samples, loaded once; tests only read it."""
    folder = tmp_path_factory.mktemp("samples")
    workspace = Workspace(folder / "workspace")
    report = load_files(workspace, sorted(SAMPLES.iterdir()), folder, timezone="Asia/Tokyo")
    assert not report.failed
    return workspace
