"""Objects out of a JSON text of any length and layout, one at a time and with their lines.

The reader goes from object to object: what stands between them at the top level (brackets, commas, white space)
says nothing, so an array, arrays one after another and one object a line are read alike. A broken object costs
itself only. Memory holds one object.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TextIO

from lasthop.read.lines import TEXT_LIMIT, is_marked, readable
from lasthop.read.rejects import Rejected

OBJECT_LIMIT = 16 << 20
"""Characters of one object; SendGrid posts at most 768 KB at once."""
_CHUNK = 256 * 1024
_BETWEEN = re.compile(r"[\s,\[\]\ufeff]*+")
_NEXT_OBJECT = re.compile(r"[\n}][\s,\[\]]*+\{")
_PERHAPS_NEXT = re.compile(r"[\n}][\s,\[\]]*+\Z")
_STRAY = re.compile(r"[^\n{]*+")
_DECODER = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class Found:
    """One object: the line that it begins on, its text and what it holds."""

    line: int
    text: str
    value: dict[str, Any]


def json_objects(file: TextIO) -> Iterator[Found | Rejected]:
    """Yield every object at the top level of ``file`` or in an array there; what is no object is rejected."""
    window = _Window(file)
    while _find_object(window):
        if window.text[window.place] != "{":
            yield _reject_stray(window)
            continue
        line = window.line
        value, text, problem = _take_object(window)
        if problem or is_marked(text):
            yield Rejected(line, problem or "bytes that cannot be decoded", readable(text[:TEXT_LIMIT]))
        else:
            yield Found(line, text, value)


@dataclass
class _Window:
    """The part of the text that is held, and the line that its current place is on."""

    file: TextIO
    text: str = ""
    place: int = 0
    line: int = 1
    ended: bool = False

    def more(self, characters: int = _CHUNK) -> None:
        """Let go of what was passed and read on."""
        new = self.file.read(max(characters, _CHUNK))
        self.text, self.place, self.ended = self.text[self.place :] + new, 0, not new

    def skip_to(self, place: int) -> None:
        self.line += self.text.count("\n", self.place, place)
        self.place = place


def _find_object(window: _Window) -> bool:
    """Move to the next character that is neither space nor bracket nor comma; False at the end."""
    while True:
        between = _BETWEEN.match(window.text, window.place)
        window.skip_to(between.end() if between else window.place)
        if window.place < len(window.text):
            return True
        if window.ended:
            return False
        window.more()


def _take_object(window: _Window) -> tuple[dict[str, Any], str, str | None]:
    """Decode the object at the current place; a broken one gives its text and what is wrong with it."""
    while True:
        try:
            value, end = _DECODER.raw_decode(window.text, window.place)
        except (ValueError, RecursionError) as error:
            held = len(window.text) - window.place
            if not window.ended and held < OBJECT_LIMIT and _may_be_cut(error, len(window.text)):
                window.more(held)  # doubling keeps the work linear in the object's size
                continue
            return {}, _skip_broken(window), _what_is_wrong(error, held)
        text = window.text[window.place : end]
        window.skip_to(end)
        return value, text, None


def _may_be_cut(error: Exception, length: int) -> bool:
    """Tell an object that goes on beyond the window from one that is broken within it."""
    if not isinstance(error, json.JSONDecodeError):
        return False
    return error.msg.startswith("Unterminated string") or error.pos >= length - 16


def _what_is_wrong(error: Exception, held: int) -> str:
    if held >= OBJECT_LIMIT:
        return "an object larger than 16 MiB"
    if isinstance(error, json.JSONDecodeError):
        return f"not valid JSON ({error.msg})"
    return "not valid JSON (nested too deeply)" if isinstance(error, RecursionError) else "not valid JSON (a number)"


def _skip_broken(window: _Window) -> str:
    """Go on at the next place that looks like the start of an object; returns what was passed over, shortened."""
    kept = ""
    while True:
        found = _NEXT_OBJECT.search(window.text, window.place)
        if found:
            end = found.end() - 1
        else:  # the brace that opens the next object may come with the next part
            perhaps = None if window.ended else _PERHAPS_NEXT.search(window.text, window.place)
            end = perhaps.start() if perhaps else len(window.text)
        kept += window.text[window.place : min(end, window.place + TEXT_LIMIT - len(kept))]
        window.skip_to(end)
        if found or window.ended:
            return kept.rstrip()
        window.more()


def _reject_stray(window: _Window) -> Rejected:
    """Text at the top level that is no object: up to the line's end or the next brace."""
    stray = _STRAY.match(window.text, window.place)
    stop = max(stray.end() if stray else 0, window.place + 1)
    line, text = window.line, window.text[window.place : min(stop, window.place + TEXT_LIMIT)]
    window.skip_to(stop)
    return Rejected(line, "not an object", readable(text.rstrip()))
