"""A quick count of a file's bytes, to know whether the engine's reading of it can be trusted line by line."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from lasthop.read.lines import LINE_LIMIT

_BLOCK = LINE_LIMIT // 2
_CHUNK = 16 << 20


@dataclass(frozen=True)
class Census:
    """What the bytes of a CSV hold."""

    lines: int
    """Physical lines; a last line without a line end counts."""
    plain: bool
    """No NUL, and no line that is nearly as long as is allowed."""


def take_census(path: Path) -> Census:
    """Count a file once from end to end, half a MiB at a time."""
    newlines, odd, last = 0, False, b"\n"
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            found = block.count(b"\n")
            odd = odd or b"\0" in block or (not found and len(block) == _BLOCK)
            newlines += found
            last = block[-1:]
    return Census(newlines + (last != b"\n"), not odd)


def record_starts(path: Path) -> npt.NDArray[np.int64]:
    """Physical line (from 1) of every record that is not blank, by the parity of quotes at the line ends.

    Right for CSV whose quotes all stand around cells or doubled within; compare the count before trusting it.
    """
    starts: list[npt.NDArray[np.int64]] = []
    lines = quotes = offset = 0
    record_line, record_offset = 1, 0
    with path.open("rb") as file:
        carry_return = False
        while data := file.read(_CHUNK):
            block = np.frombuffer(data, dtype=np.uint8)
            ends = np.flatnonzero(block == 0x0A)
            marks = np.flatnonzero(block == 0x22)
            outside = (np.searchsorted(marks, ends) + quotes) % 2 == 0
            numbers = lines + 1 + np.flatnonzero(outside)
            at = ends[outside] + offset
            first = np.concatenate(([record_line], numbers + 1))
            size = np.diff(np.concatenate(([record_offset], at + 1)))
            returned = _preceded_by_return(block, ends[outside], carry_return)
            starts.append(first[:-1][size > 1 + returned])
            record_line = int(first[-1])
            record_offset = int(at[-1]) + 1 if at.size else record_offset
            lines, quotes, offset = lines + ends.size, quotes + marks.size, offset + block.size
            carry_return = bool(block[-1] == 0x0D)
    if offset > record_offset:
        starts.append(np.array([record_line]))
    return np.concatenate(starts).astype(np.int64) if starts else np.empty(0, np.int64)


def _preceded_by_return(
    block: npt.NDArray[np.uint8], ends: npt.NDArray[np.intp], carried: bool
) -> npt.NDArray[np.int64]:
    """1 for each line end that is CR LF, else 0."""
    before: npt.NDArray[np.bool_] = block[np.maximum(ends - 1, 0)] == 0x0D
    if ends.size and ends[0] == 0:
        before[0] = carried
    return np.asarray(before, np.int64)
