"""events, messages, trace: what was found."""

from collections.abc import Iterator
from typing import Any

import click

from lasthop.cli.options import (
    in_order,
    instant,
    json_option,
    jsonl_option,
    looking,
    put_json,
    put_jsonl,
    put_table,
    visible,
    workspace_option,
)
from lasthop.cli.options import zone as zone_named
from lasthop.errors import NotFound
from lasthop.explain import Dossier, dossier, dossier_json, event_json, in_words, iso, reasons_for_silence
from lasthop.model.columns import EVENT_COLUMNS
from lasthop.model.outcomes import MEANINGS, Outcome
from lasthop.reply import LABELS
from lasthop.store import Snapshot, Workspace
from lasthop.trace import Query, Stage, each_message, get_message, resolve, stages, timeline

_COLUMNS = ", ".join(EVENT_COLUMNS)


@click.command()
@click.option("--message", "message_id", metavar="ID", help="Only the events of this message, tied ones too.")
@click.option("--recipient", metavar="ADDRESS", help="Only the events of this address.")
@workspace_option
@jsonl_option
def events(message_id: str | None, recipient: str | None, workspace: Workspace, jsonl: bool) -> None:
    """Show the canonical events, oldest first.

    Example: lasthop events --recipient hanako@mail.example --jsonl
    """
    with looking(workspace) as snapshot:
        if message_id:
            found: Any = [
                e for m in one_or_more(snapshot, message_id) for e in timeline(snapshot, get_message(snapshot, m))
            ]
        else:
            found = _all_events(snapshot, recipient)
        if jsonl:
            put_jsonl(event_json(event) for event in found)
        else:
            put_table(
                ["time", "vantage", "kind", "recipient", "reply"],
                [(iso(e["time_ms"]), e["vantage"], e["kind"], e["recipient"], (e["reply"] or "")[:80]) for e in found],
            )


def _all_events(snapshot: Snapshot, recipient: str | None) -> Iterator[dict[str, Any]]:
    where, values = ("WHERE recipient = ?", [recipient.strip().lower()]) if recipient else ("", [])
    return snapshot.batches(f"SELECT {_COLUMNS} FROM events {where} ORDER BY time_ms NULLS FIRST, event_id", values)


@click.command()
@click.option("--to", "to", metavar="ADDRESS", default="", help="Only this recipient, or @domain.")
@click.option(
    "--outcome", "outcomes", multiple=True, type=click.Choice([str(o) for o in Outcome]), help="May be repeated."
)
@click.option("--since", metavar="TIME", help="Sent at or after; UTC unless an offset is given.")
@click.option("--until", metavar="TIME", help="Sent before.")
@click.option("--reason", default="", help="Only messages with this reason.", type=click.Choice(["", *sorted(LABELS)]))
@workspace_option
@jsonl_option
def messages(
    to: str,
    outcomes: tuple[str, ...],
    since: str | None,
    until: str | None,
    reason: str,
    workspace: Workspace,
    jsonl: bool,
) -> None:
    """List one row per message, oldest first.

    Example: lasthop messages --to @docomo.example --outcome blocked --since 2026-11-01 --jsonl
    """
    query = Query(
        outcomes=tuple(Outcome(outcome) for outcome in outcomes),
        since_ms=instant(since),
        until_ms=instant(until),
        domain=to[1:].lower() if to.startswith("@") else "",
        recipient="" if to.startswith("@") else to,
        reason=reason,
    )
    in_order(query.since_ms, query.until_ms)
    with looking(workspace) as snapshot:
        found = each_message(snapshot, query)
        if jsonl:
            put_jsonl(message_json(row) for row in found)
        else:
            put_table(
                ["message", "sent", "outcome", "reason", "recipient", "subject"],
                [
                    (
                        r["message"],
                        iso(r["sent_ms"]),
                        r["outcome"],
                        r["reason"],
                        r["recipient"],
                        (r["subject"] or "")[:60],
                    )
                    for r in found
                ],
            )


def message_json(row: dict[str, Any]) -> dict[str, Any]:
    """A message as scripts get it; ``reason`` is null when nothing refused it, or no source tells why."""
    return {
        "message": row["message"],
        "recipient": row["recipient"],
        "sender": row["sender"],
        "subject": row["subject"],
        "sent": iso(row["sent_ms"]),
        "outcome": row["outcome"],
        "final": MEANINGS[Outcome(row["outcome"])].final,
        "reason": row["reason"],
        "last_reply": row["last_reply"],
        "attempts": row["attempts"],
        "first_event": iso(row["first_ms"]),
        "last_event": iso(row["last_ms"]),
        "provider_message_id": row["provider_message_id"],
        "x_message_id": row["x_message_id"],
        "link": {"key": row["link_key"], "confidence": row["link_confidence"]},
    }


@click.command()
@click.argument("id", metavar="ID")
@click.option("--timezone", "zone", metavar="ZONE", default="UTC", callback=zone_named, help="Zone of times in words.")
@workspace_option
@json_option
def trace(id: str, zone: str, workspace: Workspace, as_json: bool) -> None:
    """Tell where a message got to: any id of any system, or an address.

    Several candidates are listed.

    Example: lasthop trace '<k2ynMg3XS1qDPmHIqsFJFA@geopod-ismtpd-1>' --json
    """
    with looking(workspace) as snapshot:
        found = one_or_more(snapshot, id)
        if len(found) > 1:
            _put_candidates(snapshot, found, as_json)
            return
        known = dossier(snapshot, found[0], zone)
    if as_json:
        put_json(dossier_json(known))
    else:
        _put_dossier(known, zone)


def one_or_more(snapshot: Snapshot, text: str) -> list[str]:
    """Our ids of the messages that answer to ``text``; NotFound when none does."""
    found = resolve(snapshot, text)
    if not found:
        silent = reasons_for_silence(text.strip().lower())
        raise NotFound(
            f"Nothing in this workspace answers to {text!r}.",
            hint=silent[0].says if len(silent) == 1 else "lasthop sources shows which time the loaded files cover.",
        )
    return found


def _put_candidates(snapshot: Snapshot, ids: list[str], as_json: bool) -> None:
    chosen = set(ids)
    rows = [row for row in each_message(snapshot, Query()) if row["message"] in chosen]
    if as_json:
        put_json({"candidates": [message_json(row) for row in rows]})
        return
    put_table(
        ["message", "sent", "outcome", "recipient", "subject"],
        [(r["message"], iso(r["sent_ms"]), r["outcome"], r["recipient"], (r["subject"] or "")[:60]) for r in rows],
        title=f"{len(rows)} messages answer to that; name one of them",
    )


def _put_dossier(known: Dossier, zone: str) -> None:
    said = known.verdict
    click.echo(visible(f"{MEANINGS[said.outcome].title}: {said.sentence}"))
    click.echo(visible(f"Cause: {said.cause}. Who can fix it: {said.who}."))
    click.echo(visible(f"Confidence: {said.confidence}."))
    put_table(
        ["time", "who says it", "event", "attempts", "reply", "tie"], [_stage(s, zone) for s in stages(known.timeline)]
    )
    for step in said.next_steps:
        click.echo(visible(f"Next: {step.in_words}"))
    if known.typo:
        click.echo(visible(f"Perhaps meant: {known.typo.suggestion}. {known.typo.why}"))
    for limit in said.limits:
        click.echo(f"Limit: {limit}")


def _stage(stage: Stage, zone: str) -> tuple[str, ...]:
    """A folded line of the timeline: repeated attempts with one answer, or one event that several sources report."""
    first = stage.events[0]
    until = f", last {in_words(stage.last_ms, zone)}" if stage.attempts > 1 else ""
    attempts = f"{stage.attempts}{until}" if stage.attempts else ""
    reply = " ".join((stage.reply or "").split())[:90]
    return in_words(stage.first_ms, zone), first["vantage"], stage.kind, attempts, reply, first["tie"]
