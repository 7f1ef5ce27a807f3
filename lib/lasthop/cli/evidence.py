"""pack, verify: the evidence, and whether it is still what it was."""

import os
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lasthop.cli.options import json_option, looking, no_workspace_option, put_json, say, visible, workspace_option
from lasthop.cli.options import zone as zone_named
from lasthop.cli.queries import one_or_more
from lasthop.errors import InputError
from lasthop.pack import FIELDS, Case, Packed, addresses_in, open_case, per_message, write_pack
from lasthop.pack import verify as verify_pack
from lasthop.pack.receiver_zones import RECEIVER_ZONES
from lasthop.pack.redact import Level, Redaction
from lasthop.pack.verify import signature_of
from lasthop.store import Workspace
from lasthop.store.zones import usual_zone

if TYPE_CHECKING:
    from lasthop.pack import signature
    from lasthop.pack.sshsig import Private

LEVELS = tuple(str(level) for level in Level)
PASSPHRASE = "LASTHOP_KEY_PASSPHRASE"  # noqa: S105 - the name of a variable


@click.command()
@click.argument("ids", nargs=-1, metavar="ID…")
@click.option("--case", "case_id", metavar="CASE", help="The messages, texts and ticket of this case.")
@click.option("--out", required=True, type=click.Path(path_type=Path), metavar="FILE.zip", help="The ZIP to write.")
@click.option("--redact", type=click.Choice(LEVELS), default="full", show_default=True, help="How much leaves with it.")
@click.option("--keep-domains", is_flag=True, help="Masked addresses keep their domain.")
@click.option(
    "--sign",
    type=click.Path(path_type=Path),
    metavar="KEYFILE",
    help="Sign it with this OpenSSH private key, into FILE.zip.sig. A passphrase is asked for, or taken from "
    f"${PASSPHRASE}.",
)
@click.option(
    "--ticket",
    type=click.Path(path_type=Path),
    metavar="FILE.toml",
    help='Title, question, [ticket] fields; number of each message, or "number:MESSAGE" of one.',
)
@click.option(
    "--timezone",
    "zone",
    metavar="ZONE",
    callback=zone_named,
    help="Zone of local times; else the one chosen in the workspace or that of the application's log, else UTC.",
)
@workspace_option
@json_option
def pack(  # noqa: PLR0913, PLR0917 - one parameter for each option of the command line
    ids: tuple[str, ...],
    case_id: str | None,
    out: Path,
    redact: str,
    keep_domains: bool,
    sign: Path | None,
    ticket: Path | None,
    zone: str | None,
    workspace: Workspace,
    as_json: bool,
) -> None:
    """Write the evidence pack of messages, named by any id or by an address (all its messages).

    Example: lasthop pack k2ynMg3XS1qDPmHIqsFJFA --out ticket-4711.zip --timezone Asia/Tokyo
    """
    redaction = _redaction(redact, keep_domains)
    case = _wanted(workspace, ids, case_id, ticket)
    key = _key(sign) if sign else None
    with looking(workspace) as snapshot:
        found = case.messages or [message for text in ids for message in one_or_more(snapshot, text)]
        case = replace(case, messages=tuple(dict.fromkeys(found)), ticket=_of_each(case.ticket, found))
        shown_in = zone or usual_zone(workspace) or "UTC"
        packed = write_pack(snapshot, workspace, case, shown_in, out, redaction=redaction)
    signed = _sign(key, packed)
    if as_json:
        told = {"file": str(packed.file), "redaction": redact, "signature": str(signed) if signed else None}
        put_json({**asdict(packed), **told})
        return
    level = "" if redaction.level is Level.FULL else f"{redact}, "
    counts = f"messages {packed.messages}, addresses {packed.addresses}"
    click.echo(f"{packed.file}: {level}{counts}, SHA-256 {packed.sha256}")
    if signed:
        click.echo(f"{signed}: its signature. Whoever gets both checks them with your public key: {_how(packed.file)}")


def _redaction(level: str, keep_domains: bool) -> Redaction:
    if keep_domains and Level(level) is Level.FULL:
        raise InputError("A full pack masks no domain.", hint="Leave --keep-domains out, or add --redact masked.")
    return Redaction(Level(level), keep_domains)


def _how(pack: Path) -> str:
    return f"lasthop verify {pack.name} --key KEYFILE.pub"


def _key(path: Path) -> "Private":
    """The private key, opened before the pack is made: a wrong passphrase costs no time."""
    from lasthop.pack.signature import open_key  # noqa: PLC0415 - who signs nothing waits for no cryptography

    return open_key(path, lambda: _passphrase(path))


def _passphrase(path: Path) -> str:
    """From the environment, else from the terminal; never an argument, which others on the machine can see."""
    given = os.environ.get(PASSPHRASE)
    if given is not None:
        return given
    if not sys.stdin.isatty():
        hint = f"Sign on a terminal, or set {PASSPHRASE}."
        raise InputError(f"The key {path} is protected, and nobody can be asked for its passphrase.", hint=hint)
    return str(click.prompt(f"Passphrase of {path}", hide_input=True, err=True))


def _sign(key: "Private | None", packed: Packed) -> Path | None:
    """The signature beside the pack; None without a key, and then an older one is told of."""
    if key:
        from lasthop.pack.signature import write_signature  # noqa: PLC0415 - as above

        return write_signature(key, packed.file, packed.sha256)
    if signature_of(packed.file).exists():
        say(f"lasthop: {signature_of(packed.file).name} is the signature of the pack that was here before.")
    return None


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
    odd = [*(content.keys() - known), *(key for key in fields if not _is_field(key))]
    texts = [*content.values(), *fields.values()]
    if odd or not all(isinstance(text, str) for text in texts):
        raise InputError(
            f"{path} holds {', '.join(sorted(odd)) or 'a value that is no text'}.",
            hint=f"Known are {', '.join(sorted(known))}, and under [ticket] {', '.join((*FIELDS, RECEIVER_ZONES))}.",
        )
    return Case("pack", **content, ticket=fields)


def _is_field(key: str) -> bool:
    name, _, message = key.partition(":")
    return key in (*FIELDS, RECEIVER_ZONES) or (bool(message) and name in FIELDS and FIELDS[name].each)


def _of_each(ticket: Mapping[str, str], messages: Sequence[str]) -> dict[str, str]:
    """The ticket with what it says of no message in particular (``number``) said of each; ``number:ID`` goes before."""
    told = dict(ticket)
    for name in (name for name, field in FIELDS.items() if field.each and name in told):
        said = told.pop(name)
        told = {per_message(name, message): said for message in messages} | told
    return told


@click.command()
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE.zip")
@click.option(
    "--key",
    type=click.Path(path_type=Path),
    metavar="PUBLICKEY",
    help="Check FILE.zip.sig too, with the signer's OpenSSH public key (a file that ends in .pub).",
)
@no_workspace_option
@json_option
def verify(file: Path, key: Path | None, as_json: bool) -> int:
    """Check a pack against its manifest, and its signature with a key; exit 1 when one of them does not hold.

    Example: lasthop verify ticket-4711.zip --key kuroco-support.pub
    """
    result = verify_pack(file)
    signed = _checked(file, key)
    problems = [*result.problems, *filter(None, [signed.problem if signed else None])]
    if as_json:
        addresses = addresses_in(file) if result.ok else None
        told = {"file": str(file), "addresses": addresses, "signature": _signature(file, signed)}
        put_json({**asdict(result), "ok": not problems, "problems": problems, **told})
    else:
        if result.ok:
            click.echo(f"{file} holds: {len(result.members)} members as its manifest says. SHA-256 {result.sha256}")
        if not problems:
            click.echo(_of_signature(file, signed))
    for problem in problems:
        say(f"lasthop: {problem}")
    return 1 if problems else 0


def _checked(file: Path, key: Path | None) -> "signature.Checked | None":
    """What was found of the signature; None without a key."""
    if key is None:
        return None
    from lasthop.pack.signature import check_signature  # noqa: PLC0415 - as above

    return check_signature(file, key)


def _signature(file: Path, signed: "signature.Checked | None") -> dict[str, Any]:
    """``holds`` null: it was not checked."""
    holds = None if signed is None else signed.problem is None
    return {"beside": signature_of(file).is_file(), "holds": holds, "signer": signed.signer if signed else None}


def _of_signature(file: Path, signed: "signature.Checked | None") -> str:
    if signed:
        return f"Signed by {visible(signed.signer)}: the signature holds."
    if signature_of(file).is_file():
        return f"A signature lies beside it. It was not checked: name the signer's public key with --key ({file}.sig)."
    return "No signature lies beside it: it says nothing of who made it."
