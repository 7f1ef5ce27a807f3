"""The header that a bounce mail brings back of the mail it is about: what the receiver's servers wrote stands in it."""

import io
import re
from typing import NamedTuple

from lasthop.original.dsn import read_dsn
from lasthop.original.dsn_free import cut_returned
from lasthop.original.dsn_parts import take_apart

_FIELD = re.compile(rb"[!-9;-~]+[ \t]*:|[ \t]+\S")
_OF_RECIPIENT = re.compile(rb"^(?:final|original)-recipient:", re.IGNORECASE | re.MULTILINE)
"""The field of whom a part of the report is."""


class Block(NamedTuple):
    """Lines of a mail as they stand: ``before`` of its lines come first. Without the empty line at the end."""

    before: int
    lines: bytes


def is_bounce_mail(mail: bytes) -> bool:
    """Whether the mail says of another that it could not be delivered, or not yet."""
    return read_dsn(mail) is not None


def returned_header(mail: bytes) -> Block | None:
    """The header in a bounce mail of the mail that it is about.

    None of any other mail, where it brings none, or where it is encoded, so that no line of the bounce mail has it.
    """
    if not is_bounce_mail(mail):
        return None
    parts = take_apart(mail)
    told = parts.returned or cut_returned(parts.notice)[1].encode("utf-8", "surrogateescape")
    header = told.lstrip(b"\n").partition(b"\n\n")[0].rstrip(b"\n")
    place = mail.replace(b"\r\n", b"\n").find(header) if header else -1
    if place < 0:
        return None
    before = mail.replace(b"\r\n", b"\n").count(b"\n", 0, place)
    lines = _lines(mail)[before : before + header.count(b"\n") + 1]
    return Block(before, b"".join(lines))


def status_block(mail: bytes, line: int) -> Block | None:
    """The fields of a delivery status (RFC 3464 §2.1) around a line, from 1; None for other lines."""
    lines = _lines(mail)
    first = stop = line - 1
    while first and lines[first - 1].strip():
        first -= 1
    while stop < len(lines) and lines[stop].strip():
        stop += 1
    block = b"".join(lines[first:stop])
    fields = all(map(_FIELD.match, lines[first:stop])) and _OF_RECIPIENT.search(block)
    return Block(first, block) if fields else None


def _lines(mail: bytes) -> list[bytes]:
    return io.BytesIO(mail).readlines()
