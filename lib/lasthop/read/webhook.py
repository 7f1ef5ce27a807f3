"""Event Webhook dumps: JSON in whatever way people keep it.

An array, arrays one after another, one object a line, pretty-printed, or wrapped (``{"received_at": …,
"raw_event": {…}}``, one wrapper around a list). The reader goes from object to object: what stands between them
at the top level (brackets, commas, white space) says nothing. Memory holds one object at a time.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from lasthop.read.formats import FORMATS
from lasthop.read.lines import TEXT_LIMIT, is_marked, open_text, readable
from lasthop.read.rejects import Record, Rejected

OBJECT_LIMIT = 16 << 20
"""Characters of one object; SendGrid posts at most 768 KB at once."""
_CHUNK = 256 * 1024
_BETWEEN = re.compile(r"[\s,\[\]\ufeff]*+")
_NEXT_OBJECT = re.compile(r"\n[\s,\[\]]*+\{|\}[\s,\[\]]*+\{")
_FIELD_OF = {key: name for name, keys in FORMATS["sendgrid_webhook"].fields.items() for key in keys}
_DECODER = json.JSONDecoder()


@dataclass
class _Buffer:
    """A window on the text that knows the line it begins on."""

    file: TextIO
    text: str = ""
    place: int = 0
    line: int = 1
    ended: bool = False

    def more(self, characters: int = _CHUNK) -> None:
        self.text, self.place = self.text[self.place :], 0
        new = self.file.read(max(characters, _CHUNK))
        self.ended = not new
        self.text += new

    def skip_to(self, place: int) -> None:
        self.line += self.text.count("\n", self.place, place)
        self.place = place


def read_webhook(path: Path, encoding: str) -> Iterator[Record | Rejected]:
    """Yield the events of a dump; ``line`` is where the object begins that an event came in."""
    with open_text(path, encoding) as file:
        buffer = _Buffer(file)
        while _find_object(buffer):
            if buffer.text[buffer.place] != "{":
                yield _reject_stray(buffer)
                continue
            line = buffer.line
            value, text, problem = _take_object(buffer)
            shown = readable(text[:TEXT_LIMIT])
            if problem or is_marked(text):
                yield Rejected(line, problem or "bytes that cannot be decoded", shown)
            else:
                yield from _events(value, line, shown)


def _find_object(buffer: _Buffer) -> bool:
    """Move to the next character that is neither space nor bracket nor comma; False at the end."""
    while True:
        between = _BETWEEN.match(buffer.text, buffer.place)
        buffer.skip_to(between.end() if between else buffer.place)
        if buffer.place < len(buffer.text):
            return True
        if buffer.ended:
            return False
        buffer.more()


def _take_object(buffer: _Buffer) -> tuple[Any, str, str | None]:
    """Decode the object at the current place; a broken one gives its text and what is wrong with it."""
    while True:
        try:
            value, end = _DECODER.raw_decode(buffer.text, buffer.place)
        except (ValueError, RecursionError) as error:
            held = len(buffer.text) - buffer.place
            if not buffer.ended and held < OBJECT_LIMIT and _may_be_cut(error, len(buffer.text)):
                buffer.more(held)  # doubling keeps the work linear in the object's size
                continue
            return None, _skip_broken(buffer), _what_is_wrong(error, held)
        text = buffer.text[buffer.place : end]
        buffer.skip_to(end)
        return value, text, None


def _may_be_cut(error: Exception, length: int) -> bool:
    """Tell an object that goes on beyond the window from one that is broken within it."""
    if not isinstance(error, json.JSONDecodeError):
        return False
    return error.msg.startswith(("Unterminated string", "Invalid \\")) or error.pos >= length - 16


def _what_is_wrong(error: Exception, held: int) -> str:
    if held >= OBJECT_LIMIT:
        return "an object larger than 16 MiB"
    if isinstance(error, json.JSONDecodeError):
        return f"not valid JSON ({error.msg})"
    return "not valid JSON (nested too deeply)" if isinstance(error, RecursionError) else "not valid JSON (a number)"


def _skip_broken(buffer: _Buffer) -> str:
    """Go on at the next place that looks like the start of an object; returns what was passed over, shortened."""
    kept = ""
    while True:
        found = _NEXT_OBJECT.search(buffer.text, buffer.place)
        end = found.end() - 1 if found else len(buffer.text)
        kept += buffer.text[buffer.place : min(end, buffer.place + TEXT_LIMIT)]
        if found is None and not buffer.ended:
            end = max(buffer.place, end - 1)  # the closing brace may be the last character seen
        buffer.skip_to(end)
        if found or buffer.ended:
            return kept[:TEXT_LIMIT].rstrip()
        buffer.more()


def _reject_stray(buffer: _Buffer) -> Rejected:
    """Text at the top level that is no object: up to the line's end or the next brace."""
    end = re.compile(r"[^\n{]*+").match(buffer.text, buffer.place)
    stop = max(end.end() if end else 0, buffer.place + 1)
    line, text = buffer.line, buffer.text[buffer.place : min(stop, buffer.place + TEXT_LIMIT)]
    buffer.skip_to(stop)
    return Rejected(line, "not an object", readable(text.rstrip()))


def is_event(value: object) -> bool:
    """Tell an object that names its event."""
    return isinstance(value, dict) and isinstance(value.get("event"), str)


def _events(value: dict[str, Any], line: int, text: str) -> Iterator[Record | Rejected]:
    if is_event(value):
        yield Record(line, text, _values(value, {}))
        return
    inner, wrapper = _unwrap(value)
    if not inner:
        yield Rejected(line, "an object without event", text)
    for each in inner:
        if is_event(each):
            yield Record(line, readable(json.dumps(each, ensure_ascii=False)[:TEXT_LIMIT]), _values(each, wrapper))
        else:
            yield Rejected(line, "an object without event", text)


def _unwrap(value: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    """The events inside a wrapper, and the wrapper's own entries."""
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


def _values(event: Mapping[str, Any], wrapper: Mapping[str, Any]) -> dict[str, str]:
    """Sort an event's entries into fields and ``extra``, all as text; what is null or empty is left out."""
    values: dict[str, str] = {}
    extra: dict[str, str] = {}
    for key, entry in (*event.items(), *wrapper.items()):
        text = _as_text(entry)
        if not text:
            continue
        name = _FIELD_OF.get(key)
        own = name is not None and name not in values and key in event
        if own and name is not None:
            values[name] = text
        else:
            extra.setdefault(readable(key), text)
    if extra:
        values["extra"] = json.dumps(extra, ensure_ascii=False, separators=(",", ":"))[1:-1]
    return values


def _as_text(entry: object) -> str:
    if isinstance(entry, str):
        return readable(entry)
    if entry is None:
        return ""
    return readable(json.dumps(entry, ensure_ascii=False, separators=(",", ":")))


@dataclass
class Glance:
    """What the first objects of a JSON text are."""

    events: int = 0
    others: int = 0
    keys: list[str] = field(default_factory=list)


def glance(text: str) -> Glance:
    """Look at the objects of a sample: how many hold events, and what the others have as keys."""
    import io

    seen, buffer = Glance(), _Buffer(io.StringIO(text))
    while _find_object(buffer) and seen.events == 0 and seen.others < 50:
        if buffer.text[buffer.place] != "{":
            _reject_stray(buffer)
            continue
        value, _, problem = _take_object(buffer)
        if problem:
            continue
        if is_event(value) or _unwrap(value)[0]:
            seen.events += 1
        else:
            seen.others += 1
            seen.keys = seen.keys or list(value)[:20]
    return seen
