"""The lines of one source that a pack cites, byte for byte, with the header line in front."""

import json
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from lasthop.pack.lines import NotARecord, byte_order_mark, json_record, physical_lines, table_record
from lasthop.store import Source, Workspace
from lasthop.store.sources import fingerprint


class NoExcerpt(Exception):
    """The lines cannot be given as they stood; the message says why, as the end of a sentence."""


def write_excerpt(
    workspace: Workspace, source: Source, wanted: Mapping[int, set[str]], out: BinaryIO
) -> dict[int, int]:
    """Copy the records that begin on the ``wanted`` lines (line -> recipients named there) to ``out``.

    Returns where each begins in the copy: source line -> line of ``out``, from 1. Raises NoExcerpt for a workbook, for
    kept bytes that are gone or changed, and where a line is not the record that it should be.
    """
    if source.encoding == "xlsx":
        raise NoExcerpt("it is a workbook, which has no lines")
    raw = workspace.root / "raw" / source.sha256
    try:
        if fingerprint(raw) != source.sha256:
            raise NoExcerpt("the kept bytes are not those that were loaded: their SHA-256 differs")
        with raw.open("rb") as stream:
            return _copy(stream, source, wanted, out)
    except FileNotFoundError:
        raise NoExcerpt("the kept bytes are gone from the workspace") from None
    except NotARecord as error:
        raise NoExcerpt(str(error)) from error


def _copy(stream: BinaryIO, source: Source, wanted: Mapping[int, set[str]], out: BinaryIO) -> dict[int, int]:
    """One pass over the source up to the last line that is wanted."""
    begins = {**wanted, source.header_line: set[str]()} if source.header_line else dict(wanted)
    left, placed = set(begins), dict[int, int]()
    lines = physical_lines(stream, source.encoding)
    number, written = 0, 0
    while left and (line := next(lines, b"")) != b"":
        number += 1
        if number == 1 and line and number not in left:
            out.write(byte_order_mark(line))
        if number not in left:
            continue
        record = _record(number, line, lines, source, begins[number])
        left.discard(number)
        placed[number] = written + 1
        out.writelines(record)
        number += len(record) - 1
        written += len(record)
    if left:
        raise NotARecord(f"no record begins on line {min(left)}")
    return {at: place for at, place in placed.items() if at in wanted}


def _record(
    number: int, line: bytes | None, lines: Iterator[bytes | None], source: Source, named: set[str]
) -> list[bytes]:
    if line is None:
        raise NotARecord(f"line {number} is too long")
    if source.delimiter is None:
        record, text = json_record(line, lines, source.encoding)
    else:
        record, text = table_record(line, lines, source.encoding, source.delimiter)
    for address in named:
        _check(number, address, text, source.delimiter is None)
    return record


def _check(number: int, address: str, text: str, is_json: bool) -> None:
    """Refuse a line that does not name the recipient: it would be evidence about somebody else."""
    shown = json.dumps(address, ensure_ascii=False)[1:-1] if is_json else address.replace('"', '""')
    if shown not in text.lower() and address not in text.lower():
        raise NotARecord(f"line {number} does not name the recipient")
