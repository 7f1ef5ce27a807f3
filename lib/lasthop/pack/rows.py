"""A dossier as rows of the pack's tables. Every instant stands there twice: UTC with Z, and local with its offset."""

from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from lasthop.explain import Dossier, iso
from lasthop.pack.identifiers import with_brackets
from lasthop.pack.ticket import per_message
from lasthop.store import Source
from lasthop.trace import Event

TIMELINE = (
    "message", "utc", "local", "time_basis", "time_raw", "system", "kind", "kind_raw", "attempt", "reply_code",
    "enhanced_code", "reply", "host", "ip", "tie", "file", "line", "source_sha256", "event_id",
)  # fmt: skip
MESSAGES = (
    "message", "recipient", "sender", "subject", "sent_utc", "sent_local", "sent_basis", "outcome", "final",
    "confidence", "cause", "reason", "who", "sentence", "last_reply", "attempts", "first_event_utc",
    "last_event_utc", "request_id", "x_message_id", "sg_message_id", "smtp_id", "template", "category", "link_key",
    "link_confidence", "inquiry_no",
)  # fmt: skip
STOP_LISTS = (
    "recipient", "stop_list", "listed_utc", "listed_local", "reply", "reply_code", "enhanced_code", "ip", "file",
    "line", "source_sha256", "event_id",
)  # fmt: skip

NO_EVENT = "No event of this message is there: nothing can be said of what became of it."
SENT_BASIS = {
    "app": "by the application's log",
    "processed": "when the service processed it",
    "first_event": "by its first event; no record of the sending itself is loaded",
}
"""Who tells when a message was sent, in words."""
Row = tuple[object, ...]
Sources = Mapping[str, Source]


def local(time_ms: int | None, zone: ZoneInfo) -> str | None:
    """Epoch milliseconds as ISO 8601 in ``zone`` with milliseconds and offset; None stays None."""
    if time_ms is None:
        return None
    return datetime.fromtimestamp(time_ms / 1000, UTC).astimezone(zone).isoformat(timespec="milliseconds")


def file_of(event: Event, sources: Sources) -> str:
    """The name of the file that an event was read from."""
    source = sources.get(event["source_id"])
    return source.file if source else "(source removed)"


def timeline_rows(known: Dossier, sources: Sources, zone: ZoneInfo) -> list[Row]:
    """The rows of `TIMELINE` for one message, oldest event first."""
    return [
        (
            known.message.message, iso(event["time_ms"]), local(event["time_ms"], zone), event["time_basis"],
            event["time_raw"], event["vantage"], event["kind"], event["kind_raw"], event["attempt"],
            event["reply_code"], event["enhanced_code"], event["reply"], event["host"], event["ip"], event["tie"],
            file_of(event, sources), event["source_line"], event["source_id"], event["event_id"],
        )
        for event in known.timeline
    ]  # fmt: skip


def message_row(known: Dossier, ticket: Mapping[str, str], zone: ZoneInfo) -> Row:
    """The row of `MESSAGES` for one message; without any event it draws no conclusion."""
    message, said = known.message, known.verdict
    if known.timeline:
        judged: Row = (
            str(message.outcome), said.final, said.confidence, said.cause, said.reason, said.who, said.sentence,
        )  # fmt: skip
    else:
        judged = (None, None, None, None, None, None, NO_EVENT)
    smtp_id = with_brackets(message.message_id_header) if message.message_id_header else None
    return (
        message.message, message.recipient, message.sender or ticket.get(per_message("sender", message.message)),
        message.subject, iso(message.sent_ms), local(message.sent_ms, zone), message.sent_basis, *judged,
        message.last_reply if known.timeline else None,
        message.attempts, iso(message.first_ms), iso(message.last_ms), message.request_id, message.x_message_id,
        message.provider_message_id, smtp_id, message.template, message.category, message.link_key,
        message.link_confidence, ticket.get(per_message("number", message.message)),
    )  # fmt: skip


def stop_list_rows(known: Dossier, sources: Sources, zone: ZoneInfo) -> list[Row]:
    """The rows of `STOP_LISTS` for the recipient of one message, newest entry first."""
    return [
        (
            event["recipient"], event["stop_list"], iso(event["time_ms"]), local(event["time_ms"], zone),
            event["reply"], event["reply_code"], event["enhanced_code"], event["ip"], file_of(event, sources),
            event["source_line"], event["source_id"], event["event_id"],
        )
        for event in known.stop_lists
    ]  # fmt: skip
