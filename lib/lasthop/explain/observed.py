"""What the events of a message show beside its outcome, in words: times, attempts, opens, the receiver's own id."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from lasthop.explain.receipt import receipt
from lasthop.model.kinds import Kind
from lasthop.model.outcomes import Outcome
from lasthop.trace import Event, Message


@dataclass(frozen=True)
class Remark:
    """A fact worth saying, and the events that show it."""

    text: str
    evidence: tuple[str, ...]


def in_words(time_ms: int, zone: str) -> str:
    """An instant for people, with its zone: ``2026-11-02 10:15:07 JST (UTC+09:00)``; UTC stays ``UTC``."""
    local = datetime.fromtimestamp(time_ms // 1000, UTC).astimezone(ZoneInfo(zone))
    if zone == "UTC":
        return f"{local:%Y-%m-%d %H:%M:%S} UTC"
    offset = f"{local:%z}"
    return f"{local:%Y-%m-%d %H:%M:%S} {local.tzname()} (UTC{offset[:3]}:{offset[3:]})"


def values_of(message: Message, decisive: list[Event], as_of_ms: int, zone: str) -> dict[str, str | None]:
    """What a sentence of the catalogue may name; None where it is not known."""
    last = decisive[-1] if decisive else None
    if message.outcome is Outcome.ACCEPTED:
        last = next((event for event in decisive if event["kind"] == Kind.DELIVERED), last)
    code = last and (last["enhanced_code"] or last["reply_code"])
    return {
        "sent": in_words(message.sent_ms, zone),
        "last": in_words(last["time_ms"] if last else message.last_ms, zone),
        # The 72 hours run from the first deferral (SendGrid glossary); before it nothing is known of when they end.
        "until": in_words(message.gives_up_ms, zone) if Kind.DEFERRED in {e["kind"] for e in decisive} else None,
        "over": in_words(message.gives_up_ms, zone),
        "as_of": in_words(as_of_ms, zone),
        "host": last["host"] if last else None,
        "code": code or None,
        "attempts": f"{message.attempts} attempt{'s' * (message.attempts != 1)}" if message.attempts else None,
        "receipt": receipt(last["reply"]) if last and last["kind"] == Kind.DELIVERED else None,
    }


def remarks(message: Message, events: list[Event], zone: str) -> list[Remark]:
    """Facts beside the outcome of a message that was accepted and not returned."""
    if message.outcome is not Outcome.ACCEPTED:
        return []
    own = [event for event in events if event["tie"] != "ambiguous"]
    return [*_first_use(own, zone)]


def _first_use(events: list[Event], zone: str) -> list[Remark]:
    """Whether somebody, or something, opened it or followed a link: what speaks for its having been seen."""
    clicks = [event for event in events if event["kind"] == Kind.CLICK]
    opens = [event for event in events if event["kind"] == Kind.OPEN]
    by_people = [event for event in opens if not _by_machine(event)]
    if clicks:
        return [_used(clicks, zone, "A link in it was followed at {time}: by a reader, or by a scanner of links.")]
    if by_people:
        return [_used(by_people, zone, "It was opened at {time}: its pictures were fetched, as a rule by a reader.")]
    if opens:
        said = "Its pictures were fetched at {time} by Apple Mail Privacy Protection: no sign that somebody read it."
        return [_used(opens, zone, said)]
    return []


def _used(events: list[Event], zone: str, said: str) -> Remark:
    first = events[0]
    return Remark(said.format(time=in_words(first["time_ms"], zone)), (first["event_id"],))


def _by_machine(event: Event) -> bool:
    """Whether the source marks the open as made by a machine: the webhook's field, or the column of Kuroco's log."""
    beside = json.loads(event["extra"] or "{}")
    return any(
        str(value).strip().lower() == "true"
        for name, value in beside.items()
        if name == "sg_machine_open" or "Apple Mail Privacy Protection" in name
    )
