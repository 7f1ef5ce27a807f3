"""How each kind of event is marked in pictures, and on which lane: the system whose doing it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lasthop.model.colours import COLOURS, NEUTRAL
from lasthop.model.kinds import BOUNCES, Kind
from lasthop.model.outcomes import Outcome

LANES = APP, PROVIDER, RECEIVER, HEADER, READER = (
    "Application", "SendGrid", "Receiving server", "Header of the mail", "Recipient"
)  # fmt: skip
WHERE_USED = (HEADER, READER)
"""Lanes that are drawn only where something is on them."""

_AT_APP = (Kind.HANDED_OVER, Kind.REFUSED, Kind.LOGGED)
_AT_RECEIVER = (Kind.DEFERRED, Kind.DELIVERED, *BOUNCES)
_AT_READER = (
    Kind.OPEN, Kind.CLICK, Kind.SPAM_REPORT, Kind.UNSUBSCRIBE, Kind.GROUP_UNSUBSCRIBE, Kind.GROUP_RESUBSCRIBE,
)  # fmt: skip


@dataclass(frozen=True)
class Mark:
    """How a kind of event is drawn: the words, the name of a symbol (plotly's names), a colour."""

    words: str
    symbol: str
    colour: str


def _in(outcome: Outcome) -> str:
    return COLOURS[outcome].colour


MARKS: dict[str, Mark] = {
    Kind.HANDED_OVER: Mark("handed over", "circle", _in(Outcome.ACCEPTED)),
    Kind.REFUSED: Mark("request refused", "x", _in(Outcome.NOT_HANDED_OVER)),
    Kind.LOGGED: Mark("logged", "circle-open", NEUTRAL),
    Kind.RECEIVED: Mark("received", "circle", _in(Outcome.ACCEPTED)),
    Kind.PROCESSED: Mark("processed", "circle", _in(Outcome.ACCEPTED)),
    Kind.DROPPED: Mark("dropped", "x", _in(Outcome.SUPPRESSED)),
    Kind.DEFERRED: Mark("deferred", "line-ns-open", _in(Outcome.BLOCKED)),
    Kind.DELIVERED: Mark("accepted", "circle", _in(Outcome.ACCEPTED)),
    Kind.BOUNCE_HARD: Mark("bounced", "x", _in(Outcome.BOUNCED)),
    Kind.BOUNCE_UNTYPED: Mark("bounced", "x", _in(Outcome.BOUNCED)),
    Kind.BOUNCE_BLOCKED: Mark("blocked", "x", _in(Outcome.BLOCKED)),
    Kind.BOUNCE_EXPIRED: Mark("gave up", "x", _in(Outcome.EXPIRED)),
    Kind.HOP: Mark("taken over", "circle-open", NEUTRAL),
    Kind.OPEN: Mark("opened", "diamond", NEUTRAL),
    Kind.CLICK: Mark("clicked", "diamond", NEUTRAL),
    Kind.SPAM_REPORT: Mark("reported as spam", "x", _in(Outcome.COMPLAINED)),
    Kind.UNSUBSCRIBE: Mark("unsubscribed", "diamond-open", NEUTRAL),
    Kind.GROUP_UNSUBSCRIBE: Mark("unsubscribed from a group", "diamond-open", NEUTRAL),
    Kind.GROUP_RESUBSCRIBE: Mark("subscribed again", "diamond-open", NEUTRAL),
}
OTHER = Mark("another event", "square-open", NEUTRAL)


def lane(kind: str) -> str:
    """The system whose doing an event is; the stamps of a received mail, whoever wrote them, are on one lane."""
    if kind == Kind.HOP:
        return HEADER
    if kind in _AT_APP:
        return APP
    if kind in _AT_RECEIVER:
        return RECEIVER
    return READER if kind in _AT_READER else PROVIDER


def said_last(here: Sequence[Mapping[str, Any]]) -> str:
    """In a few words what came last of these events, oldest first and at least one, and how often it was tried."""
    last = here[-1]["kind"]
    words = MARKS.get(last, OTHER).words
    deferred = len({event["time_ms"] // 1000 for event in here if event["kind"] == Kind.DEFERRED})
    if not deferred:
        return words
    return f"deferred {deferred} ×" if last == Kind.DEFERRED else f"deferred {deferred} ×, {words}"
