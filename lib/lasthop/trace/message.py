"""One message as the rooms above see it."""

from collections.abc import Iterator, Sequence
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


BATCH = 500
"""So many messages are read at once with their events: few enough to hold, enough to make one look worth its cost."""
ASKED = 10_000
"""So many are looked for in all messages at once: each look goes through the whole table."""


def get_message(snapshot: Snapshot, message_id: str) -> Message:
    """The message with our own id; NotFound when there is none."""
    ((message,),) = batches_of(snapshot, [message_id])
    return message


def from_row(row: dict[str, Any]) -> Message:
    """A row of the messages view as a Message."""
    return Message(**{**row, "outcome": Outcome(row["outcome"])})


def messages_of(snapshot: Snapshot, ids: Sequence[str]) -> list[Message]:
    """The messages with these ids that exist, by time sent and id."""
    if not ids:
        return []
    return [from_row(row) for row in snapshot.rows(_CHOSEN.format(_NAMES) + " ORDER BY sent_ms, message", [list(ids)])]


def ids_of(snapshot: Snapshot, ids: Sequence[str]) -> list[str]:
    """Those of the ids that a message has, by time sent and id: for cases too large to hold their messages."""
    if not ids:
        return []
    rows = [row for some in parts_of(ids) for row in snapshot.rows(_CHOSEN.format("sent_ms, message"), [some])]
    return [message for _, message in sorted({(row["sent_ms"], row["message"]) for row in rows})]


def parts_of(ids: Sequence[str]) -> Iterator[list[str]]:
    """The ids, ``ASKED`` at a time: a query holds what it is given several times over."""
    return (list(ids[start : start + ASKED]) for start in range(0, len(ids), ASKED))


def batches_of(snapshot: Snapshot, ids: Sequence[str]) -> Iterator[list[Message]]:
    """The messages with these ids in the order given, ``BATCH`` at a time. Raises NotFound for one that is not there.

    Until the last batch is taken nobody else may ask for batches of this snapshot.
    """
    for part in parts_of(ids):
        table = "messages"
        if len(part) > BATCH:  # the whole table is looked through once, not once a batch
            snapshot.cursor.execute(f"CREATE OR REPLACE TEMP TABLE asked AS {_CHOSEN.format(_NAMES)}", [part])
            table = "asked"
        for start in range(0, len(part), BATCH):
            yield _batch(snapshot, table, part[start : start + BATCH])


def _batch(snapshot: Snapshot, table: str, ids: list[str]) -> list[Message]:
    rows = snapshot.rows(f"SELECT {_NAMES} FROM {table} WHERE message IN (SELECT unnest(?))", [ids])
    found = {row["message"]: from_row(row) for row in rows}
    for each in ids:
        if each not in found:
            raise _absent(each)
    return [found[each] for each in ids]


_CHOSEN = "SELECT {} FROM messages WHERE message IN (SELECT unnest(?))"


def _absent(message_id: str) -> NotFound:
    return NotFound(
        f"There is no message {message_id!r} in this workspace.",
        hint="It may have been removed with its source, or the link is from another workspace.",
    )
