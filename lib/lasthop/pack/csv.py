"""CSV that a spreadsheet can open without running anything that a stranger wrote, and without changing an id.

UTF-8 with BOM (Excel reads it as UTF-8 by that alone), CRLF, quoting by RFC 4180. A cell that a spreadsheet could take
for a formula, a number or a date gets an apostrophe in front; `restore` takes it away again.
"""

import csv
import io
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from numbers import Number
from typing import BinaryIO

import pandas as pd

from lasthop.pack.spreadsheet import RULE as SPREADSHEET_RULE
from lasthop.pack.spreadsheet import changed, holds_days, is_day
from lasthop.pack.visible import RULE as VISIBLE_RULE
from lasthop.pack.visible import visible

RULE = (
    "A text cell gets one apostrophe in front when it begins with =, +, -, @ (their full-width and small forms and the "
    "minus sign too), also after white space, invisible characters or apostrophes, or when it begins with a tab, CR or "
    "LF. " + SPREADSHEET_RULE + " " + VISIBLE_RULE
)
"""What `neutralised` and `visible` do, in words for the manifest."""

_TRIGGERS = frozenset("=+-@\u2212")
_STARTS = frozenset("\t\r\n")
_INVISIBLE = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp", "Mn"})


def triggers(text: str) -> bool:
    """Whether a spreadsheet might take a cell with this text for a formula, or swallow what it begins with."""
    if text[:1] in _STARTS:
        return bool(text)
    for character in text:
        if unicodedata.category(character) in _INVISIBLE:
            continue
        return unicodedata.normalize("NFKC", character)[:1] in _TRIGGERS
    return False


def neutralised(text: str) -> str:
    """The text as a cell that stays this text: an apostrophe in front of what `triggers` or would be `changed`.

    Apostrophes that stand there already count as none, so that `restore` can tell ours from theirs.
    """
    return f"'{text}" if _guarded(text.lstrip("'")) else text


def restore(cell: str) -> str:
    """The text that `neutralised` made the cell of."""
    return cell[1:] if cell.startswith("'") and _guarded(cell.lstrip("'")) else cell


def _guarded(text: str) -> bool:
    return triggers(text) or changed(text)


def cell(value: object, *, days: bool = False) -> str:
    """A value as the text of a cell: nothing for None, NaN and NaT, ISO 8601 for a time, numbers as they are.

    ``days``: the column is one of days, and a text that is a day stays one for a spreadsheet too.
    """
    match value:
        case None:
            return ""
        case str():
            return value if days and is_day(value) else neutralised(visible(value))
        case bool():
            return "true" if value else "false"
        case date() if not pd.isna(value):  # a datetime is one too
            return value.isoformat()
        case _:
            text = str(value)
            if text in ("nan", "NaT", "<NA>"):
                return ""
            return text if isinstance(value, Number) else neutralised(visible(text))


class CsvWriter:
    """Writes a table to a binary stream row by row, in flat memory. The stream stays open after `close`."""

    def __init__(self, out: BinaryIO, columns: Sequence[str]) -> None:
        self._text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._text, lineterminator="\r\n")
        self._width = len(columns)
        self._days = [holds_days(column) for column in columns]
        self.add([columns])

    def add(self, rows: Iterable[Sequence[object]]) -> None:
        """Append rows of as many values as there are columns; ValueError for another number."""
        for row in rows:
            if len(row) != self._width:
                raise ValueError(f"{len(row)} values for {self._width} columns")
            self._writer.writerow([cell(value, days=days) for value, days in zip(row, self._days, strict=True)])

    def close(self) -> None:
        """Hand the last rows to the stream and let go of it."""
        self._text.detach()


def csv_bytes(
    table: pd.DataFrame | Iterable[Sequence[object]],
    columns: Sequence[str] | None = None,
    notes: Mapping[str, str] | None = None,
) -> bytes:
    """A frame, or rows with their ``columns``, as the bytes of a CSV file. The index of a frame is left out.

    ``columns`` chooses and orders those of a frame. Values are written as `cell` says: texts stay texts, digits and
    all; a program that reads the file should take every column as text and `restore` the cells. ``notes`` (name -> what
    it says) follow the table, each on a line that begins with "# ": the header stays the first line.
    """
    out = io.BytesIO()
    if isinstance(table, pd.DataFrame):
        chosen = table if columns is None else table[list(columns)]
        writer = CsvWriter(out, [str(name) for name in chosen.columns])
        writer.add(chosen.itertuples(index=False, name=None))
    else:
        if columns is None:
            raise ValueError("rows need the names of their columns")
        writer = CsvWriter(out, columns)
        writer.add(table)
    writer.close()
    told = "".join(f"# {name}: {' '.join(visible(text).split())}\r\n" for name, text in (notes or {}).items())
    return out.getvalue() + told.encode("utf-8", "replace")
