"""pack, verify: the evidence, and whether it is still what it was."""

import tomllib
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import click

from lasthop.cli.options import json_option, looking, put_json, say, workspace_option
from lasthop.cli.options import zone as zone_named
from lasthop.cli.queries import one_or_more
from lasthop.errors import InputError
from lasthop.pack import FIELDS, Case, addresses_in, open_case, write_pack
from lasthop.pack import verify as verify_pack
from lasthop.store import Workspace

LEVELS = ("full", "masked", "metadata")


@click.command()
@click.argument("ids", nargs=-1, metavar="ID…")
@click.option("--case", "case_id", metavar="CASE", help="The messages, texts and ticket of this case.")
@click.option("--out", required=True, type=click.Path(path_type=Path), metavar="FILE.zip", help="The ZIP to write.")
@click.option("--redact", type=click.Choice(LEVELS), default="full", show_default=True, help="How much leaves with it.")
@click.option(
    "--ticket", type=click.Path(path_type=Path), metavar="FILE.toml", help="Title, question, [ticket] fields."
)
@click.option("--timezone", "zone", metavar="ZONE", default="UTC", callback=zone_named, help="Zone of local times.")
@workspace_option
@json_option
def pack(  # noqa: PLR0913, PLR0917 - one parameter for each option of the command line
    ids: tuple[str, ...],
    case_id: str | None,
    out: Path,
    redact: str,
    ticket: Path | None,
    zone: str,
    workspace: Workspace,
    as_json: bool,
) -> None:
    """Write the evidence pack of messages, named by any id or by an address (all its messages).

    Example: lasthop pack k2ynMg3XS1qDPmHIqsFJFA --out ticket-4711.zip --timezone Asia/Tokyo
    """
    if redact != "full":
        raise InputError(f"This version cannot make {redact} packs yet.", hint="Leave --redact out, or remove by hand.")
    case = _wanted(workspace, ids, case_id, ticket)
    with looking(workspace) as snapshot:
        found = case.messages or [message for text in ids for message in one_or_more(snapshot, text)]
        packed = write_pack(snapshot, workspace, replace(case, messages=tuple(dict.fromkeys(found))), zone, out)
    if as_json:
        put_json({**asdict(packed), "file": str(packed.file)})
        return
    click.echo(f"{packed.file}: messages {len(set(found))}, addresses {packed.addresses}, SHA-256 {packed.sha256}")


def _wanted(workspace: Workspace, ids: tuple[str, ...], case_id: str | None, ticket: Path | None) -> Case:
    """The saved case, or one without messages yet for the ids and the ticket file."""
    if case_id is None:
        if not ids:
            raise InputError("No message is named.", hint="Name messages by any id, or a case with --case.")
        return _case(ticket)
    if ids or ticket:
        raise InputError("A case has its own messages and ticket.", hint="Leave the ids and --ticket out, or --case.")
    case = open_case(workspace, case_id)
    if not case.messages:
        raise InputError(f"The case {case_id} holds no messages.", hint=f"Add some: lasthop case add {case_id} ID…")
    return case


def _case(path: Path | None) -> Case:
    """The case that a ticket file describes; an empty one without a file."""
    if path is None:
        return Case("pack")
    try:
        content: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(
            f"{path} is not a ticket file.", str(error), "Write TOML: title, question, [ticket]."
        ) from error
    fields = content.pop("ticket", {})
    known = {"title", "question", "asks", "notes"}
    odd = [*(content.keys() - known), *(fields.keys() - FIELDS.keys())]
    texts = [*content.values(), *fields.values()]
    if odd or not all(isinstance(text, str) for text in texts):
        raise InputError(
            f"{path} holds {', '.join(sorted(odd)) or 'a value that is no text'}.",
            hint=f"Known are {', '.join(sorted(known))}, and under [ticket] {', '.join(FIELDS)}.",
        )
    return Case("pack", **content, ticket=fields)


@click.command()
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE.zip")
@json_option
def verify(file: Path, as_json: bool) -> int:
    """Check a pack against its manifest; exit 1 when it does not hold.

    Example: lasthop verify ticket-4711.zip
    """
    result = verify_pack(file)
    if as_json:
        addresses = addresses_in(file) if result.ok else None
        put_json({**asdict(result), "file": str(file), "addresses": addresses})
    elif result.ok:
        click.echo(f"{file} holds: {len(result.members)} members as its manifest says. SHA-256 {result.sha256}")
    for problem in result.problems:
        say(f"lasthop: {problem}")
    return 0 if result.ok else 1
