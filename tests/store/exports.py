"""Small exports for the tests of the store, written as SendGrid and Kuroco write them."""

from collections.abc import Iterable
from pathlib import Path

from lasthop.load import LoadReport, load_files
from lasthop.store import Workspace

ACTIVITY = ("processed", "message_id", "event", "recv_message_id", "subject", "email", "reason", "attempt", "type")
MAIL_LOG = (
    "ログ日時",
    "ホスト",
    "宛先メールアドレス",
    "HTTPレスポンスコード",
    "レスポンス",
    "件名",
    "アプリケーション・リクエストID",
)


def x_id(number: int) -> str:
    """A made-up X-Message-Id of the right shape."""
    return f"{number:06d}".rjust(22, "x")


def activity_row(number: int, event: str, second: int, reason: str = "", kind: str = "") -> tuple[str, ...]:
    """One row of the activity export: message ``number``, ``second`` seconds after noon of 2026-11-02 UTC."""
    hours, rest = divmod(12 * 3600 + second, 3600)
    day, hour = divmod(hours, 24)
    time = f"2026-11-{2 + day:02d} {hour:02d}:{rest // 60:02d}:{rest % 60:02d}.000"
    identity = f"{x_id(number)}.recvd-5bd4c9fb6-p2x8q-1-6907495B-1.0"
    attempt = "3" if event == "deferred" else ""
    return time, identity, event, x_id(number), f"Order {number}", f"user{number}@mail.example", reason, attempt, kind


def csv_text(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Every cell quoted, as in the real exports."""
    return "".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in (header, *rows))


def write_activity(path: Path, rows: Iterable[Iterable[str]]) -> Path:
    """An activity export."""
    path.write_text(csv_text(ACTIVITY, rows), encoding="utf-8")
    return path


def mail_log_row(number: int, second: int, status: str = "202", answer: str = "202 Accepted") -> tuple[str, ...]:
    """One row of Kuroco's mail log, in Tokyo time: ``second`` seconds after noon of 2026-11-02 UTC."""
    time = f"2026-11-02 {21 + second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"
    return time, "shop.example", f"user{number}@mail.example", status, answer, f"Order {number}", f"req-{number}"


def write_mail_log(path: Path, rows: Iterable[Iterable[str]]) -> Path:
    """A mail log export."""
    path.write_text(csv_text(MAIL_LOG, rows), encoding="utf-8-sig")
    return path


def load(workspace: Workspace, *paths: Path) -> LoadReport:
    """Load with Kuroco's clock in Tokyo; nothing may fail."""
    scratch = workspace.root.parent / "scratch"
    scratch.mkdir(parents=True, exist_ok=True)
    report = load_files(workspace, paths, scratch, timezone="Asia/Tokyo")
    assert not report.failed
    return report
