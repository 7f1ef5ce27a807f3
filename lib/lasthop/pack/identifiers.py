"""Every id by which a system knows a message, and what SendGrid's own ids say when they are decoded."""

from collections.abc import Iterator

from lasthop.explain import Dossier, iso
from lasthop.trace.identity import decode_event_id, decode_message_id

COLUMNS = ("message", "kind", "value", "tie", "decoded_from")
"""``tie`` how the event that tells the id belongs to the message; ``decoded_from`` is empty for ids as they stand."""

_KINDS = (
    ("request_id", "request_id"),
    ("x_message_id", "x_message_id"),
    ("provider_message_id", "sg_message_id"),
    ("message_id_header", "smtp_id"),
    ("provider_event_id", "sg_event_id"),
)
_STRENGTH = ("own", "exact", "high", "medium", "ambiguous")

Row = tuple[str, str, str, str, str]


def identifier_rows(known: Dossier) -> list[Row]:
    """The rows of `COLUMNS` for one message: one for each id, then what is decoded from it."""
    rows: list[Row] = []
    for kind, value, tie in _ids(known):
        rows.append((known.message.message, kind, value, tie, ""))
        rows += [
            (known.message.message, name, said, tie, value)
            for name, said in (*_from_message_id(kind, value), *_from_event_id(kind, value))
        ]
    return rows


def with_brackets(message_id: str) -> str:
    """A Message-ID in the angle brackets that belong to it (RFC 5322 §3.6.4)."""
    return message_id if message_id.startswith("<") else f"<{message_id.strip('<> ')}>"


def _ids(known: Dossier) -> Iterator[tuple[str, str, str]]:
    """Each id once, with the strongest tie of the events that tell it."""
    for column, kind in _KINDS:
        ties: dict[str, str] = {}
        for event in known.timeline:
            value, tie = event[column], str(event["tie"])
            if value and _STRENGTH.index(tie) < _STRENGTH.index(ties.get(value, _STRENGTH[-1])):
                ties[value] = tie
            elif value:
                ties.setdefault(value, tie)
        for value, tie in sorted(ties.items(), key=lambda item: (_STRENGTH.index(item[1]), item[0])):
            yield kind, with_brackets(value) if kind == "smtp_id" else value, tie


def _from_message_id(kind: str, value: str) -> Iterator[tuple[str, str]]:
    parts = decode_message_id(value) if kind == "sg_message_id" else None
    if parts:
        yield "created_utc", iso(parts.created_ms) or ""
        yield "recipient_index", str(parts.recipient_index)


def _from_event_id(kind: str, value: str) -> Iterator[tuple[str, str]]:
    parts = decode_event_id(value) if kind == "sg_event_id" else None
    if parts:
        yield "event", parts.event
        if parts.attempt is not None:
            yield "attempt", str(parts.attempt)
        yield "sendgrid_user", parts.user_id
        yield "x_message_id", parts.x_message_id
        yield "recipient_index", str(parts.recipient_index)
