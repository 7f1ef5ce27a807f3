"""The text of one MIME part: whether its bytes fit its charset, and whether it was broken before it was sent."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lasthop.original.charset import codec_of, decode_text

SHOWN = 16
"""Bytes that are shown of a trouble."""

_HIGH = re.compile(rb"[\x80-\xff]")
_UTF8 = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_TWICE = re.compile(
    "[\u00c2-\u00df][\u0080-\u00bf]|[\u00e0-\u00ef][\u0080-\u00bf]{2}|[\u00f0-\u00f4][\u0080-\u00bf]{3}"
)
_LATIN_HIGH = re.compile("[\u0080-\u00ff]")
_WINDOWS = {
    ord(bytes((byte,)).decode("cp1252")): byte
    for byte in range(0x80, 0xA0)
    if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
"""What Windows-1252 has where Latin-1 has controls -> the byte."""
_SHIFTED = re.compile("[縺繧繝]")
_LATIN = ("iso8859_1", "cp1252", "iso8859_15")
_FEW = 2


@dataclass(frozen=True, slots=True)
class BadBytes:
    """A trouble with the text of a part, and the bytes that show it."""

    code: str
    place: int
    """Where they begin in the decoded part, in bytes."""
    shown: bytes
    seems: str | None = None
    """The charset that the bytes fit, where another one was named."""


def bad_bytes(raw: bytes, charset: str | None) -> Iterator[BadBytes]:
    """Each trouble with the text once, at its first place. ``raw``: the part with its transfer encoding undone."""
    said = decode_text(raw, charset)
    codec = codec_of((charset or "").strip().lower()) if charset else "ascii"
    if said.defects:
        yield _wrong_charset(raw, charset, codec, said.defects[0], said.charset)
    elif codec in _LATIN and len(_UTF8.findall(raw[: 1 << 20])) >= _FEW and _is_utf8(raw):
        yield BadBytes("utf8_as_latin1", *_first(_UTF8, raw), seems="utf_8")
    else:
        yield from _broken_before(said.text)


def _wrong_charset(raw: bytes, charset: str | None, codec: str | None, defect: str, fits: str) -> BadBytes:
    code = defect
    if defect == "invalid_bytes" and codec == "ascii":
        code = "ascii_with_bytes"
    elif defect == "invalid_bytes" and codec is not None and codec.startswith("iso2022_jp"):
        code = "not_iso2022jp"
    if code == "cp932_only":
        place = _first_invalid(raw, codec)
        return BadBytes(code, place, raw[place : place + SHOWN])
    place = _first_invalid(raw, codec) if codec and codec != "ascii" else _first(_HIGH, raw)[0]
    seems = fits if fits not in ("latin_1", codec) and not raw.isascii() else None
    return BadBytes(code, place, raw[place : place + SHOWN], seems)


def _first_invalid(raw: bytes, codec: str | None) -> int:
    try:
        raw.decode(codec or "ascii")
    except UnicodeDecodeError as error:
        return error.start
    except ValueError:
        return 0
    return 0


def _first(pattern: re.Pattern[bytes], raw: bytes) -> tuple[int, bytes]:
    found = pattern.search(raw)
    place = found.start() if found else 0
    return place, raw[place : place + SHOWN]


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _broken_before(text: str) -> Iterator[BadBytes]:
    """What no reader can mend any more: the damage was done before the message was encoded."""
    if text.isascii():
        return
    if (place := text.find("\ufffd")) >= 0:
        yield _in_text("replacement", text, place)
    narrow = text.translate(_WINDOWS)
    twice = [(found.start(), found.end()) for found in _TWICE.finditer(narrow)]
    high = len(_LATIN_HIGH.findall(narrow))
    if len(twice) >= _FEW and sum(end - start for start, end in twice) * 10 >= high * 9:
        yield _in_text("double_encoded", text, twice[0][0])
    shifted = [found.start() for found in _SHIFTED.finditer(text)]
    if len(shifted) > _FEW and len(shifted) * 10 > sum(char > "\u2fff" for char in text):
        yield _in_text("mojibake", text, shifted[0])


def _in_text(code: str, text: str, place: int) -> BadBytes:
    before = len(text[:place].encode("utf-8", "surrogatepass"))
    return BadBytes(code, before, text[place : place + SHOWN].encode("utf-8", "surrogatepass")[:SHOWN])
