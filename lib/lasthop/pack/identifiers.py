"""Every id by which a system knows a message, and what SendGrid's own ids say when they are decoded."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from lasthop.explain import Dossier, iso
from lasthop.explain.receipt import receipt
from lasthop.model.kinds import Kind
from lasthop.pack.ticket import each_of, per_message
from lasthop.trace import Event
from lasthop.trace.identity import decode_event_id, decode_message_id

COLUMNS = ("message", "kind", "value", "tie", "decoded_from")
"""``tie`` how the event that tells the id belongs to the message; ``decoded_from`` is empty for ids as they stand."""

_KINDS = (
    ("request_id", "request_id"),
    ("x_message_id", "x_message_id"),
    ("provider_message_id", "sg_message_id"),
    ("message_id_header", "smtp_id"),
    ("provider_event_id", "sg_event_id"),
    ("template", "template"),
)
_IN_EXTRA = {
    "magazine_id": "magazine_id",
    "配信のID": "magazine_id",
    "magazine_send_mail_list_id": "magazine_send_mail_list_id",
    "配信メッセージID": "magazine_send_mail_list_id",
    "URI": "uri",
    "url": "uri",
}
"""Entries of an event that its source has beside our columns: what of the application sent the mail."""
_NESTED = ("unique_args", "custom_args")
"""Entries that hold such entries, as JSON."""
_STRENGTH = ("own", "exact", "high", "medium", "ambiguous")

Row = tuple[str, str, str, str, str]


def identifier_rows(known: Dossier, ticket: Mapping[str, str]) -> list[Row]:
    """The rows of `COLUMNS` for one message: one for each id, then what is decoded from it.

    Last what the application and the receiver call it: the numbers of its inquiries, what sent it, their queue id.
    """
    message = known.message.message
    rows: list[Row] = []
    for kind, value, tie in _ids(known):
        rows.append((known.message.message, kind, value, tie, ""))
        rows += [
            (known.message.message, name, said, tie, value)
            for name, said in (*_from_message_id(kind, value), *_from_event_id(kind, value))
        ]
    rows += [(message, "inquiry_no", each, "", "") for each in each_of(ticket.get(per_message("number", message), ""))]
    told = dict.fromkeys(each for event in known.timeline for each in (*_of_application(event), *_of_receiver(event)))
    return [*rows, *((message, *each) for each in told)]


def _of_application(event: Event) -> Iterator[tuple[str, str, str, str]]:
    tie = str(event["tie"])
    yield from (("category", each, tie, "") for each in _list(event["category"]))
    extra = _object(event["extra"])
    for entries in (extra, *(_object(extra.get(name)) for name in _NESTED)):
        for name, kind in _IN_EXTRA.items():
            if isinstance(value := entries.get(name), str | int):
                yield kind, str(value), tie, ""


def _of_receiver(event: Event) -> Iterator[tuple[str, str, str, str]]:
    reply = event["reply"] if event["kind"] == Kind.DELIVERED else None
    if queue_id := receipt(reply):
        yield "remote_queue_id", queue_id, str(event["tie"]), str(reply)


def _object(text: object) -> dict[str, Any]:
    """The entries of a JSON object, or none."""
    try:
        found = json.loads(text) if isinstance(text, str) else text
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _list(text: str | None) -> list[str]:
    """The entries of a JSON list of texts, or the text itself."""
    try:
        found = json.loads(text or "[]")
    except ValueError:
        found = None
    return [each for each in found if isinstance(each, str)] if isinstance(found, list) else [text or ""]


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
