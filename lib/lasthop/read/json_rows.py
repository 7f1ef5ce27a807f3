"""A table that came as JSON, one object a line: its keys are the columns.

The columns are those of all objects, in the order in which they first appear, so the whole file is looked at first.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lasthop.read.header import Head
from lasthop.read.json_stream import json_objects
from lasthop.read.lines import TEXT_LIMIT, open_text, readable
from lasthop.read.rejects import Record, Rejected

JSON_ROWS = "\n"
"""What stands in a ``Reading`` as the delimiter of such a table: a line is one record, whatever is in it."""
_SAMPLE = 200


def json_head(path: Path) -> Head:
    """The columns of the file and its first rows."""
    labels: dict[str, None] = {}
    sample: list[dict[str, Any]] = []
    with open_text(path, "utf-8") as file:
        for found in json_objects(file):
            if not isinstance(found, Rejected):
                labels |= dict.fromkeys(map(readable, found.value))
                sample += [found.value] if len(sample) < _SAMPLE else []
    return Head("", tuple(labels), 0, tuple(tuple(_cells(value, tuple(labels))) for value in sample))


def json_rows(path: Path, header: tuple[str, ...]) -> Iterator[Record | Rejected]:
    """Yield every object as cells in the order of ``header``; what is null is empty."""
    with open_text(path, "utf-8") as file:
        for found in json_objects(file):
            if isinstance(found, Rejected):
                yield found
            else:
                yield Record(found.line, readable(found.text[:TEXT_LIMIT]), _cells(found.value, header))


def _cells(value: dict[str, Any], header: tuple[str, ...]) -> list[str]:
    by_label = {readable(label): entry for label, entry in value.items()}
    return [_text(by_label.get(label)) for label in header]


def _text(entry: object) -> str:
    if entry is None:
        return ""
    return readable(entry if isinstance(entry, str) else json.dumps(entry, ensure_ascii=False, separators=(",", ":")))
