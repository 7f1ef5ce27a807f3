"""case: the cases of a workspace, listed, opened, filled and closed."""

import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from lasthop.cli.options import json_option, looking, put_json, put_table, say, visible, workspace_option
from lasthop.cli.options import zone as zone_named
from lasthop.cli.queries import one_or_more
from lasthop.errors import InputError, NotFound
from lasthop.explain import in_words
from lasthop.pack import (
    Candidates,
    Case,
    Pasted,
    add_messages,
    attach,
    begin_case,
    candidates,
    close_case,
    copy_case,
    find_in,
    list_cases,
    missing,
    open_case,
    presence,
    reopen_case,
)
from lasthop.pack.attached import has_original
from lasthop.pack.attachments import LARGEST
from lasthop.pack.pasted import LONGEST
from lasthop.pack.ticket import why_no_header
from lasthop.store import Workspace
from lasthop.trace import Message, messages_of


@click.group("case")
def case_group() -> None:
    """Collect the messages of a ticket: list, new, add, show, close, reopen, copy."""


@case_group.command("list")
@workspace_option
@json_option
def list_(workspace: Workspace, as_json: bool) -> None:
    """List the cases, the one that was saved last first.

    Example: lasthop case list
    """
    listed = list_cases(workspace)
    if as_json:
        put_json(
            {
                "cases": [
                    {**_in_short(each.case), "problem": None}
                    if each.case
                    else {"id": each.id, "problem": str(each.problem)}
                    for each in listed
                ]
            }
        )
        return
    rows = [(c.id, _state(c), len(c.messages), c.title[:80]) for each in listed if (c := each.case)]
    put_table(["case", "state", "messages", "title"], rows)
    for each in listed:
        if each.problem:
            say(f"lasthop: {each.problem}")


@case_group.command("new")
@click.option("--title", default="", metavar="TEXT")
@click.option("--question", default="", metavar="TEXT", help="What is asked, in one sentence.")
@click.option("--asks", default="", metavar="TEXT", help="Who asks whom.")
@workspace_option
@json_option
def new(title: str, question: str, asks: str, workspace: Workspace, as_json: bool) -> None:
    """Begin a case and print its id.

    Example: lasthop case new --title "No order mail since Monday" --asks "Shop asks Kuroco support"
    """
    _told(begin_case(workspace, Case("new", title=title, question=question, asks=asks)), as_json)


@case_group.command("add")
@click.argument("case_id", metavar="CASE")
@click.argument("ids", nargs=-1, metavar="ID…")
@click.option("--file", "files", multiple=True, type=click.Path(path_type=Path), help="An original or a log to attach.")
@click.option("--paste", type=click.File("rb"), metavar="FILE|-", help="A support mail: what it may be about is shown.")
@click.option(
    "--timezone", "zone", default="Asia/Tokyo", show_default=True, callback=zone_named, help="Zone of its times."
)
@workspace_option
@json_option
def add(
    case_id: str,
    ids: tuple[str, ...],
    files: tuple[Path, ...],
    paste: Any,
    zone: str,
    workspace: Workspace,
    as_json: bool,
) -> None:
    """Add messages, by any id or an address, and files to a case.

    --paste reads a mail and lists the messages that fit; it adds none: name those that are meant.

    Example: lasthop case add case-001 k2ynMg3XS1qDPmHIqsFJFA --file original.eml
    """
    case = open_case(workspace, case_id)
    if not (ids or files or paste):
        raise InputError("Nothing to add is named.", hint="Name messages by any id, --file, or --paste.")
    contents = [(path.name, _content(path)) for path in files]
    pasted = fitting = None
    shown: Sequence[Message] = ()
    with looking(workspace) as snapshot:
        found = [message for text in ids for message in one_or_more(snapshot, text)]
        if paste:
            text = paste.read(4 * LONGEST).decode("utf-8", "replace")
            pasted = find_in(text, time.time_ns() // 1_000_000, zone)
            fitting = candidates(snapshot, pasted)
            shown = messages_of(snapshot, [one.message for one in fitting.found])
    if found:
        case = add_messages(workspace, case_id, found)
    for name, content in contents:
        case = attach(workspace, case_id, name, content)
    if as_json:
        put_json(
            _in_full(case) | ({"pasted": asdict(pasted), "candidates": asdict(fitting)} if pasted and fitting else {})
        )
        return
    _told(case, as_json)
    if pasted and fitting:
        _put_fitting(pasted, fitting, shown, case_id, zone)


@case_group.command("show")
@click.argument("case_id", metavar="CASE")
@workspace_option
@json_option
def show(case_id: str, workspace: Workspace, as_json: bool) -> None:
    """Show a case, and what its ticket still lacks.

    Example: lasthop case show case-001
    """
    case = open_case(workspace, case_id)
    with looking(workspace) as snapshot:
        there = presence(snapshot, case.messages)
        original = has_original(snapshot, workspace, case, there.messages)
        known = messages_of(snapshot, list(there.messages))
    lacking, no_header = missing(case, known, original=original), why_no_header(case, known, original=original)
    if as_json:
        put_json({**_in_full(case), "presence": asdict(there), "missing": lacking, "why_no_header": no_header})
        return
    _told(case, as_json)
    for label, text in (("Question", case.question), ("Asks", case.asks), ("Notes", case.notes)):
        if text:
            click.echo(visible(f"{label}: {text}"))
    for message in there.messages:
        click.echo(visible(f"Message: {message}"))
    for message in there.absent:
        click.echo(visible(f"Not in this workspace, removed with its source: {message}"))
    for one in case.attachments:
        click.echo(visible(f"File: {one.name}, {one.bytes} bytes, SHA-256 {one.sha256}"))
    for check in case.checks:
        click.echo(visible(f"Checked: {check.what}: {check.result} {check.by} {check.when}".rstrip()))
    for sentence in lacking:
        click.echo(visible(f"Missing: {sentence}"))
    if no_header:
        click.echo(no_header)


@case_group.command("close")
@click.argument("case_id", metavar="CASE")
@workspace_option
@json_option
def close(case_id: str, workspace: Workspace, as_json: bool) -> None:
    """Close a case; it stays and can be opened again."""
    _told(close_case(workspace, case_id), as_json)


@case_group.command("reopen")
@click.argument("case_id", metavar="CASE")
@workspace_option
@json_option
def reopen(case_id: str, workspace: Workspace, as_json: bool) -> None:
    """Open a closed case again."""
    _told(reopen_case(workspace, case_id), as_json)


@case_group.command("copy")
@click.argument("case_id", metavar="CASE")
@workspace_option
@json_option
def copy(case_id: str, workspace: Workspace, as_json: bool) -> None:
    """Make a new case with everything that this one holds."""
    _told(copy_case(workspace, case_id), as_json)


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(LARGEST + 1)
    except OSError as error:
        raise NotFound(f"{path} cannot be read.", str(error), "Name a file to attach.") from error


def _state(case: Case) -> str:
    return "closed" if case.closed else "open"


def _in_short(case: Case) -> dict[str, Any]:
    return {
        "id": case.id,
        "title": case.title,
        "state": _state(case),
        "messages": len(case.messages),
        "revision": case.revision,
    }


def _in_full(case: Case) -> dict[str, Any]:
    content = asdict(case)
    del content["closed"]
    return {**content, "state": _state(case)}


def _told(case: Case, as_json: bool) -> None:
    if as_json:
        put_json(_in_full(case))
    else:
        files = f", {len(case.attachments)} files" if case.attachments else ""
        click.echo(visible(f"{case.id} ({_state(case)}, messages {len(case.messages)}{files}): {case.title}"))


def _put_fitting(pasted: Pasted, fitting: Candidates, messages: Sequence[Message], case_id: str, zone: str) -> None:
    of = {message.message: message for message in messages}
    put_table(["found", "value", "note"], [(f.kind, f.value[:80], f.note) for f in pasted.found], title="In the mail")
    put_table(
        ["message", "sent", "outcome", "subject", "sure", "why"],
        [
            (
                c.message,
                in_words(of[c.message].sent_ms, zone),
                str(of[c.message].outcome),
                (of[c.message].subject or "")[:40],
                "id" if c.exact else "perhaps",
                "; ".join(c.why),
            )
            for c in fitting.found
        ],
        title="Messages that fit; none was added",
    )
    for note in (*pasted.notes, *fitting.notes):
        say(f"lasthop: {note}")
    if fitting.found:
        say(f"lasthop: add those that are meant with: lasthop case add {case_id} ID…")
