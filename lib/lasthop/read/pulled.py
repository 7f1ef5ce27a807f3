"""What was pulled from SendGrid's APIs, read as events.

The list of messages tells a status and no event's time: the Email Logs say when a message was created, Email Activity
when something last happened to it. So a status that no event of the details bears out becomes an event with the time
of its message, and ``time_basis`` says ``of_message``. The start, which the lists do not give as an event, is the
creation of the message (*inferred*: in published events the two are the same second).
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lasthop.model.kinds import ACCEPTANCE, BOUNCE_TYPES, BOUNCES, SYNONYMS, Kind
from lasthop.read.formats import FORMATS
from lasthop.read.json_stream import json_objects
from lasthop.read.lines import TEXT_LIMIT, open_text, readable
from lasthop.read.rejects import Record, Rejected
from lasthop.read.webhook import as_json, as_text, sorted_entries

MARK = "pulled"
"""The key by which a line says what it is."""
_CREATED = re.compile(r"\.(?:filter|recvd)[^.]*-([0-9A-Fa-f]{8})-[0-9A-Fa-f]+\.\d+")
"""Inside an sg_message_id: Unix seconds in hexadecimal (found in published ids, documented nowhere)."""
_OF_MESSAGE = "of_message"


@dataclass(frozen=True)
class _Service:
    """How one API names what the reading needs."""

    field_of: Mapping[str, str]
    created: str | None
    """Entry of a row with the creation of the message."""
    latest: str
    """Entry of a row with the only time that its status has."""
    id: str


def _field_of(name: str) -> dict[str, str]:
    return {key: field for field, keys in FORMATS[name].fields.items() for key in keys}


_SERVICES = {
    "sendgrid_logs": _Service(
        _field_of("sendgrid_logs"), "sg_message_id_created_at", "sg_message_id_created_at", "sg_message_id"
    ),
    "sendgrid_messages": _Service(_field_of("sendgrid_messages"), None, "last_event_time", "msg_id"),
}
_ENTRY_FIELDS = _field_of("sendgrid_stop_lists")
_OF_EVENT = {"event", "type", "time", "reply", "status"}
"""Fields that an event has of its own: what the message says under such a name is no event's."""


def read_pulled(path: Path, encoding: str) -> Iterator[Record | Rejected]:
    """Yield the events of a pulled file; ``line`` is that of the message or entry that they came in."""
    with open_text(path, encoding) as file:
        for found in json_objects(file):
            if isinstance(found, Rejected):
                yield found
                continue
            text = readable(found.text[:TEXT_LIMIT])
            try:
                values = list(_values(found.value))
            except RecursionError:
                yield Rejected(found.line, "an object nested too deeply", text)
                continue
            if not values:
                yield Rejected(found.line, "no record of SendGrid's", text)
            for one in values:
                yield Record(found.line, text, one)


def _values(line: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    row, detail = line.get("row"), line.get("detail")
    if line.get(MARK) == "sendgrid_stop_lists":
        entry = {"email": row} if isinstance(row, str) else row
        if isinstance(entry, dict):
            yield {**sorted_entries(entry, {}, _ENTRY_FIELDS), "stop_list": as_text(line.get("list"))}
    elif (service := _SERVICES.get(str(line.get(MARK)))) and (isinstance(row, dict) or isinstance(detail, dict)):
        yield from _message(service, row if isinstance(row, dict) else {}, detail if isinstance(detail, dict) else {})


def _message(service: _Service, row: Mapping[str, Any], detail: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """The events of one message: those of its details, and what only its status tells."""
    listed = detail.get("events")
    about = _about(service, row, detail)
    kinds = set()
    for event in listed if isinstance(listed, list) else []:
        values = _event(service, event, about) if isinstance(event, dict) else {}  # what is no event is rejected
        kinds.add(kind_of(values.get("event", ""), values.get("type", "")))
        yield values
    status = as_text(detail.get("status") or row.get("status")).strip().lower()
    kind = kind_of(status)
    created = as_text(row.get(service.created)) if service.created else ""
    created = created or _created_in(as_text(row.get(service.id) or detail.get(service.id)))
    if created and kind is not Kind.DROPPED and not kinds & {Kind.PROCESSED, Kind.DROPPED}:
        yield {**about, "event": "processed", "time": created, "basis": "inferred"}
    if status and kind is not Kind.PROCESSED and not borne_out(kind, kinds):
        told = {"event": status, "time": as_text(row.get(service.latest)) or created, "basis": _OF_MESSAGE}
        yield {**about, **told, **({"reply": reply} if (reply := as_text(row.get("reason"))) else {})}


def _about(service: _Service, row: Mapping[str, Any], detail: Mapping[str, Any]) -> dict[str, str]:
    """What every event of the message shares; what has no column of its own is in ``extra``."""
    entries = {**row, **detail}
    own = {"events", "status", "reason", "custom_args", service.latest}
    shared = {key: entry for key, entry in entries.items() if key not in own}
    return sorted_entries(shared, _arguments(entries), service.field_of)


def _event(service: _Service, event: Mapping[str, Any], about: Mapping[str, str]) -> dict[str, str]:
    """One event of the details, completed by what the message says."""
    own = {key: entry for key, entry in event.items() if key != "custom_args"}
    if service.field_of.get("bounce_type") and not _is_bounce(as_text(event.get("event_name"))):
        own = {("bounce_type " if key == "bounce_type" else key): entry for key, entry in own.items()}
    values = sorted_entries(own, _arguments(event), service.field_of)
    completed = {**{key: text for key, text in about.items() if key not in _OF_EVENT}, **values}
    if "extra" in values and "extra" in about:
        both = {**json.loads(f"{{{about['extra']}}}"), **json.loads(f"{{{values['extra']}}}")}
        completed["extra"] = as_json(both)[1:-1]
    return completed


def _arguments(entries: Mapping[str, Any]) -> dict[str, Any]:
    """Custom arguments, which the webhook has beside the event's own keys and the Email Logs one level down."""
    arguments = entries.get("custom_args")
    return arguments if isinstance(arguments, dict) else {"custom_args": arguments}


def _created_in(message_id: str) -> str:
    found = _CREATED.search(message_id)
    return str(int(found[1], 16)) if found else ""


def _is_bounce(word: str) -> bool:
    return kind_of(word) in BOUNCES


def kind_of(word: str, kind_of_bounce: str = "") -> Kind:
    """The kind of event that a status or an event's name stands for."""
    kind = SYNONYMS.get(re.sub(r"[\s_-]+", "_", word.strip().lower()), Kind.OTHER)
    return BOUNCE_TYPES.get(kind_of_bounce.strip().lower(), kind) if kind is Kind.BOUNCE_UNTYPED else kind


def borne_out(status: Kind, kinds: Collection[str]) -> bool:
    """Whether the events say what the status says: «delivered» may rest on an open alone, any bounce is a bounce."""
    same: tuple[Kind, ...] = (status,)
    if status in BOUNCES:
        same = BOUNCES
    elif status is Kind.DELIVERED:
        same = ACCEPTANCE
    elif status is Kind.OTHER:  # a word such as not_delivered, which tells less than any event does
        return bool(kinds)
    return any(kind in kinds for kind in same)
