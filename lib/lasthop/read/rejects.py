"""Records on their way: those that are read, and those that are kept aside with a reason."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TextIO

from lasthop.read.lines import TEXT_LIMIT, readable

_OTHER_LINE_ENDS = {code: f"\\u{code:04x}" for code in (0x85, 0x2028, 0x2029)}
"""What some readers take for the end of a line, and JSON lets stand."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record of the source; ``values`` are cells in order, or field -> text for JSON."""

    line: int
    text: str
    values: list[str] | dict[str, str]


@dataclass(frozen=True, slots=True)
class Rejected:
    """Input that could not be read: where it stands, why, and what stands there."""

    line: int
    reason: str
    text: str


def write_rejects(file: TextIO, rejected: Iterable[Rejected]) -> int:
    """Append rejected lines to ``file`` as JSON lines with ``line``, ``reason``, ``text``; returns their number."""
    count = 0
    for count, one in enumerate(rejected, 1):  # noqa: B007
        entry = {"line": one.line, "reason": one.reason, "text": readable(one.text.rstrip("\r\n"))[:TEXT_LIMIT]}
        file.write(json.dumps(entry, ensure_ascii=False).translate(_OTHER_LINE_ENDS) + "\n")
    return count
