"""From the columns of a file to the *rows* that the family files read.

A row has ``source_line``, one VARCHAR column per field, and ``extra``: all other columns as the inside of a JSON
object. What the file does not give is NULL.
"""

import json
from collections.abc import Iterable

from lasthop.read.formats import FORMATS, Format, unique_labels
from lasthop.read.macros import literal
from lasthop.read.reading import Reading

_FAMILY_FIELDS: dict[str, tuple[str, ...]] = {
    "sendgrid_events": (
        "time",
        "event",
        "type",
        "recipient",
        "sender",
        "subject",
        "provider_message_id",
        "x_message_id",
        "provider_event_id",
        "message_id_header",
        "status",
        "reply",
        "attempt",
        "host",
        "ip",
        "template",
        "category",
        "basis",
    ),
    "original": (
        "time",
        "time_raw",
        "vantage",
        "kind",
        "kind_raw",
        "recipient",
        "sender",
        "subject",
        "provider_message_id",
        "x_message_id",
        "message_id_header",
        "status",
        "reply",
        "host",
        "ip",
    ),
    "sendgrid_suppressions": ("time", "recipient", "status", "reply", "ip"),
    "kuroco_mail_log": (
        "time",
        "recipient",
        "sender",
        "subject",
        "request_id",
        "x_message_id",
        "status",
        "reply",
        "host",
        "ip",
    ),
}
"""The columns that each SQL file reads beside ``source_line`` and ``extra``."""


def family_fields(fmt: Format) -> tuple[str, ...]:
    """The fields that the SQL of this format reads, in the order of the rows."""
    of_each = ("stop_list",) if fmt.family == "sendgrid_suppressions" and fmt.stop_list is None else ()
    return (*_FAMILY_FIELDS[fmt.family], *of_each)


def rows_from_cells(reading: Reading, cells: str) -> str:
    """SQL of the rows, from a relation with the columns ``source_line``, ``c0``, ``c1``, … in the file's order."""
    fmt, labels = FORMATS[reading.format], unique_labels(reading.header)
    places = {field: labels.index(label) for label, field in reading.mapping.items()}
    fields = family_fields(fmt)
    columns = [
        f"{_cell(fmt, places[field])} AS {field}" if field in places else f"NULL::VARCHAR AS {field}"
        for field in fields
    ]
    used = {places[field] for field in fields if field in places}
    beside = [(label, _cell(fmt, place)) for place, label in enumerate(labels) if place not in used]
    return _rows(fmt, [*columns, f"{_entries(beside)} AS extra"], cells)


def rows_from_fields(reading: Reading, batch: str) -> str:
    """SQL of the rows, from a relation that already has a column per field, ``source_line`` and ``extra``."""
    fmt = FORMATS[reading.format]
    return _rows(fmt, [*family_fields(fmt), "extra"], batch)


def _rows(fmt: Format, columns: list[str], source: str) -> str:
    stop_list = [f"{literal(fmt.stop_list)} AS stop_list"] if fmt.stop_list else []
    return f"SELECT source_line, {', '.join([*columns, *stop_list])} FROM {source}"


def _cell(fmt: Format, place: int) -> str:
    return f"nullif(trim(c{place}, chr(9)), '')" if fmt.strips_tabs else f"c{place}"


def _entries(columns: Iterable[tuple[str, str]]) -> str:
    """The columns that hold something as entries of a JSON object, under their own labels; NULL without columns."""
    entries = [f"{literal(json.dumps(label, ensure_ascii=False) + ':')} || to_json({cell})" for label, cell in columns]
    return f"nullif(concat_ws(',', {', '.join(entries)}), '')" if entries else "NULL::VARCHAR"
