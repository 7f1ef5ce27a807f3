"""The headers of mails that were loaded as sources, as far as a pack cites them; no body of a mail leaves.

Of a bounce mail what it reports of the recipients of the case leaves too, and the header that it brings back.
"""

import io
from array import array
from collections.abc import Collection, Iterable, Iterator
from typing import BinaryIO, NamedTuple

from lasthop.pack.encodings import encodings_of
from lasthop.pack.excerpt import NoExcerpt, Wanted, kept_file
from lasthop.pack.redact import Redactor, people_in
from lasthop.pack.returned import Block, returned_header, status_block
from lasthop.read.mail import mails_in
from lasthop.store import Source, Workspace

READ = 200
"""So many originals are read for their way and their checks; nobody looks through more."""
LARGEST = 1 << 20
"""Bytes of a header that is copied."""
Field = tuple[int, bytes]
"""The line of the file that a field begins on, and its lines."""


class Mail(NamedTuple):
    """A header as it stood, unmasked, and the lines that stand before it where it was written to.

    ``returned``: a bounce mail brought it back.
    """

    before: int
    header: bytes
    returned: bool = False


def write_headers(
    workspace: Workspace, source: Source, wanted: Iterable[Wanted], out: BinaryIO, redactor: Redactor
) -> tuple["array[int]", list[Mail]]:
    """Copy the header of each mail with a field in ``wanted``, given by rising line, to ``out``, and mask it.

    Returns for each field the line of ``out`` that it begins on, from 1, and the first mails. Raises NoExcerpt where a
    line is no field of a header, and for kept bytes that are gone or changed.
    """
    placed, mails, written = array("q"), list[Mail](), 0
    asked = iter(wanted)
    one = next(asked, None)
    for before, mail in mails_in(kept_file(workspace, source)):
        end, mine = before + mail.count(b"\n") + (not mail.endswith(b"\n")), dict[int, Wanted]()
        while one is not None and one.line <= end:
            mine[one.line] = one
            one = next(asked, None)
        if not mine:
            continue
        for block, told in _blocks(mail, before, mine):
            written += out.write(b"\n") if written else 0
            fields = _fields(block.lines, block.before + 1)
            if told and len(mails) <= READ:
                mails.append(Mail(written, b"".join(field for _, field in fields), block.before > before))
            for line, field in _safe(fields, list(mine.values()), redactor):
                placed.extend([written + 1] if line in mine else [])
                written += field.count(b"\n")
                out.write(field)
    if one is not None:
        raise NoExcerpt(f"line {one.line} is in no mail")
    return placed, mails


def _fields(mail: bytes, first: int) -> list[Field]:
    """The fields of the header with their folded lines (RFC 5322 §2.2.3), up to the empty line before the body."""
    found: list[tuple[int, list[bytes]]] = []
    size = 0
    for number, line in enumerate(io.BytesIO(mail), first):
        size += len(line)
        if size > LARGEST:
            raise NoExcerpt(f"its header has more than {LARGEST:,} bytes")
        if not line.strip():
            break
        if found and line[:1] in (b" ", b"\t"):
            found[-1][1].append(line)
        else:
            found.append((number, [line]))
    return [(number, b"".join(lines)) for number, lines in found]


def _safe(fields: list[Field], mine: Collection[Wanted], redactor: Redactor) -> Iterator[Field]:
    """The fields as they may leave, one by one: a line that is cited stays one."""
    if redactor.full:
        yield from fields
        return
    header = b"".join(field for _, field in fields)
    names = list(encodings_of(header))
    if not names:
        raise NoExcerpt("the encoding of its header was not recognised, so addresses in it cannot be masked")
    # Whom the header names beside sender and recipient is masked in it too, and in all that is written after it.
    redactor.learn(people_in(header.decode(names[0], "replace")))
    known = frozenset[str]().union(*(each.known for each in mine))
    for line, field in fields:
        safe = field
        for name in names:  # masked in every reading that the bytes allow
            safe = redactor.record(safe, known, name)
        yield line, safe


def _blocks(mail: bytes, before: int, lines: Iterable[int]) -> list[tuple[Block, bool]]:
    """The blocks of fields of a mail that leave for ``lines``, and whether each is the header of an original.

    That is its own header; of a bounce mail, where lines of its report are asked for, the one that it brings back.
    Raises NoExcerpt where a line begins no field.
    """
    begin = {line for line, _ in _fields(mail, before + 1)}
    own = Block(before, mail)
    report = {found for line in lines if line not in begin and (found := status_block(mail, line - before))}
    blocks = [Block(before + block.before, block.lines) for block in sorted(report)]
    begin.update(line for block in blocks for line, _ in _fields(block.lines, block.before + 1))
    for line in lines:
        if line not in begin:
            raise NoExcerpt(f"line {line} is in the body of a mail, which may be encoded")
    returned = returned_header(mail) if blocks else None
    back = [(Block(before + returned.before, returned.lines), True)] if returned else []
    return sorted([(own, not blocks), *((block, False) for block in blocks), *back])
