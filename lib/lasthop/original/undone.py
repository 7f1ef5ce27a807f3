"""Encodings that something put around a whole text, undone: UTF-16, base64, quoted-printable.

Undone is only what gives a mail's header and cannot be one as it stands: a text that is whole is left as it is.
"""

import binascii
import re

from lasthop.original.lines import BLANK, decoded
from lasthop.original.names import FIELD, strict_name

_LEAST, _SAMPLE, _HEAD = 64, 400, 65_536
_BASE64 = re.compile(rb"[A-Za-z0-9+/\s]+={0,2}\s*")
_EQUALS = re.compile(rb"=(?:(?P<escape>[0-9A-Fa-f]{2})|(?P<soft>\r?\n)|)")
_SURE = 2
"""Escapes of an equals sign in a header without any that stands for itself."""


def readable(data: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The bytes in UTF-8, without a byte order mark; and what was undone: ``utf16``, ``base64``, ``quoted_printable``.

    A mark of the byte order says what it is, so nothing is told of UTF-16 with one: Windows saves texts so.
    """
    undone: list[str] = []
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        data = data.decode("utf-16", "replace").encode("utf-8", "replace")
    elif order := _utf16(data[:_SAMPLE]):
        data = data.decode(order, "replace").encode("utf-8", "replace")
        undone.append("utf16")
    if (inside := _of_base64(data)) is not None:
        data = inside
        undone.append("base64")
    elif _is_quoted_printable(data):
        data = binascii.a2b_qp(data)
        undone.append("quoted_printable")
    data = data.removeprefix(b"\xef\xbb\xbf")
    if b"\r" in data and b"\n" not in data:
        data = data.replace(b"\r", b"\n")  # the line ends of old Macintosh files
    return data, tuple(undone)


def _utf16(sample: bytes) -> str | None:
    """The codec of a text whose every other byte is NUL, as that of a header in UTF-16 is."""
    if len(sample) < _LEAST:
        return None
    even, odd = sample[::2], sample[1::2]
    if not any(odd) and all(even):
        return "utf-16-le"
    return "utf-16-be" if not any(even) and all(odd) else None


def _of_base64(data: bytes) -> bytes | None:
    """What a text of base64 alone holds, where that begins like a header; else None."""
    if len(data) < _LEAST or not _BASE64.fullmatch(data[:_SAMPLE]) or not _BASE64.fullmatch(data):
        return None
    try:
        inside = binascii.a2b_base64(data)
    except binascii.Error:
        return None
    return inside if _begins_header(inside) else None


def _begins_header(data: bytes) -> bool:
    lines = decoded(data[:4000]).split("\n")[:2]
    first = lines[1] if lines[0].startswith("From ") and len(lines) > 1 else lines[0]
    return strict_name(first) is not None


def _is_quoted_printable(data: bytes) -> bool:
    """Whether every equals sign of a header is one of the encoding (RFC 2045 §6.7), and it has broken a line or two."""
    blank = BLANK.search(data, 0, _HEAD)
    head = data[: blank.start() if blank else _HEAD]
    escapes = breaks = 0
    for found in _EQUALS.finditer(head):
        if found["escape"]:
            escapes += found["escape"].upper() == b"3D"
        elif found["soft"] is None or _begins_line(head[found.end() : found.end() + 100]):
            return False
        else:
            breaks += 1
    return (breaks > 0 or escapes >= _SURE) and _begins_header(data)


def _begins_line(following: bytes) -> bool:
    """Whether a header goes on in a new line here, so that the one before it was not broken by the encoding."""
    line = decoded(following).partition("\n")[0]
    return line[:1] in {"", " ", "\t", "\r"} or strict_name(line) is not None or FIELD.match(line) is not None
