"""load, sources, rejected: what goes in and what could not be read."""

import glob
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from lasthop.cli.options import (
    json_option,
    jsonl_option,
    put_json,
    put_jsonl,
    put_table,
    say,
    visible,
    workspace_option,
)
from lasthop.errors import InputError
from lasthop.explain import iso
from lasthop.load import LoadReport, Step, load_files
from lasthop.read import FORMATS
from lasthop.store import Source, Workspace, remove_source
from lasthop.store.sources import find_source
from lasthop.store.sources import rejected as rejected_lines
from lasthop.store.sources import sources as loaded_sources
from lasthop.trace import refresh


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@click.option("--format", "format_name", type=click.Choice(sorted(FORMATS)), help="Instead of recognising it.")
@click.option("--timezone", metavar="ZONE", help="Clock of logs that do not tell it (Kuroco); default Asia/Tokyo.")
@click.option("--map", "mapped", multiple=True, metavar="COLUMN=FIELD", help="Read a column as this field.")
@workspace_option
@json_option
def load(
    files: tuple[str, ...],
    format_name: str | None,
    timezone: str | None,
    mapped: tuple[str, ...],
    workspace: Workspace,
    as_json: bool,
) -> int:
    """Read files into the workspace: CSV, JSON, .gz, .zip, .xlsx, globs, - for standard input.

    The same file again, or an export that overlaps, adds nothing twice.

    Example: lasthop load mail_log.csv activity.zip --timezone Asia/Tokyo --json
    """
    with tempfile.TemporaryDirectory(dir=workspace.folder("scratch")) as folder, _bar() as watch:
        scratch = Path(folder)
        report = load_files(
            workspace,
            _paths(files, scratch),
            scratch,
            format=format_name,
            timezone=timezone,
            mapping=_mapping(mapped),
            watch=watch,
        )
    return put_report(report, as_json)


def put_report(report: LoadReport, as_json: bool, beside: Mapping[str, Any] = MappingProxyType({})) -> int:
    """Say what a load or a pull brought, and return the exit code: 2 when a file could not be read.

    ``beside`` are further entries of the JSON document.
    """
    if as_json:
        put_json(
            {
                "sources": [source_json(source) for source in report.sources],
                "failed": [{"file": failed.file, "error": str(failed.error)} for failed in report.failed],
                "messages": report.messages,
                "seconds": round(report.seconds, 3),
                **beside,
            }
        )
    else:
        if report.sources:
            _put_sources(report.sources)
        click.echo(f"{report.messages} messages in the workspace, {report.seconds:.1f} s.")
    return _remarks(report)


def _remarks(report: LoadReport) -> int:
    assumed = {s.timezone for s in report.sources if s.zone_assumed}
    if assumed:
        say(f"lasthop: logs without a zone were read as {', '.join(sorted(assumed))}; --timezone says otherwise.")
    if lines := sum(source.rejected for source in report.sources):
        say(f"lasthop: {lines} lines could not be read and were kept: lasthop rejected shows them.")
    for failed in report.failed:
        named = failed.file in str(failed.error)
        say(f"lasthop: {failed.error}" if named else f"lasthop: {failed.file}: {failed.error}")
    return 2 if report.failed else 0


def _mapping(pairs: tuple[str, ...]) -> dict[str, str]:
    mapping = {}
    for pair in pairs:
        column, sign, field = pair.rpartition("=")
        if not sign or not column or not field:
            raise InputError(f"--map {pair!r} is not COLUMN=FIELD.", hint="For example --map 'Email id=email'.")
        mapping[column] = field
    return mapping


def _paths(files: tuple[str, ...], scratch: Path) -> list[Path]:
    found: list[Path] = []
    for name in files:
        path = Path(name)
        if name == "-":
            path = scratch / "stdin"
            path.write_bytes(sys.stdin.buffer.read())
            found.append(path)
        elif path.is_dir():
            raise InputError(f"{name} is a folder.", hint=f"Name its files: {name.rstrip('/')}/*")
        elif path.exists() or path.is_symlink():
            found.append(path)
        elif matches := sorted(glob.glob(name)):  # noqa: PTH207  (patterns may be absolute)
            found += [Path(match) for match in matches]
        else:
            raise InputError(f"There is no file {name}.")
    return found


@contextmanager
def _bar() -> Iterator[Callable[[Step], None]]:
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _: None
        return
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("looking", total=None)

        def watch(step: Step) -> None:
            progress.update(task, description=f"{step.stage} {step.file}", completed=step.done, total=step.total)

        yield watch


@click.command()
@workspace_option
@json_option
def sources(workspace: Workspace, as_json: bool) -> None:
    """What is loaded: time range, rows, duplicates and rejected lines of each source.

    Example: lasthop sources --json
    """
    found = loaded_sources(workspace)
    if as_json:
        put_json({"sources": [source_json(source) for source in found]})
    elif found:
        _put_sources(found)
    else:
        click.echo("Nothing is loaded yet: lasthop load FILE…")


def source_json(source: Source) -> dict[str, Any]:
    """A source as scripts get it."""
    names = ("file", "sha256", "format", "encoding", "timezone", "rows", "events", "added", "duplicates", "rejected")
    return {
        **{name: getattr(source, name) for name in names},
        "first": iso(source.first),
        "last": iso(source.last),
        "timezone_assumed": source.zone_assumed,
        "notes": source.notes,
    }


def _put_sources(found: list[Source]) -> None:
    put_table(
        ["file", "format", "zone", "rows", "added", "duplicates", "rejected", "first", "last", "sha256"],
        [
            (
                s.file,
                s.format,
                s.timezone,
                s.rows,
                s.added,
                s.duplicates,
                s.rejected,
                iso(s.first),
                iso(s.last),
                s.sha256[:12],
            )
            for s in found
        ],
    )


@click.command()
@click.option("--source", "sha256", metavar="SHA", help="Only this source; the first characters are enough.")
@workspace_option
@jsonl_option
def rejected(sha256: str | None, workspace: Workspace, jsonl: bool) -> None:
    """Show the lines that could not be read, with the reason.

    Example: lasthop rejected --source 3f9c --jsonl
    """
    chosen = [find_source(workspace, sha256)] if sha256 else loaded_sources(workspace)
    lines = (line for source in chosen for line in rejected_lines(workspace, source))
    if jsonl:
        put_jsonl(lines)
    else:
        put_table(
            ["file", "line", "reason", "text"], [(r["file"], r["line"], r["reason"], r["text"][:120]) for r in lines]
        )


@click.command()
@click.argument("sha256", metavar="SHA")
@click.option("--yes", is_flag=True, help="Do not ask.")
@workspace_option
def remove(sha256: str, yes: bool, workspace: Workspace) -> None:
    """Take a source out of the workspace, with its kept bytes; what other sources also say stays.

    Example: lasthop remove 3f9c2a
    """
    source = find_source(workspace, sha256)
    if not yes:
        click.confirm(visible(f"Remove {source.file} with {source.added} events of its own?"), abort=True, err=True)
    remove_source(workspace, source.sha256)
    refresh(workspace)
    click.echo(visible(f"{source.file} is removed. Loading the file again brings it back."))
