"""Event Webhook dumps: JSON in whatever way people keep it.

An array as SendGrid posts it, arrays one after another, one event a line, or wrapped by the program that took it
(``{"received_at": …, "raw_event": {…}}``, one wrapper around a list, JSON text inside JSON).
"""

import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lasthop.read.formats import FORMATS
from lasthop.read.json_stream import json_objects
from lasthop.read.lines import TEXT_LIMIT, open_text, readable
from lasthop.read.rejects import Record, Rejected

_FIELD_OF = {key: name for name, keys in FORMATS["sendgrid_webhook"].fields.items() for key in keys}
_NO_EVENT = "an object without event"


def read_webhook(path: Path, encoding: str) -> Iterator[Record | Rejected]:
    """Yield the events of a dump; ``line`` is where the object begins that an event came in."""
    with open_text(path, encoding) as file:
        for found in json_objects(file):
            if isinstance(found, Rejected):
                yield found
            else:
                text = readable(found.text[:TEXT_LIMIT])
                try:
                    yield from _events(found.value, found.line, text)
                except RecursionError:
                    yield Rejected(found.line, "an object nested too deeply", text)


def is_event(value: object) -> bool:
    """Tell an object that names its event."""
    return isinstance(value, dict) and isinstance(value.get("event"), str)


def _events(value: dict[str, Any], line: int, text: str) -> Iterator[Record | Rejected]:
    if is_event(value):
        yield Record(line, text, sorted_entries(value, {}))
        return
    inner, wrapper = _unwrap(value)
    if not inner:
        yield Rejected(line, _NO_EVENT, text)
    for each in inner:
        shown = readable(as_json(each))[:TEXT_LIMIT]
        yield Record(line, shown, sorted_entries(each, wrapper)) if is_event(each) else Rejected(line, _NO_EVENT, shown)


def _unwrap(value: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    """The events inside a wrapper, and the wrapper's own entries; no events when it is no wrapper."""
    for key, inside in value.items():
        each = _loads(inside) if isinstance(inside, str) and inside.lstrip()[:1] in ("{", "[") else inside
        listed = each if isinstance(each, list) else [each]
        if any(is_event(one) for one in listed):
            return listed, {name: entry for name, entry in value.items() if name != key}
    return [], {}


def _loads(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def sorted_entries(
    event: Mapping[str, Any], wrapper: Mapping[str, Any], field_of: Mapping[str, str] = _FIELD_OF
) -> dict[str, str]:
    """Sort an event's entries into fields and ``extra``, all as text; what is null or empty is left out.

    Where two keys name one field (``reason`` and ``response``) the first that holds something is the field and the
    other an extra entry. Custom arguments are extra entries: SendGrid puts them beside its own keys.
    """
    values: dict[str, str] = {}
    extra: dict[str, str] = {}
    for source in (event, wrapper):
        for key, entry in source.items():
            text = as_text(entry)
            name = field_of.get(key) if source is event else None
            if isinstance(entry, (list, dict)) and name != "category":
                name = None  # an address or id that is a list names nobody; only categories come as lists
            if name == "recipient" and not isinstance(entry, str):
                name = None  # nor does one that is a number or true
            if text and name and name not in values:
                values[name] = text
            elif text:
                extra.setdefault(readable(key), text)
    if extra:
        values["extra"] = as_json(extra)[1:-1]
    return values


def as_text(entry: object) -> str:
    """An entry as text: JSON for what is none, empty for null."""
    if entry is None:
        return ""
    return readable(entry if isinstance(entry, str) else as_json(entry))


def as_json(value: object) -> str:
    """Compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@dataclass
class Glance:
    """What the first objects of a JSON text are."""

    events: int = 0
    others: int = 0
    keys: list[str] = field(default_factory=list)


def glance(text: str) -> Glance:
    """Look at the objects of a sample: whether one holds events, and what the others have as keys."""
    seen = Glance()
    for found in json_objects(io.StringIO(text)):
        if isinstance(found, Rejected):
            continue
        if is_event(found.value) or _unwrap(found.value)[0]:
            seen.events += 1
            break
        seen.others += 1
        seen.keys = seen.keys or list(found.value)[:20]
    return seen
