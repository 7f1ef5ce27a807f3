"""Raw records: bytes -> text -> bytes, where bytes that are no text of their encoding stay."""

import codecs
from collections.abc import Callable

_BOMS = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def masked_record(record: bytes, encoding: str, mask: Callable[[str], str]) -> bytes:
    """``record`` with ``mask`` applied to its text; the very bytes where that changes nothing.

    ``encoding`` that is not known, or not the one of these bytes: what is ASCII in them is masked all the same.
    """
    name = _exact(record, encoding)
    before, text, name, after = _text(record, name)
    body = text.rstrip("\r\n\0")
    said = mask(body)
    return record if said == body else before + _bytes(said + text[len(body) :], name) + after


def _exact(record: bytes, encoding: str) -> str:
    """The codec that neither takes away nor adds a byte order mark."""
    try:
        name = codecs.lookup(encoding).name
    except (LookupError, ValueError):
        return "utf-8"
    if name == "utf-8-sig":
        return "utf-8"
    if not name.startswith("utf-16"):
        return name
    if 0 not in record:  # text in the wide encoding has a NUL beside every character of ASCII
        return "utf-8"
    told = next((exact for bom, exact in _BOMS if record.startswith(bom)), None)
    # A line from the middle of a file has no mark: ASCII has its NUL first in big-endian text.
    if told or name != "utf-16":
        return told or name
    return "utf-16-be" if record[0::2].count(0) > record[1::2].count(0) else "utf-16-le"


def _text(record: bytes, name: str) -> tuple[bytes, str, str, bytes]:
    """What stands before the text, the text, its codec, and what stands after it."""
    # Lines of UTF-16 that were cut at the byte 0A begin or end with half a character.
    for first, last in ((0, 0), (0, 1), (1, 0), (1, 1)) if name.startswith("utf-16") else ((0, 0),):
        stop = len(record) - last
        try:
            text = record[first:stop].decode(name, "surrogateescape")
        except (UnicodeError, LookupError, TypeError, ValueError):  # LookupError: a codec that is not of text
            continue
        if isinstance(text, str):
            return record[:first], text, name, record[stop:]
    return b"", record.decode("utf-8", "surrogateescape"), "utf-8", b""


def _bytes(text: str, name: str) -> bytes:
    try:
        return text.encode(name, "surrogateescape")
    except UnicodeError:  # what was decoded has characters that the encoding has not
        return b"".join(_character(each, name) for each in text)


def _character(character: str, name: str) -> bytes:
    try:
        return character.encode(name, "surrogateescape")
    except UnicodeError:
        return "?".encode(name)
