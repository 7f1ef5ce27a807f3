"""A shop's workspace made from the stories, and a way to run one command and see what it says."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from lasthop.cli import run
from lasthop.load import load_files
from lasthop.store import Workspace

STORIES = Path(__file__).parents[1] / "scenarios"
SHOP = (
    "accepted/kuroco_mail_log.csv",
    "accepted/sendgrid_activity.csv",
    "202_then_dropped_bounced_address/sendgrid_activity.csv",
    "202_then_dropped_bounced_address/suppression_bounces.csv",
    "async_bounce_with_two_candidates/sendgrid_webhook.ndjson",
    "async_bounce_with_two_candidates/sendgrid_webhook_2026-11-04.ndjson",
    "blank_body/kuroco_mail_log.csv",
    "blocked_by_reputation/sendgrid_activity.csv",
)


@dataclass(frozen=True)
class Said:
    """What one command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def jsonl(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


Command = Callable[..., Said]


@pytest.fixture(autouse=True)
def _no_workspace_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("LASTHOP_WORKSPACE", raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def lasthop(capsys: pytest.CaptureFixture[str]) -> Command:
    """Run a command in this process: ``lasthop("load", path, workspace=folder)``."""

    def command(*words: str | Path, workspace: Path | None = None) -> Said:
        capsys.readouterr()
        place = ["--workspace", str(workspace)] if workspace else []
        code = run([*map(str, words), *place])
        return Said(code, *capsys.readouterr())

    return command


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a workspace with eight small files, loaded once; tests only read it."""
    folder = tmp_path_factory.mktemp("shop")
    report = load_files(Workspace(folder / "workspace"), [STORIES / name for name in SHOP], folder)
    assert not report.failed
    return folder / "workspace"
