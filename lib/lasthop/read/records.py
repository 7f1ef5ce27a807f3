"""CSV records out of text: our own parser, which agrees with the engine's strict one cell by cell.

RFC 4180 with what the engine adds: spaces around a quoted cell count for nothing (except before the first cell
of a record, where they make it a plain one), a quote inside a plain cell is an ordinary character.
"""

import re
from functools import lru_cache

OPEN = -1


class Malformed(ValueError):
    """Text follows a closing quote: nobody can say where the cell ends."""


@lru_cache(maxsize=8)
def _cell(delimiter: str, first: bool) -> re.Pattern[str]:
    """One cell: group 1 quoted and closed, group 2 opened and not closed, group 3 plain."""
    d, pad = re.escape(delimiter), "" if first else " *+"
    inside = '(?:[^"]++|"")*+'
    return re.compile(rf'{pad}"({inside})" *+(?={d}|\Z)|{pad}(")|([^{d}]*+)', re.DOTALL)


def parse_cells(record: str, delimiter: str, cells: list[str], start: int = 0) -> int:
    """Append the cells of ``record`` from offset ``start`` to ``cells``.

    Returns the offset of a quoted cell that does not end here (parse on from there when more text has come), or
    ``OPEN`` below zero when the record is complete. Raises ``Malformed``.
    """
    if '"' not in record:
        cells.extend(record.split(delimiter))
        return OPEN
    place, end = start, len(record)
    while True:
        match = _cell(delimiter, place == 0).match(record, place)
        assert match is not None  # noqa: S101  # the plain branch matches anything, if only nothing
        quoted, opened, plain = match.groups()
        if opened:
            return _unclosed(record, match.end(), place)
        cells.append(plain if quoted is None else quoted.replace('""', '"'))
        place = match.end()
        if place == end:
            return OPEN
        place += 1


_INSIDE = re.compile(r'(?:[^"]++|"")*+', re.DOTALL)


def closes(line: str) -> bool:
    """Tell whether a cell that is open at the start of ``line`` is closed within it."""
    inside = _INSIDE.match(line)
    return inside is not None and inside.end() < len(line)


def _unclosed(record: str, inside: int, place: int) -> int:
    """A cell that begins with a quote and has no proper end: open, or closed and followed by text."""
    if closes(record[inside:]):
        raise Malformed
    return place
