"""The lines of one source that a pack cites, byte for byte, with the header line in front."""

import json
from array import array
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import BinaryIO, NamedTuple

from lasthop.pack.lines import NotARecord, byte_order_mark, json_record, physical_lines, table_record
from lasthop.pack.redact import Redactor
from lasthop.store import Source, Workspace
from lasthop.store.sources import fingerprint

BLOCK, FAR = 1 << 18, 2_000
"""Bytes that are passed over at once, where at least so many lines are to be passed over."""


class NoExcerpt(Exception):
    """The lines cannot be given as they stood; the message says why, as the end of a sentence."""


class Wanted(NamedTuple):
    """A record by the line that it begins on, whom it must name (recipients), and what of it is masked."""

    line: int
    names: frozenset[str] = frozenset()
    known: frozenset[str] = frozenset()


def write_excerpt(
    workspace: Workspace, source: Source, wanted: Iterable[Wanted], out: BinaryIO, redactor: Redactor
) -> "array[int]":
    """Copy the ``wanted`` records, given by rising line, to ``out``, with what ``redactor`` masks.

    Returns for each the line of ``out`` that it begins on, from 1. Raises NoExcerpt for a workbook, for kept bytes that
    are gone or changed, and where a line is not the record that it should be.
    """
    if source.encoding == "xlsx":
        raise NoExcerpt("it is a workbook, which has no lines")
    try:
        with kept_file(workspace, source).open("rb") as stream:
            return _copy(stream, source, wanted, out, redactor)
    except NotARecord as error:
        raise NoExcerpt(str(error)) from error


def kept_file(workspace: Workspace, source: Source) -> Path:
    """Where the bytes of a source are kept. Raises NoExcerpt when they are gone or no longer what they were."""
    raw = workspace.root / "raw" / source.sha256
    try:
        if fingerprint(raw) != source.sha256:
            raise NoExcerpt("the kept bytes are not those that were loaded: their SHA-256 differs")
    except FileNotFoundError:
        raise NoExcerpt("the kept bytes are gone from the workspace") from None
    return raw


def _copy(
    stream: BinaryIO, source: Source, wanted: Iterable[Wanted], out: BinaryIO, redactor: Redactor
) -> "array[int]":
    """One pass over the source up to the last line that is wanted."""
    header = [Wanted(source.header_line)] if source.header_line else []
    mark = byte_order_mark(stream.read(3))
    stream.seek(0)
    lines = physical_lines(stream, source.encoding)
    placed = array("q")  # eight bytes a record: there may be a million
    number, written = 0, 0
    for one in chain(header, wanted):
        if number == 0 and one.line > 1:
            out.write(mark)
        if one.line <= number:
            raise NotARecord(f"no record begins on line {one.line}")
        _pass_over(stream, lines, one.line - number - 1, source.encoding)
        record = _record(one, lines, source)
        placed.append(written + 1)
        if redactor.full:
            out.writelines(record)
        else:
            out.write(redactor.record(b"".join(record), one.known, source.encoding))
        number = one.line + len(record) - 1
        written += len(record)
    return placed[len(header) :]


def _pass_over(stream: BinaryIO, lines: Iterator[bytes | None], number: int, encoding: str) -> None:
    """Go on by so many lines; those of one byte a character are counted in blocks, which is ten times as fast."""
    while number >= FAR and not encoding.startswith("utf-16"):
        begin = stream.tell()
        block = stream.read(BLOCK)
        ends = block.count(b"\n")
        if ends >= number:  # the block may reach into the line behind them
            stream.seek(begin)
            break
        number -= ends
        if len(block) < BLOCK:
            break
    for _ in range(number):
        next(lines, None)


def _record(wanted: Wanted, lines: Iterator[bytes | None], source: Source) -> list[bytes]:
    number, line = wanted.line, next(lines, b"")
    if line is None:
        raise NotARecord(f"line {number} is too long")
    if line == b"":
        raise NotARecord(f"no record begins on line {number}")
    if source.delimiter is None:
        record, text = json_record(line, lines, source.encoding)
    else:
        record, text = table_record(line, lines, source.encoding, source.delimiter)
    for address in wanted.names:
        _check(number, address, text, source.delimiter is None)
    return record


def _check(number: int, address: str, text: str, is_json: bool) -> None:
    """Refuse a line that does not name the recipient: it would be evidence about somebody else."""
    shown = json.dumps(address, ensure_ascii=False)[1:-1] if is_json else address.replace('"', '""')
    if shown not in text.lower() and address not in text.lower():
        raise NotARecord(f"line {number} does not name the recipient")
