"""The application's own log of the provider's events: when and what, but never why."""

from pathlib import Path

from samples.clock import utc
from samples.mail_log_files import local, save
from samples.model import Event, Message

EVENT_LOG = (
    "ログ日時",
    "イベント種別",
    "宛先メールアドレス",
    "メッセージID",
    "送信元IPアドレス",
    "ユーザーエージェント",
    "開封済み（Apple Mail Privacy Protection）",
    "URL",
    "配信のID",
    "配信メッセージID",
)
_EVENT_WORDS = {
    "processed": "Processed",
    "dropped": "Dropped",
    "delivered": "Delivered",
    "deferred": "Deferred",
    "bounce": "Bounce",
    "open": "Open",
    "click": "Click",
    "spamreport": "Spam report",
    "unsubscribe": "Unsubscribe",
    "group_unsubscribe": "Group unsubscribe",
}
SPAN = utc("2026-11-02 15:00"), utc("2026-11-13 15:00")


def _event_row(message: Message, event: Event) -> tuple[str, ...]:
    engaged = event.kind in {"open", "click"}
    arguments = message.arguments
    return (
        local(event.time),
        _EVENT_WORDS[event.kind],
        message.recipient,
        message.ids.message_id if message.ids else "",
        event.ip if engaged else "",
        event.agent,
        str(event.machine).lower() if event.kind == "open" else "",
        event.url,
        arguments.get("magazine_id", ""),
        arguments.get("magazine_send_mail_list_id", ""),
    )


def write(folder: Path, messages: list[Message]) -> None:
    """Eleven days of events: no reason, no subject, and nothing about those who came back to a group."""
    begin, end = SPAN
    told = [
        (event.time, _event_row(message, event))
        for message in messages
        for event in message.events
        if begin <= event.time < end and event.kind in _EVENT_WORDS
    ]
    rows = [row for _, row in sorted(told, reverse=True)]
    save(folder / "kuroco_sendgrid_log_2026-11.csv", EVENT_LOG, rows, "cp932")
