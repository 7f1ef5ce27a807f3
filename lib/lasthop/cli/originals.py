"""original: what received messages say of themselves."""

from pathlib import Path

import click

from lasthop.cli.options import jsonl_option, put_jsonl, put_table, visible
from lasthop.cli.original_document import hop_place, iso_time, original_document
from lasthop.errors import InputError
from lasthop.original import read_original
from lasthop.original.evidence import Evidence, read_evidence
from lasthop.original.route import Leg, Route, read_route


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@jsonl_option
def original(files: tuple[str, ...], jsonl: bool) -> None:
    """Read original messages: "Show original", .eml files, pasted text in any of the usual damages. - is stdin.

    Nothing leaves this machine.

    Example: lasthop original received.eml --jsonl
    """
    read = ((file, _read(file)) for file in files)
    if jsonl:
        put_jsonl(original_document(file, evidence, read_route(evidence.original)) for file, evidence in read)
        return
    for file, evidence in read:
        _put_original(file, evidence, read_route(evidence.original))


def _read(file: str) -> Evidence:
    if file != "-" and not Path(file).is_file():
        raise InputError(f"{file} is no file.", hint="Name files with messages, or - for standard input.")
    with click.open_file(file, "rb") as stream:
        return read_evidence(read_original(stream.read()))


def _put_original(file: str, evidence: Evidence, route: Route) -> None:
    title = file if file != "-" else "standard input"
    put_table(
        ["by", "time (UTC)", "after", "from", "with", "TLS"],
        [_row(leg, route) for leg in route.legs],
        title=visible(title),
    )
    for line in (*_way(route), *_ids(evidence)):
        click.echo(visible(line))
    if evidence.results:
        put_table(
            ["check", "result", "domain", "aligned", "said by", "counts"],
            [
                (said.method, said.result, domain, aligned, given.authserv or "nobody named", evidence.standing(given))
                for given in evidence.results
                for said in given.results
                for domain, aligned in [_domain(evidence, said)]
            ],
        )
    if evidence.verdicts:
        put_table(
            ["filter", "field", "value", "means"],
            [(v.filter, v.title, v.value, v.meaning.says if v.meaning else "not told") for v in evidence.verdicts],
        )
    for defect in evidence.original.defects:
        click.echo(visible(f"Note: {defect.says}" + (f" (line {defect.line})" if defect.line else "")))


def _row(leg: Leg, route: Route) -> tuple[str | None, ...]:
    hop = leg.hop
    return (
        hop_place(hop),
        iso_time(hop.stamp.time) if hop.stamp else "no stamp",
        _after(leg) + (" ← longest" if leg is route.slowest else ""),
        hop.peer.ptr or hop.from_,
        hop.with_,
        str(hop.tls) if hop.tls else None,
    )


def _after(leg: Leg) -> str:
    """The delay as one figure, or as the range that believable clocks allow."""
    if leg.delay is None:
        return ""
    if leg.low is not None and leg.low == leg.high:
        return in_time(leg.low)
    if leg.high is None:
        return f"{in_time(leg.low or 0.0)} or more"
    return f"{in_time(leg.low or 0.0)} to {in_time(leg.high)}"


def in_time(seconds: float) -> str:
    """``3 s``, ``4 min 10 s``, ``2 h 5 min``."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def _way(route: Route) -> list[str]:
    lines = [f"On the way for {in_time(route.total)}, by the clocks that agree."] if route.total is not None else []
    for skew in route.skews:
        whose = skew.host or "the sender (Date)"
        off = "is off" if skew.certain else "or another one is off; the header does not tell which"
        lines.append(f"The clock of {whose} {off} (line {skew.reading.line}).")
    return lines


def _ids(evidence: Evidence) -> list[str]:
    sendgrid = evidence.original.sendgrid
    named = [
        ("Message-ID", evidence.original.message_id),
        ("SendGrid X-Message-Id", sendgrid and sendgrid.x_message_id),
        ("SendGrid message id begins with", sendgrid and sendgrid.message_id_prefix),
        ("SendGrid account", sendgrid and sendgrid.user_id),
        ("Sent first to", sendgrid and sendgrid.recipient),
    ]
    return [f"{name}: {value}" for name, value in named if value]


def _domain(evidence: Evidence, said: object) -> tuple[str | None, str | None]:
    check = next((each for each in evidence.checks if each.said is said), None)
    return (check.domain, check.aligned) if check else (None, None)
