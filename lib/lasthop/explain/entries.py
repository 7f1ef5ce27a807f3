"""Which entry of outcomes.toml says what happened: the outcome, told finer where the evidence is of another kind."""

from enum import StrEnum

from lasthop.model.kinds import ACCEPTANCE, BOUNCES, Kind
from lasthop.model.outcomes import RETRY_WINDOW_H, Outcome
from lasthop.reply import Reason
from lasthop.trace import Event, Message


class Entry(StrEnum):
    """The entries of outcomes.toml."""

    ACCEPTED = "accepted"
    ACCEPTED_FROM_ENGAGEMENT = "accepted_from_engagement"
    WAITING = "waiting"
    WAITING_PAST_WINDOW = "waiting_past_window"
    UNKNOWN = "unknown"
    UNKNOWN_NO_PROVIDER = "unknown_no_provider"
    UNKNOWN_AMBIGUOUS = "unknown_ambiguous"
    UNKNOWN_NOT_UNDERSTOOD = "unknown_not_understood"
    NOT_HANDED_OVER = "not_handed_over"
    SUPPRESSED = "suppressed"
    BOUNCED = "bounced"
    BOUNCED_NOT_THE_ADDRESS = "bounced_not_the_address"
    BOUNCED_UNTYPED = "bounced_untyped"
    BLOCKED = "blocked"
    BLOCKED_AFTER_RETRIES = "blocked_after_retries"
    BLOCKED_BY_THE_ADDRESS = "blocked_by_the_address"
    BLOCKED_UNANSWERED = "blocked_unanswered"
    EXPIRED = "expired"
    EXPIRED_UNANSWERED = "expired_unanswered"
    NO_EVENTS = "no_events"
    ACCEPTED_THEN_BOUNCED = "accepted_then_bounced"
    COMPLAINED = "complained"


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


def decisive_of(message: Message, events: list[Event]) -> list[Event]:
    """The events of the timeline that decide the outcome; none that may be another message's."""
    kinds = _DECISIVE[message.outcome]
    return [event for event in events if event["kind"] in kinds and event["tie"] in _deciding(event)]


def _deciding(event: Event) -> tuple[str, ...]:
    """The ties with which an event has a say: of a bounce mail only an id, for it may be of another message."""
    return ("exact",) if event["vantage"] == "receiver" else ("own", "exact", "high", "medium")


def entry_of(message: Message, decisive: list[Event], as_of_ms: int, reason: Reason | None) -> Entry:
    """The entry for a message that has events; ``decisive`` are those that decide its outcome."""
    kinds = {event["kind"] for event in decisive}
    name = Entry(message.outcome)
    match message.outcome:
        case Outcome.WAITING if as_of_ms > message.gives_up_ms:
            name = Entry.WAITING_PAST_WINDOW
        case Outcome.ACCEPTED if Kind.DELIVERED not in kinds:
            name = Entry.ACCEPTED_FROM_ENGAGEMENT
        case Outcome.BLOCKED | Outcome.EXPIRED if _unanswered(decisive):
            name = Entry(f"{message.outcome}_unanswered")
        case Outcome.BLOCKED:
            name = _blocked(message, decisive, reason)
        case Outcome.BOUNCED:
            name = _bounced(kinds, reason)
        case Outcome.UNKNOWN if message.provider_last_ms is None:
            name = _without_provider(message)
    return name


def _bounced(kinds: set[str], reason: Reason | None) -> Entry:
    if kinds == {Kind.BOUNCE_UNTYPED}:
        return Entry.BOUNCED_UNTYPED
    if reason and reason.who not in (*_OF_THE_ADDRESS, "unknown"):
        return Entry.BOUNCED_NOT_THE_ADDRESS
    return Entry.BOUNCED


def _blocked(message: Message, decisive: list[Event], reason: Reason | None) -> Entry:
    if decisive and decisive[-1]["time_ms"] - message.open_since_ms >= _NEARLY_OVER_MS:
        return Entry.BLOCKED_AFTER_RETRIES
    return Entry.BLOCKED_BY_THE_ADDRESS if reason and reason.label in _NO_SUCH_ADDRESS else Entry.BLOCKED


def _without_provider(message: Message) -> Entry:
    """Which entry speaks of an application row without any provider event."""
    if message.last_kind == Kind.LOGGED:
        return Entry.UNKNOWN_NOT_UNDERSTOOD
    return Entry.UNKNOWN_AMBIGUOUS if message.link_confidence == "ambiguous" else Entry.UNKNOWN_NO_PROVIDER


def _unanswered(decisive: list[Event]) -> bool:
    """Whether the text that decided is SendGrid's own (a dial error, a time-out): an SMTP reply has a code."""
    told = [event for event in decisive if event["reply"]]
    return bool(told) and not any(event["reply_code"] or event["enhanced_code"] for event in told)
