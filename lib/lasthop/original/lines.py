"""A text as numbered lines, whatever ends them: LF, CRLF, the CRCRLF of a careless copy, a lone CR."""

import re
from itertools import count
from typing import NamedTuple

BLANK = re.compile(rb"\n\r*\n")
_END = re.compile(r"(?<!\r)\r+\n")


class Line(NamedTuple):
    """One line without its end. A tuple: there may be a million of them."""

    number: int
    """1-based, in the text as it was given."""
    text: str
    """Bytes that are no UTF-8 stand as surrogate escapes."""

    @property
    def blank(self) -> bool:
        """Whether nothing stands there but white space."""
        return not self.text or self.text.isspace()


def in_utf8(data: bytes) -> bytes:
    """The bytes without a byte order mark; UTF-16, as Windows saves a text, comes out as UTF-8."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        data = data.decode("utf-16", "replace").encode("utf-8", "replace")
    data = data.removeprefix(b"\xef\xbb\xbf")
    if b"\r" in data and b"\n" not in data:
        data = data.replace(b"\r", b"\n")  # the line ends of old Macintosh files
    return data


def decoded(data: bytes) -> str:
    """Text whose every byte can be had back (PEP 383)."""
    return data.decode("utf-8", "surrogateescape")


def encoded(text: str) -> bytes:
    """The bytes of a decoded text."""
    return text.encode("utf-8", "surrogateescape")


def split_lines(data: bytes, first: int = 1) -> list[Line]:
    """The lines of a text, the first one with this number."""
    text = decoded(data)
    if "\r" in text:
        text = _END.sub("\n", text).replace("\r", "\n")
    return list(map(Line, count(first), text.split("\n")))
