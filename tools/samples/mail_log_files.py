"""The sending application's mail log, in three exports of different age and encoding."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from samples.clock import JST, utc
from samples.model import Message

JAPANESE = (
    "ログ日時",
    "ホスト",
    "ログレベル",
    "宛先メールアドレス",
    "HTTPレスポンスコード",
    "レスポンス",
    "件名",
    "URI",
    "送信元IPアドレス",
    "メンバーID",
    "アプリケーション・リクエストID",
    "ユーザーエージェント",
)
ENGLISH = (
    "Timestamp",
    "Host",
    "Log level",
    "Recipient",
    "HTTP response status code",
    "Response",
    "Subject",
    "URI",
    "Client IP address",
    "Member ID",
    "Application request ID",
    "User agent",
)
OLD = (
    "Timestamp",
    "Host",
    "Log level",
    "message1",
    "message2",
    "message3",
    "message4",
    "message5",
    "URI",
    "Client IP address",
    "Member ID",
    "Application request ID",
    "User agent",
)
_HOST = "aozora-store.example"
OLD_SCREEN = utc("2026-10-20 03:00"), utc("2026-10-20 08:00")
OCTOBER_ENDS, NOVEMBER_BEGINS = utc("2026-11-02 15:00"), utc("2026-10-30 15:00")
Row = Sequence[str]


def local(moment: datetime) -> str:
    """Tokyo time to the second, without a word about the zone."""
    return moment.astimezone(JST).strftime("%Y-%m-%d %H:%M:%S")


def for_excel(value: str) -> str:
    """The option for Excel: a tab behind a value of digits alone, to keep its leading zeros."""
    return f"{value}\t" if value.isdigit() else value


def save(path: Path, header: Row, rows: Iterable[Row], encoding: str) -> None:
    """Write one export as the application's download button would."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([for_excel(value) for value in row] for row in rows)
    path.write_bytes(text.getvalue().encode(encoding))


def _mail_row(message: Message) -> tuple[str, ...]:
    answer = message.answer
    if answer is None:
        raise ValueError(f"{message.story}: the application has no row of this message")
    level = "warn" if answer.refused else "info"
    return (
        local(message.sent),
        _HOST,
        level,
        message.written_as,
        str(answer.code),
        answer.text,
        message.subject,
        message.occasion.uri,
        message.client_ip,
        message.member,
        message.request_id,
        message.agent,
    )


def _old_row(message: Message) -> tuple[str, ...]:
    row = _mail_row(message)
    return (*row[:7], "", *row[7:])


def write(folder: Path, messages: list[Message]) -> None:
    """Two monthly exports that share three days, and five hours that only the old screen still showed."""
    logged = sorted((m for m in messages if m.answer), key=lambda m: (m.sent, m.recipient), reverse=True)
    old = [m for m in logged if OLD_SCREEN[0] <= m.sent < OLD_SCREEN[1]]
    current = [m for m in logged if not OLD_SCREEN[0] <= m.sent < OLD_SCREEN[1]]
    october = [_mail_row(m) for m in current if m.sent < OCTOBER_ENDS]
    november = [_mail_row(m) for m in current if m.sent >= NOVEMBER_BEGINS]
    save(folder / "kuroco_mail_log_2026-10.csv", JAPANESE, october, "utf-8-sig")
    save(folder / "kuroco_mail_log_2026-11.csv", ENGLISH, november, "cp932")
    save(folder / "kuroco_mail_log_old.csv", OLD, map(_old_row, old), "utf-8")
