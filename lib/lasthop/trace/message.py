"""One message as the rooms above see it."""

from dataclasses import dataclass
from typing import Any

from lasthop.errors import NotFound
from lasthop.model.outcomes import RETRY_WINDOW_H, Outcome
from lasthop.store import Snapshot


@dataclass(frozen=True)
class Message:
    """A row of the messages view. Instants are epoch milliseconds UTC; None means that no source tells."""

    message: str
    recipient: str | None
    domain: str | None
    sender: str | None
    subject: str | None
    template: str | None
    category: str | None
    sent_ms: int
    sent_basis: str
    outcome: Outcome
    open_since_ms: int
    receiver: str | None
    reason: str | None
    reason_event: str | None
    last_reply: str | None
    last_kind: str | None
    attempts: int
    first_ms: int
    last_ms: int
    provider_last_ms: int | None
    events: int
    request_id: str | None
    provider_message_id: str | None
    x_message_id: str | None
    message_id_header: str | None
    link_key: str | None
    link_confidence: str
    links: str | None

    @property
    def gives_up_ms(self) -> int:
        """When the provider stops trying, if nothing is settled before: 72 h after the first deferral."""
        return self.open_since_ms + RETRY_WINDOW_H * 3_600_000


_NAMES = ", ".join(Message.__dataclass_fields__)


def get_message(snapshot: Snapshot, message_id: str) -> Message:
    """The message with our own id; NotFound when there is none."""
    rows = snapshot.rows(f"SELECT {_NAMES} FROM messages WHERE message = ?", [message_id])
    if not rows:
        raise NotFound(
            f"There is no message {message_id!r} in this workspace.",
            hint="It may have been removed with its source, or the link is from another workspace.",
        )
    return from_row(rows[0])


def from_row(row: dict[str, Any]) -> Message:
    """A row of the messages view as a Message."""
    return Message(**{**row, "outcome": Outcome(row["outcome"])})


def messages_of(snapshot: Snapshot, ids: list[str]) -> list[Message]:
    """The messages with these ids that exist, by time sent and id."""
    if not ids:
        return []
    rows = snapshot.rows(
        f"SELECT {_NAMES} FROM messages WHERE message IN (SELECT unnest(?)) ORDER BY sent_ms, message", [ids]
    )
    return [from_row(row) for row in rows]
