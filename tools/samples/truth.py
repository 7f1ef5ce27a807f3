"""What a perfect reader of the samples would say, worked out from the events and not from the stories."""

import csv
from datetime import datetime, timedelta
from pathlib import Path

from samples.clock import END
from samples.model import Message, Orphan

COLUMNS = ("recipient", "x_message_id", "request_id", "subject", "sent_utc", "outcome", "story", "link")
STILL_WAITING = timedelta(hours=96)
ASYNC_REACH = timedelta(days=5)
_ACCEPTING = {"delivered", "open", "click"}
_BOUNCES = {"bounce": "bounced", "blocked": "blocked", "expired": "expired"}


def outcome(message: Message, bounced_later: bool = False) -> str:
    """Where the message stands at the newest event; what counts most is asked first."""
    kinds = {event.kind for event in message.events}
    types = [event.type for event in message.events if event.kind == "bounce"]
    if "spamreport" in kinds:
        return "complained"
    if kinds & _ACCEPTING:
        return "accepted_then_bounced" if types or bounced_later else "accepted"
    for kind, word in _BOUNCES.items():
        if kind in types:
            return word
    if "dropped" in kinds:
        return "suppressed"
    return _unfinished(message)


def _unfinished(message: Message) -> str:
    if not message.events:
        return "not_handed_over" if message.answer and message.answer.refused else "unknown"
    deferrals = [event.time for event in message.events if event.kind == "deferred"]
    since = min(deferrals or [event.time for event in message.events])
    return "waiting" if END - since < STILL_WAITING else "unknown"


def bounced_without_id(messages: list[Message], orphan: Orphan) -> Message | None:
    """The message such a bounce must mean: the only one this address accepted in the five days before."""
    begin = orphan.event.time - ASYNC_REACH
    candidates = [
        message
        for message in messages
        if message.recipient == orphan.recipient
        and any(e.kind == "delivered" and begin <= e.time < orphan.event.time for e in message.events)
    ]
    return candidates[0] if len(candidates) == 1 else None


def sent(message: Message) -> datetime:
    """The row of the application's log dates a message; without one, the provider's first event."""
    moment = message.sent if message.answer or not message.events else message.events[0].time
    return moment.replace(microsecond=0)


def write(path: Path, messages: list[Message], orphans: list[Orphan], hostile: list[Message]) -> None:
    """One row per recipient's copy, oldest first."""
    late = [bounced_without_id(messages, orphan) for orphan in orphans]
    everybody = sorted(messages + hostile, key=lambda m: (sent(m), m.recipient, m.ids.message_id if m.ids else ""))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerow(COLUMNS)
        for message in everybody:
            writer.writerow(_row(message, any(message is other for other in late)))


def _row(message: Message, bounced_later: bool) -> tuple[str, ...]:
    x_message_id = message.ids.x_message_id if message.ids else ""
    when = sent(message).strftime("%Y-%m-%dT%H:%M:%SZ")
    fate = outcome(message, bounced_later)
    return (
        message.recipient,
        x_message_id,
        message.request_id,
        message.subject,
        when,
        fate,
        message.story,
        message.link,
    )
