from collections.abc import Callable
from pathlib import Path

import pytest

from lasthop.load import load_files
from lasthop.store import Workspace

ACTIVITY = ("processed", "event", "email", "subject", "message_id", "recv_message_id", "reason", "type")
MAIL_LOG = (
    "ログ日時",
    "宛先メールアドレス",
    "HTTPレスポンスコード",
    "レスポンス",
    "件名",
    "アプリケーション・リクエストID",
)

Rows = list[tuple[str, ...]]
Loader = Callable[..., None]


def provider(time: str, event: str, number: int | str, to: str, reason: str = "", kind: str = "") -> tuple[str, ...]:
    """A row of the activity export: message ``number`` to ``to``, UTC."""
    x_id = f"{number}".rjust(22, "x")
    return (
        f"{time}.000",
        event,
        to,
        f"Subject {number}",
        f"{x_id}.recvd-5bd4c9fb6-p2x8q-1-6907495B-1.0",
        x_id,
        reason,
        kind,
    )


def app(time: str, number: int | str, to: str, status: str = "202", answer: str = "202 Accepted") -> tuple[str, ...]:
    """A row of Kuroco's mail log, Tokyo time."""
    return time, to, status, answer, f"Subject {number}", f"req-{number}"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "workspace")


@pytest.fixture
def load(workspace: Workspace, tmp_path: Path) -> Loader:
    """Loads rows as the file of that name: ``load(activity=[…], mail_log=[…])``."""

    def load_rows(**files: Rows) -> None:
        for name, rows in files.items():
            header = MAIL_LOG if name.startswith("mail_log") else ACTIVITY
            path = tmp_path / f"{name}.csv"
            lines = [",".join(f'"{cell}"' for cell in row) for row in (header, *rows)]
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
            report = load_files(workspace, [path], workspace.folder("scratch"))
            assert not report.failed

    return load_rows
