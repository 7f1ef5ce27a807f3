"""Small exports for the tests of the pack, as bytes that the tests can point at."""

import base64
import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from lasthop.load import load_files
from lasthop.pack import Case
from lasthop.store import Snapshot, Workspace

ACTIVITY = (
    "processed", "message_id", "event", "recv_message_id", "subject", "from", "email", "reason", "mx", "attempt", "type",
)  # fmt: skip
MAIL_LOG = (
    "ログ日時", "ホスト", "宛先メールアドレス", "HTTPレスポンスコード", "レスポンス", "件名", "アプリケーション・リクエストID",
)  # fmt: skip
BOUNCES = ("status", "reason", "email", "created")
REPLY = "550 5.1.1 No such user\nsee https://mx.example/help, thank you"
"""A reply that takes two lines of the file."""


def x_id(number: int) -> str:
    """A made-up X-Message-Id of the right shape."""
    return f"{number:06d}".rjust(22, "x")


def activity(number: int, event: str, second: int, **cells: str) -> tuple[str, ...]:
    """A row of the activity export: message ``number``, ``second`` seconds after noon of 2026-11-02 UTC."""
    known = {
        "processed": f"2026-11-02 12:{second // 60:02d}:{second % 60:02d}.000",
        "message_id": f"{x_id(number)}.recvd-5bd4c9fb6-p2x8q-1-6907495B-1.0",
        "event": event,
        "recv_message_id": x_id(number),
        "subject": f"Order {number}",
        "from": "Shop <no-reply@shop.example>",
        "email": f"user{number}@mail.example",
        "mx": "mx.mail.example",
    }
    return tuple((known | cells).get(name, "") for name in ACTIVITY)


def mail_log(number: int, second: int, subject: str = "") -> tuple[str, ...]:
    """A row of Kuroco's mail log, in Tokyo time."""
    time = f"2026-11-02 21:{second // 60:02d}:{second % 60:02d}"
    request = f"req-{number}"
    return (
        time,
        "shop.example",
        f"user{number}@mail.example",
        "202",
        "202 Accepted",
        subject or f"Order {number}",
        request,
    )


def table(header: Sequence[str], rows: Iterable[Sequence[str]], line_end: str = "\r\n") -> str:
    """Every cell quoted, as in the real exports."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator=line_end)
    writer.writerows([header, *rows])
    return text.getvalue()


def event_id(event: str, attempt: int | None, number: int) -> str:
    """An sg_event_id of a delivery event, as SendGrid makes them."""
    middle = "" if attempt is None else f"{attempt}-"
    return base64.urlsafe_b64encode(f"{event}-{middle}4711-{x_id(number)}-0".encode()).decode().rstrip("=")


def webhook(number: int, event: str, second: int, **entries: object) -> dict[str, object]:
    """An event as SendGrid posts it."""
    return {
        "email": f"user{number}@mail.example",
        "event": event,
        "timestamp": 1793620800 + second,  # 2026-11-02 12:00:00 UTC
        "sg_message_id": f"{x_id(number)}.recvd-5bd4c9fb6-p2x8q-1-6907495B-1.0",
        "sg_event_id": event_id(event, None, number),
        **entries,
    }


def load(workspace: Workspace, folder: Path, files: Iterable[tuple[str, bytes]]) -> None:
    """Write the files into ``folder`` and load them one after another."""
    folder.mkdir(exist_ok=True)
    scratch = folder / "scratch"
    scratch.mkdir(exist_ok=True)
    for name, content in files:
        (folder / name).write_bytes(content)
        report = load_files(workspace, [folder / name], scratch)
        assert not report.failed, report.failed


def every_message(snapshot: Snapshot) -> tuple[str, ...]:
    """The ids of all messages, by time."""
    return tuple(row["message"] for row in snapshot.rows("SELECT message FROM messages ORDER BY sent_ms, message"))


def case_of(snapshot: Snapshot) -> Case:
    """A case with every message of the workspace."""
    return Case("case-001", messages=every_message(snapshot))
