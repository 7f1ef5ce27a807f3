"""Message and its events -> what happened, who can fix it, what to do next, in words that cite events."""

import re
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

from lasthop.model.kinds import ACCEPTANCE, BOUNCES, Kind
from lasthop.model.outcomes import MEANINGS, RETRY_WINDOW_H, Outcome
from lasthop.trace import Event, Message


@dataclass(frozen=True)
class Step:
    """One thing to do, and where the advice comes from."""

    text: str
    source: str


@dataclass(frozen=True)
class Verdict:
    """What can be said of a message. ``reason`` is None while no rule names one; ``evidence`` are event ids."""

    outcome: Outcome
    cause: str
    reason: str | None
    confidence: str
    who: str
    final: bool
    sentence: str
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


def verdict(message: Message, events: list[Event], as_of_ms: int, zone: str = "UTC") -> Verdict:
    """The verdict on ``message`` from its timeline, stated as of ``as_of_ms``; times in words carry ``zone``."""
    decisive = [e for e in events if e["kind"] in _DECISIVE[message.outcome] and e["tie"] != "ambiguous"]
    entry = _catalogue()[_entry_name(message, decisive, as_of_ms) if events else "no_events"]
    return Verdict(
        outcome=message.outcome,
        cause=entry["cause"],
        reason=None,
        confidence=_confidence(message, decisive),
        who=entry["who"],
        final=MEANINGS[message.outcome].final,
        sentence=_filled(entry["sentence"], _values(message, decisive, as_of_ms, zone)),
        next_steps=tuple(Step(**step) for step in entry["next_steps"]),
        evidence=tuple(e["event_id"] for e in decisive),
        limits=tuple(entry["limits"]),
    )


@cache
def _catalogue() -> dict[str, Any]:
    text = resources.files("lasthop.explain").joinpath("catalogue", "outcomes.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _entry_name(message: Message, decisive: list[Event], as_of_ms: int) -> str:
    kinds = {event["kind"] for event in decisive}
    if message.outcome is Outcome.WAITING and as_of_ms > _gives_up_ms(message):
        return "waiting_past_window"
    if message.outcome is Outcome.ACCEPTED and Kind.DELIVERED not in kinds:
        return "accepted_from_engagement"
    if message.outcome in (Outcome.BLOCKED, Outcome.EXPIRED) and _unanswered(decisive):
        return f"{message.outcome}_unanswered"
    if message.outcome is Outcome.BOUNCED and kinds == {Kind.BOUNCE_UNTYPED}:
        return "bounced_untyped"
    if message.outcome is Outcome.UNKNOWN and message.provider_last_ms is None:
        return _unknown_name(message)
    return str(message.outcome)


def _unknown_name(message: Message) -> str:
    """Which entry speaks of an application row without any provider event."""
    if message.last_kind == Kind.LOGGED:
        return "unknown_not_understood"
    return "unknown_ambiguous" if message.link_confidence == "ambiguous" else "unknown_no_provider"


def _unanswered(decisive: list[Event]) -> bool:
    """Whether the text that decided is SendGrid's own (a dial error, a time-out): an SMTP reply has a code."""
    told = [event for event in decisive if event["reply"]]
    return bool(told) and not any(event["reply_code"] or event["enhanced_code"] for event in told)


def _gives_up_ms(message: Message) -> int:
    return message.open_since_ms + RETRY_WINDOW_H * 3_600_000


def _confidence(message: Message, decisive: list[Event]) -> str:
    """certain: an event of the message itself says so; probable: it was tied to it; none: nothing was found."""
    if message.outcome is Outcome.UNKNOWN or not decisive:
        return "none: no event decides it"
    if any(event["tie"] in ("own", "exact", "high") for event in decisive):
        return "certain: an event of this message says so"
    return "probable: the deciding event has no id and was tied by recipient and time"


def _values(message: Message, decisive: list[Event], as_of_ms: int, zone: str) -> dict[str, str | None]:
    last = decisive[-1] if decisive else None
    if message.outcome is Outcome.ACCEPTED:
        last = next((event for event in decisive if event["kind"] == Kind.DELIVERED), last)
    code = last and (last["enhanced_code"] or last["reply_code"])
    return {
        "sent": in_words(message.sent_ms, zone),
        "last": in_words(last["time_ms"] if last else message.last_ms, zone),
        "until": in_words(_gives_up_ms(message), zone),
        "as_of": in_words(as_of_ms, zone),
        "host": last["host"] if last else None,
        "code": code or None,
        "attempts": f"{message.attempts} attempt{'s' * (message.attempts != 1)}" if message.attempts else None,
    }


def in_words(time_ms: int, zone: str) -> str:
    """An instant for people, with its zone: ``2026-11-02 10:15:07 JST (UTC+09:00)``; UTC stays ``UTC``."""
    local = datetime.fromtimestamp(time_ms // 1000, UTC).astimezone(ZoneInfo(zone))
    if zone == "UTC":
        return f"{local:%Y-%m-%d %H:%M:%S} UTC"
    offset = f"{local:%z}"
    return f"{local:%Y-%m-%d %H:%M:%S} {local.tzname()} (UTC{offset[:3]}:{offset[3:]})"


def _filled(template: str, values: dict[str, str | None]) -> str:
    def optional(part: re.Match[str]) -> str:
        names = re.findall(r"{(\w+)}", part[1])
        return part[1] if all(values.get(name) for name in names) else ""

    return re.sub(r"\[([^\]]*)\]", optional, template).format_map({k: v or "" for k, v in values.items()})
