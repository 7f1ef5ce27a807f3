"""A text with line feeds, whatever ended its lines: LF, CRLF, the CRCRLF of a careless copy, a lone CR."""

import re

BLANK = re.compile(rb"\n\r*\n")
_END = re.compile(r"(?<!\r)\r+\n")


def decoded(data: bytes) -> str:
    """Text whose every byte can be had back (PEP 383)."""
    return data.decode("utf-8", "surrogateescape")


def encoded(text: str) -> bytes:
    """The bytes of a decoded text."""
    return text.encode("utf-8", "surrogateescape")


def with_line_feeds(data: bytes) -> str:
    """The text of some bytes, every line ended by one line feed; what is no UTF-8 stands as surrogate escapes."""
    text = decoded(data)
    return _END.sub("\n", text).replace("\r", "\n") if "\r" in text else text


def is_blank(line: str) -> bool:
    """Whether nothing stands there but white space."""
    return not line or line.isspace()
