"""Options and output that the commands share."""

import json
import os
import re
import sys
import zoneinfo
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from lasthop.errors import InputError
from lasthop.store import Snapshot, Workspace
from lasthop.trace import look

_ACTING = re.compile("[\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
ROWS = 2_000
"""A plain table is for reading; who wants more rows wants them for a machine."""

Command = TypeVar("Command", bound=Callable[..., Any])


def workspace_option(command: Command) -> Command:
    """``--workspace DIR``, passed on as an open Workspace."""

    def opened(_: click.Context, __: click.Parameter, value: str | None) -> Workspace:
        return Workspace(Path(value or os.environ.get("LASTHOP_WORKSPACE") or "workspace"))

    return click.option(
        "--workspace",
        metavar="DIR",
        callback=opened,
        help="Folder with what was loaded; default $LASTHOP_WORKSPACE, else ./workspace.",
    )(command)


def no_workspace_option(command: Command) -> Command:
    """``--workspace DIR`` of a command that needs none: scripts may give it to every command."""
    text = "Taken as by every command; this one needs no workspace."
    return click.option("--workspace", metavar="DIR", expose_value=False, help=text)(command)


def json_option(command: Command) -> Command:
    """``--json``: one JSON document on standard output."""
    return click.option("--json", "as_json", is_flag=True, help="One JSON document for machines.")(command)


def jsonl_option(command: Command) -> Command:
    """``--jsonl``: one JSON object a line on standard output."""
    return click.option("--jsonl", is_flag=True, help="One JSON object a line for machines.")(command)


def say(text: str) -> None:
    """A line for people, on stderr: standard output belongs to the answer. Control characters cannot act."""
    click.echo(visible(" ".join(text.splitlines())), err=True)


@contextmanager
def looking(workspace: Workspace) -> Iterator[Snapshot]:
    """A snapshot of the workspace; says so when it is not the newest."""
    with look(workspace) as snapshot:
        if snapshot.behind:
            say("lasthop: a load is going on, or the disk is full: what it brought is not in this answer yet.")
        if snapshot.problem:
            say(f"lasthop: {snapshot.problem} Until then the rules of lasthop stand alone.")
        yield snapshot


def put_json(document: Any) -> None:
    """Print one JSON document."""
    click.echo(_escaped(json.dumps(document, ensure_ascii=False, indent=2)))


def put_jsonl(records: Iterable[Mapping[str, Any]]) -> None:
    """Print one JSON object a line, as they come."""
    for record in records:
        click.echo(_escaped(json.dumps(record, ensure_ascii=False)))


def _escaped(text: str) -> str:
    """JSON with what could act on a terminal written as an escape: C1 controls, bidirectional marks, separators."""
    return _ACTING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def put_table(columns: Sequence[str], rows: Iterable[Sequence[Any]], title: str = "") -> None:
    """Print a plain table, at most ROWS; cell text is never markup, and control characters are made visible."""
    rows = iter(rows)
    table = Table(*columns, title=title or None, box=None, pad_edge=False, header_style="bold")
    for row in islice(rows, ROWS):
        table.add_row(*(Text(visible(cell)) for cell in row))
    width = None if sys.stdout.isatty() else 200
    Console(width=width, highlight=False).print(table)
    if next(rows, None) is not None:
        say(f"lasthop: only the first {ROWS} rows are shown; --json or --jsonl gives all.")


def visible(cell: Any) -> str:
    """A cell as text for a terminal: escape sequences of a hostile subject cannot act."""
    text = "" if cell is None else str(cell)
    return "".join(c if c.isprintable() or c == " " else "\N{REPLACEMENT CHARACTER}" for c in text)


_OF_ONE_MACHINE = {"localtime", "Factory", "posixrules"}
"""Names of zones that mean another thing, or nothing, elsewhere."""


def zone(_: click.Context, __: click.Parameter, name: str | None) -> str | None:
    """Callback of an option that names a time zone. Raises InputError for an unknown one."""
    if name is not None and name not in zoneinfo.available_timezones() - _OF_ONE_MACHINE:
        raise InputError(f"{name!r} is not a time zone.", hint="Use a name such as Asia/Tokyo or UTC.")
    return name


def instant(text: str | None, zone_name: str = "UTC") -> int | None:
    """A date or date and time as epoch ms; without an offset it is in the zone. None stays None. Raises InputError."""
    if text is None:
        return None
    try:
        when = datetime.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"{text!r} is not a time.", hint="Write 2026-11-02 or 2026-11-02T10:15+09:00.") from error
    return int((when if when.tzinfo else when.replace(tzinfo=zoneinfo.ZoneInfo(zone_name))).timestamp() * 1000)


def in_order(since: float | None, until: float | None) -> None:
    """Raises InputError for a period that ends before it begins, or at once."""
    if since is not None and until is not None and since >= until:
        raise InputError("--since is not before --until.", hint="--until is not itself included: name the next day.")
