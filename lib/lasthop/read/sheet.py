"""Rows of an Excel workbook (.xlsx): the first sheet that has any."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from lasthop.errors import UnreadableFile
from lasthop.read.header import Head


def sheet_rows(path: Path, shown: str) -> Iterator[tuple[int, list[str]]]:
    """Yield (row number from 1, cells as text) of the rows that are not blank.

    Dates become ISO text, whole numbers lose their ``.0``. Raises ``UnreadableFile`` for a damaged workbook or one
    without rows.
    """
    try:
        book = CalamineWorkbook.from_path(str(path))
        for name in book.sheet_names:
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            texts = [(number, [cell_text(cell) for cell in row]) for number, row in enumerate(rows, 1)]
            filled = [(number, row) for number, row in texts if any(row)]
            if filled:
                return iter(filled)
    except (CalamineError, ValueError, OSError) as error:
        raise UnreadableFile(
            f"{shown} is a damaged workbook.", f"Reading it failed ({error}).", "Save the sheet as CSV and load that."
        ) from error
    raise UnreadableFile(f"{shown} is empty.", "No sheet has any rows.", "Export it again and load the new file.")


def cell_text(cell: object) -> str:
    """A cell as the text that a CSV of the same table would hold."""
    match cell:
        case bool():
            return "true" if cell else "false"
        case float() if cell.is_integer() and abs(cell) < 1e15:
            return str(int(cell))
        case dt.datetime():
            return cell.isoformat(" ", "milliseconds" if cell.microsecond else "seconds")
        case dt.date():  # how a workbook gives a time that is midnight to the second
            return f"{cell.isoformat()} 00:00:00"
        case _:
            return str(cell)


def sheet_head(path: Path, shown: str) -> Head:
    """The header of the sheet and its first rows; columns to the right of it that are empty do not count."""
    rows = sheet_rows(path, shown)
    line, labels = next(rows)
    while labels and not labels[-1]:
        labels.pop()
    sample = tuple(tuple(row[: len(labels)]) for _, (_, row) in zip(range(200), rows, strict=False))
    return Head("", tuple(labels), line, sample)
