"""``lasthop demo --live``: the stand-in runs beside the dashboard, which is told of it and of no key of the user's."""

import subprocess
import urllib.request
from pathlib import Path
from typing import Any, ClassVar, Self

import pytest

from lasthop.cli import run
from tests.cli.test_terminal import PROGRAM


class Dashboard:
    """In place of the process of the dashboard: asks the stand-in for the rights of the key that it was given."""

    answers: ClassVar[list[bytes]] = []

    def __init__(self, _command: list[str], env: dict[str, str], **_: Any) -> None:
        self.env = env

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def wait(self) -> int:
        headers = {"Authorization": f"Bearer {self.env['SENDGRID_API_KEY']}"}
        asked = urllib.request.Request(f"{self.env['LASTHOP_SENDGRID_URL']}/v3/scopes", headers=headers)  # noqa: S310
        with urllib.request.urlopen(asked, timeout=30) as answer:  # noqa: S310  (on this machine)
            self.answers.append(answer.read())
        assert self.env["SENDGRID_API_KEY"] != "SG.a-key-of-the-user"
        return 0


def test_the_dashboard_gets_the_stand_in_and_its_key_alone(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SENDGRID_API_KEY", "SG.a-key-of-the-user")
    monkeypatch.setattr(subprocess, "Popen", Dashboard)
    assert run(["demo", "--live"]) == 0
    assert b"suppression.read" in Dashboard.answers[-1]
    assert "a stand-in for SendGrid is running" in capfd.readouterr().err


def test_the_dashboard_ends_with_the_command_that_began_it(tmp_path: Path) -> None:
    command = [*PROGRAM, "serve", "--port", "0", "--workspace", str(tmp_path / "workspace")]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=tmp_path
    ) as process:
        assert process.stdout is not None
        assert any("URL" in line for line in process.stdout)
        process.terminate()
        process.communicate(timeout=60)  # ends when nobody holds the other side any more, the dashboard neither
    assert process.returncode == 0
