"""Message and its events -> what happened, why, who can fix it, what to do next, in words that cite events."""

import re
from dataclasses import dataclass, replace

from lasthop.explain.advice import Step, catalogue, steps
from lasthop.explain.explanation import Explanation, explanation
from lasthop.explain.observed import remarks, values_of
from lasthop.explain.stop_lists import Listing
from lasthop.explain.stop_lists.words import put_by_words
from lasthop.model.kinds import ACCEPTANCE, BOUNCES, Kind
from lasthop.model.outcomes import MEANINGS, RETRY_WINDOW_H, Outcome
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

    ``sentence`` is its clauses in a row; ``cause_id`` names the entry of the catalogue, or is the reason's label;
    ``reason`` is the label of the deciding reply; both are None where nothing tells. ``evidence`` are the ids of the
    events of all clauses.
    """

    outcome: Outcome
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


_DECISIVE: dict[Outcome, tuple[Kind, ...]] = {
    Outcome.ACCEPTED: ACCEPTANCE,
    Outcome.WAITING: (Kind.DEFERRED, Kind.PROCESSED, Kind.RECEIVED),
    Outcome.UNKNOWN: (Kind.DEFERRED, Kind.PROCESSED, Kind.RECEIVED, Kind.HANDED_OVER, Kind.LOGGED),
    Outcome.NOT_HANDED_OVER: (Kind.REFUSED,),
    Outcome.SUPPRESSED: (Kind.DROPPED,),
    Outcome.BLOCKED: (Kind.BOUNCE_BLOCKED,),
    Outcome.BOUNCED: (Kind.BOUNCE_HARD, Kind.BOUNCE_UNTYPED),
    Outcome.EXPIRED: (Kind.BOUNCE_EXPIRED,),
    Outcome.ACCEPTED_THEN_BOUNCED: BOUNCES,
    Outcome.COMPLAINED: (Kind.SPAM_REPORT,),
}
_NEARLY_OVER_MS = (RETRY_WINDOW_H - 2) * 3_600_000
"""The last attempt of a window is made somewhat before its end."""
_NO_SUCH_ADDRESS = ("invalid_recipient", "mailbox_moved", "bad_domain")
_OF_THE_ADDRESS = ("recipient address", "recipient mailbox")


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
    decisive = [e for e in events if e["kind"] in _DECISIVE[message.outcome] and e["tie"] != "ambiguous"]
    why = explanation(message, decisive, reason)
    # What put off a message does not tell how it ended.
    ended = message.outcome is not Outcome.UNKNOWN or message.provider_last_ms is None
    entry = catalogue("outcomes")[_entry_name(message, decisive, as_of_ms, reason) if events else "no_events"]
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


def _entry_name(message: Message, decisive: list[Event], as_of_ms: int, reason: Reason | None) -> str:
    """Which entry of outcomes.toml says what happened."""
    kinds = {event["kind"] for event in decisive}
    name = str(message.outcome)
    match message.outcome:
        case Outcome.WAITING if as_of_ms > message.gives_up_ms:
            name = "waiting_past_window"
        case Outcome.ACCEPTED if Kind.DELIVERED not in kinds:
            name = "accepted_from_engagement"
        case Outcome.BLOCKED | Outcome.EXPIRED if _unanswered(decisive):
            name = f"{message.outcome}_unanswered"
        case Outcome.BLOCKED:
            name = _blocked_name(message, decisive, reason)
        case Outcome.BOUNCED:
            name = _bounced_name(kinds, reason)
        case Outcome.UNKNOWN if message.provider_last_ms is None:
            name = _unknown_name(message)
    return name


def _bounced_name(kinds: set[str], reason: Reason | None) -> str:
    if kinds == {Kind.BOUNCE_UNTYPED}:
        return "bounced_untyped"
    if reason and reason.who not in (*_OF_THE_ADDRESS, "unknown"):
        return "bounced_not_the_address"
    return "bounced"


def _blocked_name(message: Message, decisive: list[Event], reason: Reason | None) -> str:
    if decisive and decisive[-1]["time_ms"] - message.open_since_ms >= _NEARLY_OVER_MS:
        return "blocked_after_retries"
    return "blocked_by_the_address" if reason and reason.label in _NO_SUCH_ADDRESS else "blocked"


def _unknown_name(message: Message) -> str:
    """Which entry speaks of an application row without any provider event."""
    if message.last_kind == Kind.LOGGED:
        return "unknown_not_understood"
    return "unknown_ambiguous" if message.link_confidence == "ambiguous" else "unknown_no_provider"


def _unanswered(decisive: list[Event]) -> bool:
    """Whether the text that decided is SendGrid's own (a dial error, a time-out): an SMTP reply has a code."""
    told = [event for event in decisive if event["reply"]]
    return bool(told) and not any(event["reply_code"] or event["enhanced_code"] for event in told)


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
