"""README.md of a pack: the question, what each message came to, on what evidence, and what is not in here.

Whatever a stranger wrote stands in code spans and fences; nothing of it is markup.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lasthop import __version__
from lasthop.explain import Dossier, in_words
from lasthop.model.outcomes import MEANINGS
from lasthop.pack.case import Case
from lasthop.pack.gaps import Lists
from lasthop.pack.letters import NotMade
from lasthop.pack.markdown import code_span, counted, fence, inert, labelled
from lasthop.pack.originals import ReadOriginal
from lasthop.pack.redact import Level, Redaction
from lasthop.pack.rows import NO_EVENT, SENT_BASIS, Sources, file_of
from lasthop.pack.scope import COUNTED, Scope
from lasthop.pack.ticket import FIELDS, not_supplied, per_message, reference_in_words
from lasthop.store import Source
from lasthop.trace import Event, Message, Tie

IN_FULL = 200
"""So many messages are told one by one; nobody reads more, and the tables hold all of them."""

CITED = 30
"""So many events are named as the evidence for one message."""

HEADER = 20_000
"""So many characters of the pasted header stand on the page."""

MEMBERS = {
    "README.md": "this page",
    "index.html": "the same to look at, with pictures: opens by double click, asks nothing of anywhere",
    "messages.csv": "one row per message: outcome, confidence, cause, who can fix it, ids",
    "timeline.csv": "one row per event: UTC and local time, who says it, the reply unaltered, file and line",
    "identifiers.csv": "one row per id, and what SendGrid's ids say when decoded (inferred: it is not documented)",
    "stop-lists.csv": "entries of the loaded stop lists for these recipients",
    "scope.csv": "how other mail in the same days fared: addresses, domains, providers, templates, senders, everything",
    "same-reason.csv": "other messages with the same reason and the same reply but for numbers and addresses",
    "stop-lists-asked.csv": "which of SendGrid's stop lists were asked; not asked is not the same as not listed",
    "checks.md": "what was checked, by whom, what was looked at, and what could not be",
    "hops.csv": "one row per server that an original passed, with the delay; the oldest first",
    "authentication.csv": "one row per SPF, DKIM, DMARC … result in an original, and whether it counts",
    "letters/": "a letter to each desk that can do something, to be read before it is sent",
    "attached/": "files that somebody put into the case",
    "raw/index.csv": "message and event -> file and line of the evidence",
    "raw/": "the lines as they stood in each source, byte for byte in its own encoding, the header line first",
    "manifest.json": "sources and members with their SHA-256, and what this pack was made from",
}


@dataclass(frozen=True)
class Cover:
    """What the page says about the pack as a whole. Instants are epoch milliseconds UTC."""

    case: Case
    redaction: Redaction
    messages: int
    first_ms: int
    last_ms: int
    shown: Sequence[Message]
    """The first messages, which are told one by one."""
    zone: str
    as_of_ms: int | None
    """None: no event of the service is loaded."""
    assumed: frozenset[str]
    """SHA-256 of the sources whose clock was chosen."""
    lists: Lists
    sources: Sequence[Source]
    gaps: Sequence[str]
    addresses: int
    """How many addresses leave in full."""
    masked: int
    """How many addresses and names are masked."""
    scope: Scope | None
    originals: Sequence[ReadOriginal]
    not_made: Sequence[NotMade]


def head(cover: Cover) -> str:
    """The page up to the messages."""
    case, zone = cover.case, cover.zone
    return "\n\n".join(
        [
            f"# Evidence pack {code_span(case.id)}",
            *_given(("Case", case.title), ("Question", case.question), ("Who asks whom", case.asks)),
            "\n".join(
                [
                    f"- Time zone: {code_span(zone)}; every time here says its zone, the tables give UTC as well",
                    f"- Period: {in_words(cover.first_ms, zone)} to {in_words(cover.last_ms, zone)}",
                    f"- {_state(cover.as_of_ms, zone)}",
                    f"- Contents: {counted(cover.messages, 'message')}, {_addresses(cover)}",
                    f"- Redaction level: **{cover.redaction.level}** — {cover.redaction.in_words}",
                    f"- Made by: lasthop {__version__}",
                ]
            ),
            *_given(("Notes", case.notes)),
            "## Messages",
            "",
        ]
    )


def _addresses(cover: Cover) -> str:
    if cover.redaction.level is Level.FULL:
        return f"{counted(cover.addresses, 'address', 'addresses')} of senders and recipients"
    return f"{counted(cover.masked, 'address or name', 'addresses and names')} masked, each always by the same mask"


def _given(*lines: tuple[str, str]) -> Iterator[str]:
    """The lines that somebody filled in."""
    return (labelled(label, text) for label, text in lines if text.strip())


def _state(as_of_ms: int | None, zone: str) -> str:
    if as_of_ms is None:
        return "No event of the e-mail service is loaded"
    return f"State as of: {in_words(as_of_ms, zone)}, the newest event of the service that was loaded"


def section(number: int, known: Dossier, sources: Sources, zone: str) -> str:
    """What is to be said of one message."""
    message, said = known.message, known.verdict
    if not known.timeline:
        to, named = code_span(message.recipient), code_span(message.message)
        return f"### {number}. To {to}\n\n{NO_EVENT}\n\n- Message: {named}\n\n"
    last_reply = [f"- Last reply: {code_span(message.last_reply)}"] if message.last_reply else []
    return "\n".join(
        [
            f"### {number}. To {code_span(message.recipient)}",
            "",
            f"**{MEANINGS[message.outcome].title}.** {code_span(said.sentence)}",
            "",
            f"- Confidence: {inert(said.confidence)}",
            f"- Cause: {inert(said.cause)}" + (f" ({code_span(said.reason)})" if said.reason else ""),
            f"- Who can fix it: {inert(said.who)}",
            f"- Message: {code_span(message.message)}, subject {code_span(message.subject)}",
            f"- From: {code_span(message.sender)}",
            f"- Sent: {in_words(message.sent_ms, zone)} ({SENT_BASIS[message.sent_basis]})",
            *_listed("Evidence", _evidence(known, sources, zone)),
            *_listed("Tied to it", _ties(known, sources)),
            *_listed("Next steps", (inert(step.in_words) for step in said.next_steps)),
            *_listed("Limits", (inert(limit) for limit in said.limits)),
            *last_reply,
            "",
            "",
        ]
    )


def _listed(title: str, lines: Iterator[str]) -> list[str]:
    entries = [f"  - {line}" for line in lines]
    return [f"- {title}:", *entries] if entries else []


def _evidence(known: Dossier, sources: Sources, zone: str) -> Iterator[str]:
    events = {event["event_id"]: event for event in known.timeline}
    cited = [events[each] for each in known.verdict.evidence if each in events]
    yield from (_event(event, sources, zone) for event in cited[:CITED])
    if len(cited) > CITED:
        yield f"and {counted(len(cited) - CITED, 'more event')}, see timeline.csv"
    if not cited:
        yield "no event decides it; timeline.csv has all that is known"


def _event(event: Event, sources: Sources, zone: str) -> str:
    when = in_words(event["time_ms"], zone) if event["time_ms"] is not None else "no time given"
    place = f"{code_span(file_of(event, sources))} line {event['source_line']}"
    return f"{event['kind']}, {when}: {place} (event {code_span(event['event_id'])})"


def _ties(known: Dossier, sources: Sources) -> Iterator[str]:
    events = {event["event_id"]: event for event in known.timeline}
    return (_tie(tie, events.get(tie.event), sources) for tie in known.ties)


def _tie(tie: Tie, event: Event | None, sources: Sources) -> str:
    place = f"{code_span(file_of(event, sources))} line {event['source_line']}" if event else "an event that is gone"
    against = f"; against: {'; '.join(map(inert, tie.speaks_against))}" if tie.speaks_against else ""
    return f"{place}, {tie.confidence}: {'; '.join(map(inert, tie.speaks_for))}{against} (event {code_span(tie.event)})"


def tail(cover: Cover) -> str:
    """The page behind the messages."""
    left_out = cover.messages - len(cover.shown)
    more = [f"{counted(left_out, 'more message')}: see `messages.csv`.", ""] if left_out > 0 else []
    return "\n".join(
        [
            *more,
            *_ticket(cover),
            *_scope(cover),
            *_originals(cover.originals),
            "",
            "## Stop lists",
            "",
            f"Loaded, so asked: {', '.join(cover.lists.loaded) or 'none'}. "
            f"Not loaded, so not asked: {', '.join(cover.lists.not_loaded) or 'none'}. "
            "An address that is not in `stop-lists.csv` was not on the lists that were asked when they were exported; "
            "of group_unsubscribes only the groups whose files were loaded are known.",
            "",
            "What was checked, what was looked at and what could not be: `checks.md`.",
            "",
            "## Files",
            "",
            *(f"- `{name}`: {what}" for name, what in _members(cover)),
            "",
            *_HOW_TO_READ,
        ]
    )


_MASKED_RAW = "the lines as they stood in each source but for masked addresses and names, the header line first"


def _members(cover: Cover) -> Iterator[tuple[str, str]]:
    """What is in the pack at its level, and what each is."""
    for name, what in MEMBERS.items():
        if name == "attached/" and not cover.case.attachments:
            continue
        if name != "raw/" or cover.redaction.level is Level.FULL:
            yield name, what
        elif cover.redaction.level is Level.MASKED:
            yield name, _MASKED_RAW


def _scope(cover: Cover) -> Iterator[str]:
    scope, zone = cover.scope, cover.zone
    if scope is None:
        return
    yield from ("", "## One address, or more?", "", code_span(scope.sentence), "")
    days = f"{in_words(scope.from_ms, zone)} to {in_words(scope.until_ms, zone)}"
    yield f"In `scope.csv`: messages sent {days}. {COUNTED}"
    alike = scope.alike[scope.alike["n"] > 0].head(10)
    for reason, form, n, recipients, first, last in alike.itertuples(index=False, name=None):
        said = f"{code_span(reason)}, {code_span(form)}" if isinstance(form, str) else code_span(reason)
        span = f", {in_words(int(first), zone)} to {in_words(int(last), zone)}"
        others = counted(recipients, "other address", "other addresses")
        yield f"\n- Same reason {said}: {counted(n, 'other message')} to {others}{span}"


def _originals(found: Sequence[ReadOriginal]) -> Iterator[str]:
    if not found:
        return
    yield from ("", "## Original messages", "")
    yield "Every hop is in `hops.csv`, every result in `authentication.csv`."
    for one in found:
        yield from ("", f"### {code_span(one.file)}", "", inert(one.about), "")
        for said in one.sentences:
            cited = "".join(f"; {code_span(cite.name)} line {cite.line}" for cite in said.cites)
            yield f"- {inert(said.text)} ({said.strength.replace('_', ' ')}{cited})"
        if one.more:
            yield f"- and {counted(one.more, 'more sentence')}"


_HOW_TO_READ = (
    "Numbers of attempts in `timeline.csv` and `identifiers.csv` are SendGrid's own and begin at 0. `time_basis` says "
    "how sure an instant is: explicit, offset_given, inferred or assumed (the clock was chosen); `time_raw` is what "
    "the source wrote.",
    "",
    "In the tables a text that a spreadsheet would take for a formula, a number or a date has an apostrophe in front; "
    "`raw/` has it as it stood.",
    "",
    "`lasthop verify` checks every file against `manifest.json`. A manifest that was rewritten with them passes: "
    "compare the SHA-256 of the whole pack with the one that its maker tells you, or check a signature with "
    "`lasthop verify --key`.",
    "",
)


def _ticket(cover: Cover) -> list[str]:
    case, messages, zone, ticket = cover.case, cover.shown, cover.zone, cover.case.ticket
    reference = ticket.get("reference", "").strip()
    meant = reference_in_words(reference) if reference else None
    header = ticket.get("header", "").strip("\r\n")
    named = f"- {FIELDS['reference'].label}: {code_span(reference)}" + (f" ({code_span(meant)})" if meant else "")
    lacking = not_supplied(case, messages, original=bool(cover.originals))
    return [
        "## For the ticket",
        "",
        *([named] if reference else []),
        *(f"- {_of_message(message, ticket, zone)}" for message in messages),
        *(["", f"{FIELDS['header'].label}:", "", fence(header[:HEADER])] if header.strip() else []),
        *(["", f"Of {len(header):,} characters the first {HEADER:,}."] if len(header) > HEADER else []),
        *(["", f"Not supplied: {inert('; '.join(lacking))}."] if lacking else []),
    ]


def _of_message(message: Message, ticket: Mapping[str, str], zone: str) -> str:
    def filled(name: str) -> str:
        return ticket.get(per_message(name, message.message), "").strip()

    told = (("No.", filled("number")), ("From", filled("sender") or message.sender), ("To", message.recipient))
    parts = [f"{label} {code_span(text)}" for label, text in told if text]
    return f"{code_span(message.message)}: {', '.join([*parts, in_words(message.sent_ms, zone)])}"
