"""Why: from what refused the message to a cause in words, who can fix it, and what to do."""

from collections.abc import Sequence
from dataclasses import dataclass

from lasthop.explain.advice import Step
from lasthop.explain.causes import Match, design_cause, drop_cause, refusal_causes
from lasthop.model.outcomes import Outcome
from lasthop.reply import Confidence, Reason, reasons
from lasthop.trace import Event, Message

UNTOLD = ("unclassified", "message_expired", "suppressed")
"""Reasons that name no cause: what the outcome itself says is as much."""

_REPLIES = "lasthop, catalogue of replies"
_SURE = {
    Confidence.HIGH: "the words of the reply name the cause",
    Confidence.MEDIUM: "the cause is likely: it follows from the reply's code, or from words that leave room",
    Confidence.LOW: "the cause is inferred from a code that many causes share",
    Confidence.NONE: "the reply names no cause",
}


@dataclass(frozen=True)
class Explanation:
    """A cause: ``id`` in the catalogue or label of the reason; ``says`` in sentences; ``by`` what it was found by.

    ``sure`` is False when it is inferred. ``evidence`` are the ids of the events it rests on. ``stop_list`` is the list
    that a drop speaks of, else None.
    """

    id: str
    cause: str
    says: tuple[str, ...]
    who: str
    limits: tuple[str, ...]
    next_steps: tuple[Step, ...]
    by: str
    sure: bool
    evidence: tuple[str, ...]
    stop_list: str | None = None


def explanation(message: Message, decisive: Sequence[Event], reason: Reason | None) -> Explanation | None:
    """Why the message failed or waits; None when nothing that was loaded tells.

    ``decisive`` are the events that decide the outcome, ``reason`` that of the message's deciding reply, if it has one.
    """
    last = next((event for event in reversed(decisive) if event["reply"]), decisive[-1] if decisive else None)
    if message.provider_last_ms is None and (design := design_cause(message.recipient)):
        return _of_catalogue([design], last)
    if message.outcome is Outcome.NOT_HANDED_OVER and last:
        found = refusal_causes(last["reply"], last["reply_code"])
        return _of_catalogue(found, last) if found else None
    if message.outcome is Outcome.SUPPRESSED and last and (drop := drop_cause(last["reply"])):
        return _of_catalogue([drop], last)
    return of_reply(reason, message.reason_event) if reason and reason.label not in UNTOLD else None


def _of_catalogue(found: Sequence[Match], event: Event | None) -> Explanation:
    """One explanation of one or more errors; the first names the cause, the others are said after it."""
    first, causes = found[0], [match.cause for match in found]
    return Explanation(
        id=first.cause.id,
        cause=first.cause.cause,
        says=tuple(cause.says for cause in causes),
        who=first.cause.who,
        limits=tuple(dict.fromkeys(limit for cause in causes for limit in cause.limits)),
        next_steps=tuple(dict.fromkeys(step for cause in causes for step in cause.next_steps)),
        by=("named by " if first.sure else "inferred from ") + " and ".join(match.by for match in found),
        sure=first.sure,
        evidence=(event["event_id"],) if event else (),
        stop_list=first.cause.signal.get("stop_list"),
    )


def of_reply(reason: Reason, event_id: str | None) -> Explanation:
    """The explanation that a classified reply gives."""
    meaning = reasons()[reason.label]
    said = meaning.meaning
    if reason.confidence is Confidence.LOW:
        said = f"As far as its code alone tells: {said[0].lower()}{said[1:]}"
    conflict = (f"Text and code of the reply disagree: {reason.conflict}.",) if reason.conflict else ()
    return Explanation(
        id=reason.label,
        cause=meaning.title[:1].lower() + meaning.title[1:] if meaning.title[1:2].islower() else meaning.title,
        says=(said, *_named(reason)),
        who=reason.who,
        limits=conflict,
        next_steps=(Step(reason.next_step, _REPLIES), *_page(reason)),
        by=_SURE[reason.confidence],
        sure=reason.confidence in (Confidence.HIGH, Confidence.MEDIUM),
        evidence=(event_id,) if event_id else (),
    )


def _named(reason: Reason) -> tuple[str, ...]:
    """What the reply names beside the reason."""
    blocklist = reason.attributes.get("blocklist")
    return (f"The reply names the block list {blocklist}.",) if blocklist else ()


def _page(reason: Reason) -> tuple[Step, ...]:
    url = reason.attributes.get("blocklist_url") or reason.attributes.get("url")
    return (Step(f"Read the receiver's page on it: {url}", "the reply itself"),) if url else ()
