"""Encoded words (RFC 2047) and base64 (RFC 4648) in a text."""

import binascii
import re
from collections.abc import Callable
from email.header import decode_header, make_header
from functools import lru_cache

_WORDS = re.compile(
    r"=\?[^?\s]{1,60}\?[bq]\?[^?\r\n]{0,2000}\?=(?:\s{1,200}=\?[^?\s]{1,60}\?[bq]\?[^?\r\n]{0,2000}\?=)*", re.IGNORECASE
)
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{60,76}\r?\n[ \t]?)*[A-Za-z0-9+/_-]{6,}={0,2}")
"""With the lines of 76 characters that mail has (RFC 2045, 6.8)."""
_LANGUAGE = re.compile(r"[A-Z]?[a-z/_-]+|[A-Z/_-]+|(?:d-)?[0-9a-f/_-]+")
"""Words of a language, and hexadecimal ids, which are no base64 of a text."""
_WRITTEN = re.compile(rb"[^\s@<>(),:;]@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,8}\.[A-Za-z]{2}")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")
_SHORT = 100
_PLUS = bytes.maketrans(b"-_", b"+/")


def without_words(text: str, masked: Callable[[str], str | None] = lambda said: said) -> str:
    """``text`` with its encoded words as ``masked`` makes of what they say, None: they stay encoded.

    Words that cannot be decoded become ``(masked)``: nobody knows what they say.
    """
    return _WORDS.sub(lambda found: _said(found[0], masked), text) if "=?" in text else text


def _said(coded: str, masked: Callable[[str], str | None]) -> str:
    try:
        plain = str(make_header(decode_header(coded)))
    except (LookupError, ValueError):  # UnicodeError and HeaderParseError are ValueErrors
        return "(masked)"
    said = masked(plain)
    return coded if said is None else said


def has_base64(text: str) -> bool:
    """Whether ``text`` has a piece that can be base64: no word of a language, no number."""
    return not all(map(_LANGUAGE.fullmatch, _BASE64.findall(text)))


def in_base64(text: str, named: Callable[[bytes], bool], hide: Callable[[str], str]) -> str:
    """``text`` with those pieces of base64 hidden whose bytes, in lower case, ``named`` says name someone."""
    return _BASE64.sub(lambda found: hide(found[0]) if _names(found[0], named) else found[0], text)


def is_written_address(plain: bytes) -> bool:
    """Whether bytes are text with an address in it, in UTF-8 or UTF-16: an id decodes to bytes that are no text."""
    text = plain.replace(b"\0", b"").lstrip(b"\xff\xfe")
    if _WRITTEN.search(text) is None or _CONTROL.search(text):
        return False
    try:
        return bool(text.decode())
    except UnicodeDecodeError:
        return False


def _names(piece: str, named: Callable[[bytes], bool]) -> bool:
    if _LANGUAGE.fullmatch(piece):
        return False
    return any(named(plain) or is_written_address(plain) for plain in _decodings(piece))


def _decodings(piece: str) -> tuple[bytes, ...]:
    """In lower case, in each of the four places where base64 can begin, since its alphabet has - and / too."""
    return (_short_decodings if len(piece) <= _SHORT else _all_decodings)(piece)


def _all_decodings(piece: str) -> tuple[bytes, ...]:
    body = re.sub(r"[\r\n\t =]+", "", piece).encode("ascii").translate(_PLUS)
    # A single character at the end is no byte: binascii wants none.
    rests = (body[skip : len(body) - ((len(body) - skip) % 4 == 1)] for skip in range(4))
    return tuple(binascii.a2b_base64(rest + b"=" * (-len(rest) % 4)).lower() for rest in rests)


_short_decodings = lru_cache(8192)(_all_decodings)
