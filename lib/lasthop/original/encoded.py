"""Encoded words (RFC 2047) as they stand in headers, also where the RFC would not have them; nothing raises."""

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass

from lasthop.original.charset import decode_text

LONGEST = 2000
"""RFC 2047 §2 allows 75 characters; real ones are longer, hostile ones without an end."""

_WORD = re.compile(
    rf"=\?([^?\s=]{{1,60}})\?([BbQq])\?([^?\r\n]{{0,{LONGEST}}})\?="  # spaces inside are wrong and common
)
_HEX = re.compile(rb"=([0-9A-Fa-f]{2})")


@dataclass(frozen=True, slots=True)
class Unencoded:
    """A header value with its encoded words as text."""

    text: str
    defects: tuple[str, ...] = ()
    """``invalid_word`` (base64 that is none), and those of `charset.Decoded`."""


def unencoded(value: str) -> Unencoded:
    """A value with its encoded words decoded; white space between two of them goes (RFC 2047 §6.2)."""
    if "=?" not in value:
        return Unencoded(value)
    parts: list[str] = []
    defects: dict[str, None] = {}
    place, held_charset = 0, ""
    held: list[bytes] = []

    def let_go() -> None:
        if held:
            said = decode_text(b"".join(held), held_charset)
            parts.append(said.text)
            defects.update(dict.fromkeys(said.defects))
            held.clear()

    for start, end, charset, raw in _words(value, defects):
        between = value[place:start]
        if not (place and between.isspace()) and between:
            let_go()
            parts.append(between)
        if charset.lower() != held_charset.lower():
            let_go()
        held_charset = charset
        held.append(raw)  # a character may be cut between two words, although RFC 2047 §5 forbids it
        place = end
    let_go()
    parts.append(value[place:])
    return Unencoded("".join(parts), tuple(defects))


def _words(value: str, defects: dict[str, None]) -> Iterator[tuple[int, int, str, bytes]]:
    """Where each word begins and ends, its charset (RFC 2231 §5: the language after * goes) and its bytes."""
    for start, end, charset, form, text in _joined(value):
        raw = _base64(text) if form in "Bb" else _quoted(text)
        if raw is None:
            defects["invalid_word"] = None
            continue
        yield start, end, charset.partition("*")[0], raw


def _joined(value: str) -> Iterator[tuple[int, int, str, str, str]]:
    """The words; where base64 was cut in the middle of its four letters, the next word holds the rest of it."""
    held: tuple[int, int, str, str, str] | None = None
    for found in _WORD.finditer(value):
        charset, form, text = found.groups()
        if held and _cut(held, value[held[1] : found.start()], charset, form):
            held = (held[0], found.end(), charset, form, held[4] + text)
            continue
        if held:
            yield held
        held = (found.start(), found.end(), charset, form, text)
    if held:
        yield held


def _cut(held: tuple[int, int, str, str, str], between: str, charset: str, form: str) -> bool:
    _, _, before, how, text = held
    same = (before.lower(), how.lower()) == (charset.lower(), form.lower()) and how in "Bb"
    return same and (not between or between.isspace()) and len(text) % 4 != 0 and not text.endswith("=")


def _base64(text: str) -> bytes | None:
    body = "".join(text.split()).rstrip("=")
    try:
        return base64.b64decode(body + "=" * (-len(body) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None


def _quoted(text: str) -> bytes:
    raw = text.encode("utf-8", "surrogateescape").replace(b"_", b" ")
    return _HEX.sub(lambda found: bytes((int(found[1], 16),)), raw)
