"""Message and its events -> what happened, why, who can fix it, what to do next, in words that cite events."""

import re
from dataclasses import dataclass, replace

from lasthop.explain.advice import Step, catalogue, steps
from lasthop.explain.entries import Entry, decisive_of, entry_of
from lasthop.explain.explanation import Explanation, explanation
from lasthop.explain.observed import remarks, values_of
from lasthop.explain.stop_lists import Listing
from lasthop.explain.stop_lists.words import put_by_words
from lasthop.model.outcomes import MEANINGS, Outcome
from lasthop.reply import Reason, reasons
from lasthop.trace import Event, Message


@dataclass(frozen=True)
class Clause:
    """A part of the sentence, and the ids of the events that it rests on."""

    text: str
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Verdict:
    """What can be said of a message.

    ``entry`` names the entry of outcomes.toml that says what happened: the outcome, told finer where the evidence is of
    another kind. ``sentence`` is its clauses in a row; ``cause_id`` names the entry of the catalogue of causes, or is
    the reason's label; ``reason`` is the label of the deciding reply; both are None where nothing tells. ``evidence``
    are the ids of the events of all clauses.
    """

    outcome: Outcome
    entry: Entry
    cause: str
    cause_id: str | None
    reason: str | None
    confidence: str
    who: str
    final: bool
    sentence: str
    clauses: tuple[Clause, ...]
    next_steps: tuple[Step, ...]
    evidence: tuple[str, ...]
    limits: tuple[str, ...]


def verdict(
    message: Message,
    events: list[Event],
    as_of_ms: int,
    zone: str = "UTC",
    reason: Reason | None = None,
    listings: tuple[Listing, ...] = (),
) -> Verdict:
    """The verdict on ``message`` from its timeline, stated as of ``as_of_ms``; times in words carry ``zone``.

    ``reason`` is that of the reply in the message's ``reason_event``, None when it has none; ``listings`` are the stop
    lists of the address.
    """
    decisive = decisive_of(message, events)
    why = explanation(message, decisive, reason)
    # What put off a message does not tell how it ended.
    ended = message.outcome is not Outcome.UNKNOWN or message.provider_last_ms is None
    name = entry_of(message, decisive, as_of_ms, reason) if events else Entry.NO_EVENTS
    entry = catalogue("outcomes")[name]
    values = values_of(message, decisive, as_of_ms, zone)
    clauses = (
        Clause(_filled(entry["sentence"], values), tuple(event["event_id"] for event in decisive)),
        *([Clause(text, why.evidence) for text in why.says] if why else []),
        *(Clause(remark.text, remark.evidence) for remark in remarks(message, events, zone)),
        *_origin(message, why, listings, zone),
    )
    general = steps([*([] if why else entry.get("unexplained", [])), *entry["next_steps"]])
    advice = (*(why.next_steps if why else ()), *(replace(step, text=_filled(step.text, values)) for step in general))
    return Verdict(
        outcome=message.outcome,
        entry=name,
        cause=why.cause if why and ended else entry["cause"],
        cause_id=why.id if why and ended else None,
        reason=message.reason,
        confidence=_confidence(message, decisive, why),
        who=_who(message, why, entry["who"]) if ended else entry["who"],
        final=MEANINGS[message.outcome].final,
        sentence=" ".join(clause.text for clause in clauses),
        clauses=clauses,
        next_steps=tuple(dict.fromkeys(advice)),
        evidence=tuple(dict.fromkeys(event for clause in clauses for event in clause.evidence)),
        limits=tuple(dict.fromkeys((*(why.limits if why else entry.get("unexplained_limits", ())), *entry["limits"]))),
    )


def _origin(message: Message, why: Explanation | None, listings: tuple[Listing, ...], zone: str) -> tuple[Clause, ...]:
    """What put the address on the list that the drop speaks of, where that event is loaded."""
    if message.outcome is not Outcome.SUPPRESSED or why is None or why.stop_list is None:
        return ()
    listing = next((listing for listing in listings if listing.stop_list == why.stop_list), None)
    if listing is None or listing.put_by is None:
        return ()
    return (Clause(put_by_words(listing.put_by, zone), (listing.put_by.event,)),)


def _who(message: Message, why: Explanation | None, otherwise: str) -> str:
    """What passes by itself, or is not known for sure, is nobody's to fix while SendGrid still tries."""
    if why is None:
        return otherwise
    known = reasons().get(why.id)
    passing = not why.sure or (known is not None and known.permanence == "temporary")
    return otherwise if passing and message.outcome is Outcome.WAITING else why.who


def _confidence(message: Message, decisive: list[Event], why: Explanation | None) -> str:
    """How sure outcome and cause are, each with its reason; the first word is that of the weaker one."""
    if not decisive or (message.outcome is Outcome.UNKNOWN and (why is None or message.provider_last_ms is not None)):
        return "none: no event decides it"
    own = any(event["tie"] in ("own", "exact", "high") for event in decisive)
    outcome = (
        "an event of this message says so" if own else "the deciding event has no id and was tied by recipient and time"
    )
    cause = f"; {why.by}" if why else ""
    return f"{'certain' if own and (why is None or why.sure) else 'probable'}: {outcome}{cause}"


def _filled(template: str, values: dict[str, str | None]) -> str:
    def optional(part: re.Match[str]) -> str:
        names = re.findall(r"{(\w+)}", part[1])
        return part[1] if all(values.get(name) for name in names) else ""

    return re.sub(r"\[([^\]]*{\w+}[^\]]*)\]", optional, template).format_map({k: v or "" for k, v in values.items()})
