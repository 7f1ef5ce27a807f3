"""original: what received messages say of themselves."""

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import click

from lasthop.cli.options import jsonl_option, looking, put_jsonl, put_table, say, visible
from lasthop.cli.original_document import iso_time, original_document, shown
from lasthop.errors import InputError
from lasthop.explain.original.authentication import authentication_said
from lasthop.explain.original.candidate import Candidate
from lasthop.explain.original.delay import after
from lasthop.explain.original.display import display_said
from lasthop.explain.original.forwarded import forwarded_said
from lasthop.explain.original.match import find_message
from lasthop.explain.original.route import place, route_said
from lasthop.explain.original.said import Said
from lasthop.explain.original.sender import sender_said
from lasthop.explain.original.trail import trail_said
from lasthop.explain.original.verdicts import verdicts_said
from lasthop.original import Original, read_original
from lasthop.original.dsn import read_dsn
from lasthop.original.evidence import Evidence, read_evidence
from lasthop.original.forwarded import Forwarded, find_forwarded
from lasthop.original.route import Leg, Route, read_route
from lasthop.store import Snapshot, Workspace


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@click.option(
    "--workspace", metavar="DIR", help="Say also which message of this workspace each one is; without it none is asked."
)
@click.option("--attached", is_flag=True, help="Read the message that is attached to each mail, where one is.")
@jsonl_option
def original(files: tuple[str, ...], workspace: str | None, attached: bool, jsonl: bool) -> int:
    """Read original messages: "Show original", .eml files, pasted text in any of the usual damages. - is stdin.

    Nothing leaves this machine. A file that cannot be read is named, and the others are read all the same.

    Example: lasthop original received.eml --jsonl
    """
    unread = 0
    with looking(Workspace(Path(workspace))) if workspace else nullcontext() as snapshot:
        for file in files:
            try:
                data = _bytes(file)
            except InputError as error:
                say(f"lasthop: {error}")
                unread += 1
                continue
            evidence = read_evidence(read_original(data))
            inside = find_forwarded(data, evidence.original)
            if attached and inside and inside.content:
                data, inside = inside.content, None
                evidence = read_evidence(read_original(data))
            route = read_route(evidence.original)
            found = _messages(snapshot, evidence.original, data) if snapshot else None
            if jsonl:
                put_jsonl([original_document(file, evidence, route, found, inside)])
            else:
                _put_original(file, evidence, route, found, inside)
    return 2 if unread else 0


def _bytes(file: str) -> bytes:
    """What a file holds. Raises InputError where it cannot be read."""
    if file != "-" and not Path(file).is_file():
        raise InputError(f"{file} is no file.", hint="Name files with messages, or - for standard input.")
    try:
        with click.open_file(file, "rb") as stream:
            return bytes(stream.read())
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror}.") from error


def _messages(snapshot: Snapshot, original: Original, data: bytes) -> list[Candidate]:
    """The messages that it may be; of a bounce mail those that the message it brings back may be."""
    bounce = read_dsn(data)
    if bounce is None:
        return find_message(snapshot, original)
    return find_message(snapshot, bounce.returned.original) if bounce.returned else []


def _put_original(
    file: str, evidence: Evidence, route: Route, found: list[Candidate] | None, inside: Forwarded | None
) -> None:
    put_table(
        ["line", "by", "time (UTC)", "after", "from", "with", "TLS"],
        [_row(leg, route) for leg in route.legs],
        title=visible(file if file != "-" else "standard input"),
    )
    asked = [("In this workspace", _candidates(found))] if found is not None else []
    if inside:
        hint = " Add --attached to read it." if inside.attached else ""
        told = forwarded_said(inside, outer=bool(evidence.original.hops)).text
        asked = [("A message inside", [shown(f"{told}{hint}")]), *asked]
    for title, sentences in (*asked, *chapters(evidence, route)):
        if sentences:
            click.echo(f"\n{title}")
            for said in sentences:
                click.echo(visible(f"  {said}"))


def _candidates(found: list[Candidate]) -> list[str]:
    if not found:
        return ["No message fits."]
    return [
        f"{one.message} ({one.key}, {one.confidence}): {'; '.join((*one.speaks_for, *one.speaks_against))}."
        for one in found
    ]


def _row(leg: Leg, route: Route) -> tuple[str | None, ...]:
    hop = leg.hop
    cells = (
        str(hop.line),
        place(hop),
        iso_time(hop.stamp.time) if hop.stamp else "no stamp",
        after(leg) + (" ← longest" if leg is route.slowest else ""),
        hop.peer.ptr or hop.from_,
        hop.with_,
        str(hop.tls) if hop.tls else None,
    )
    return tuple(cell and shown(cell)[:80] for cell in cells)


def chapters(evidence: Evidence, route: Route) -> Iterator[tuple[str, list[str]]]:
    """Each title with the sentences below it; a chapter without any comes as well."""
    header = evidence.original.header
    yield "The way", _sentences(route_said(evidence.original, route))
    yield "Which message it is", _ids(evidence)
    yield "Who sent it", _sentences(sender_said(evidence))
    yield "SPF, DKIM, DMARC", _sentences(authentication_said(evidence))
    yield "Forwarding and lists", _sentences(trail_said(evidence))
    yield "Filters", _sentences(verdicts_said(evidence))
    yield "Display", _sentences(display_said(header))
    yield "The text", [f"{d.says}{f' (line {d.line})' if d.line else ''}" for d in evidence.original.defects]


def _sentences(found: tuple[Said, ...]) -> list[str]:
    """Each with how well it is known and the lines that it rests on."""
    lines = (", ".join(f"{cite.name} in line {cite.line}" for cite in said.cites) for said in found)
    known = (f" ({said.known})" if said.known else "" for said in found)
    return [
        shown(f"{said.text}{how}{f' [{cited}]' if cited else ''}")
        for said, how, cited in zip(found, known, lines, strict=True)
    ]


def _ids(evidence: Evidence) -> list[str]:
    sendgrid = evidence.original.sendgrid
    named = [
        ("Message-ID", evidence.original.message_id),
        ("SendGrid X-Message-Id", sendgrid and sendgrid.x_message_id),
        ("SendGrid message id begins with", sendgrid and sendgrid.message_id_prefix),
        ("SendGrid account", sendgrid and sendgrid.user_id),
        ("Sent first to", sendgrid and sendgrid.recipient),
    ]
    return [shown(f"{name}: {value}")[:400] for name, value in named if value]
