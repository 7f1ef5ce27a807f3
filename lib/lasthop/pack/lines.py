"""The physical lines of a source as bytes, and how many of them a record takes."""

import csv
import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from lasthop.read.pulled import MARK

LINE_LIMIT = 16 << 20
"""Bytes of one line; a longer one (a whole dump on one line) is passed over."""
RECORD_LINES = 200
"""A record of a table may span so many lines, as it may for the reader."""
OBJECT_LINES = 2_000
"""…and a pretty-printed object so many."""
_SEPARATORS = " \t\r\n,[]\ufeff"


class NotARecord(ValueError):
    """The lines cannot be shown to be this record and no other; the message says why."""


def physical_lines(stream: BinaryIO, encoding: str) -> Iterator[bytes | None]:
    """Yield every line with the line feed that ends it, None for one that is longer than `LINE_LIMIT`."""
    if not encoding.startswith("utf-16"):
        yield from _narrow_lines(stream)
        return
    head = stream.read(2)
    stream.seek(0)
    big = encoding == "utf-16-be" or (encoding == "utf-16" and head == b"\xfe\xff")
    yield from _wide_lines(stream, big)


def _narrow_lines(stream: BinaryIO) -> Iterator[bytes | None]:
    while line := stream.readline(LINE_LIMIT):
        if len(line) < LINE_LIMIT or line.endswith(b"\n"):
            yield line
            continue
        while (rest := stream.readline(LINE_LIMIT)) and not rest.endswith(b"\n"):
            pass
        yield None


def _wide_lines(stream: BinaryIO, big: bool) -> Iterator[bytes | None]:
    """Lines of UTF-16: the byte 0x0A is a line end only as half of U+000A."""
    line, too_long = b"", False
    while piece := stream.readline(LINE_LIMIT):
        line += piece
        if line.endswith(b"\n") and not big and len(line) % 2:
            line += stream.read(1)
        if len(line) % 2 == 0 and line.endswith(b"\0\n" if big else b"\n\0"):
            yield None if too_long or len(line) > LINE_LIMIT else line
            line, too_long = b"", False
        elif len(line) > LINE_LIMIT:
            line, too_long = line[len(line) - len(line) % 2 :], True
    if line or too_long:
        yield None if too_long else line


def byte_order_mark(line: bytes) -> bytes:
    """The mark that a file's first line begins with, or nothing."""
    return next((mark for mark in (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff") if line.startswith(mark)), b"")


def decoded(line: bytes, encoding: str) -> str:
    """The text of one line; what cannot be decoded becomes U+FFFD."""
    if encoding == "utf-16":
        encoding = "utf-16-be" if line.startswith(b"\xfe\xff") else "utf-16-le"
    return line.decode(encoding.removesuffix("-sig"), "replace").removeprefix("\ufeff")


def table_record(first: bytes, more: Iterator[bytes | None], encoding: str, delimiter: str) -> tuple[list[bytes], str]:
    """The lines of the record that begins with ``first``, going on in ``more`` while a cell is open, and its text."""
    lines, texts = [first], [decoded(first, encoding)]

    def feed() -> Iterator[str]:
        yield texts[0]
        for line in more:
            if line is None or len(lines) >= RECORD_LINES:
                raise NotARecord("a quoted cell is never closed")
            lines.append(line)
            texts.append(decoded(line, encoding))
            yield texts[-1]

    try:
        next(csv.reader(feed(), delimiter=delimiter, skipinitialspace=True))
    except (csv.Error, StopIteration) as error:
        raise NotARecord("the lines are no record of a table") from error
    return lines, "".join(texts)


def json_record(first: bytes, more: Iterator[bytes | None], encoding: str) -> tuple[list[bytes], str]:
    """The lines of the object that begins on ``first``, and its text; NotARecord when they hold anything else as well.

    One line may hold a whole dump: the events of strangers must not come along with the one that is wanted.
    """
    lines, text = [first], decoded(first, encoding).lstrip(_SEPARATORS)
    while True:
        try:
            value, end = json.JSONDecoder().raw_decode(text)
            break
        except RecursionError as error:
            raise NotARecord("the object is nested too deeply") from error
        except ValueError as error:
            line = next(more, None)
            if line is None or len(lines) >= OBJECT_LINES:
                raise NotARecord("no whole object begins on that line") from error
            lines.append(line)
            text += decoded(line, encoding)
    if text[end:].strip(_SEPARATORS):
        raise NotARecord("the line holds more than one object")
    if _events(value) != 1:
        raise NotARecord("the object may hold more than one event")
    return lines, json.dumps(value, ensure_ascii=False)


def _events(value: Any) -> int:
    """How many events an object holds: itself, or those wrapped in it; a line of a pull is of one message or entry."""
    if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return 0
    if isinstance(value, list):
        return sum(_events(each) for each in value)
    if not isinstance(value, dict):
        return 0
    if isinstance(value.get("event"), str) or isinstance(value.get(MARK), str):
        return 1
    return sum(_events(each) for each in value.values())
