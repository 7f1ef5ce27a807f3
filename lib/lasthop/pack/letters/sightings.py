"""The events of one message as a letter tells them: once, whoever saw them, and in SendGrid's words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC

from lasthop.explain import Dossier
from lasthop.model.kinds import ATTEMPTS, Kind
from lasthop.model.outcomes import Outcome
from lasthop.pack.letters.quoting import flat, quoted, stamp
from lasthop.pack.letters.variant import own_events
from lasthop.trace import Event, Stage, stages

_BY_THE_APPLICATION: dict[str, str] = {
    Kind.HANDED_OVER: "our application: SendGrid took the request",
    Kind.REFUSED: "our application: SendGrid refused the request",
    Kind.LOGGED: "our application: request logged, its answer not understood",
}


@dataclass(frozen=True)
class Attempt:
    """A try at the receiving server, each field from a source that has it; None where none has it."""

    time_ms: int
    host: str | None
    ip: str | None
    reply: str | None


def own_stages(known: Dossier) -> list[Stage]:
    """What is known to have happened to this message, oldest first, each thing once."""
    return _folded(own_events(known))


def _folded(events: Iterable[Event]) -> list[Stage]:
    # By an id or by time: all of them are held to be of this message, so a copy tied otherwise is a copy still.
    return stages([{**event, "tie": "own"} for event in events])


def attempts(known: Dossier) -> list[Attempt]:
    """What the provider tells of its tries, oldest first; of tries folded into one, the newest."""
    # An event of Kuroco's application log names the application's host and the client's IP: never taken here.
    told = (each for each in own_events(known) if each["vantage"] == "provider" and each["kind"] in ATTEMPTS)
    return [_attempt(stage) for stage in _folded(told)]


def deliveries(known: Dossier) -> list[Attempt]:
    """Those of the tries that the receiving server accepted, oldest first."""
    told = (each for each in own_events(known) if each["vantage"] == "provider" and each["kind"] == Kind.DELIVERED)
    return [_attempt(stage) for stage in _folded(told)]


def newest_attempt(known: Dossier) -> Attempt | None:
    """The newest try on record; of an accepted message the delivery."""
    found = deliveries(known) if known.message.outcome is Outcome.ACCEPTED else attempts(known)
    return found[-1] if found else None


def _attempt(stage: Stage) -> Attempt:
    # Earlier tries of the stage may have met another host: only the copies of the newest one count.
    same = [event for event in stage.events if event["time_ms"] // 1000 == stage.last_ms // 1000]
    host, ip, reply = (
        next((event[name] for event in reversed(same) if event[name]), None) for name in ("host", "ip", "reply")
    )
    return Attempt(stage.last_ms, host, ip, reply)


def line(stage: Stage) -> str:
    """When, what, and what was answered."""
    several = stage.first_ms // 1000 != stage.last_ms // 1000
    times = f"{stamp(stage.first_ms, UTC)}{f' to {stamp(stage.last_ms, UTC)}' if several else ''}"
    tries = f", {stage.attempts} attempts, newest reply" if stage.attempts > 1 else ""
    reply = f": {quoted(stage.reply, '', 1000)}" if stage.reply else ""
    return f"  {times} {words(stage.events)}{tries if reply else tries.removesuffix(', newest reply')}{reply}"


def words(events: Iterable[Event]) -> str:
    """What happened, in the word of the source that tells most: SendGrid's ``bounce`` with its type, where told.

    Of two that tell as much, the word as SendGrid's exports write it, not as a screen shows it.
    """
    told = min(events, key=lambda each: ("/" not in (each["kind_raw"] or ""), (each["kind_raw"] or "")[:1].isupper()))
    if said := _BY_THE_APPLICATION.get(told["kind"]):
        return said
    word, _, sort = (told["kind_raw"] or str(told["kind"]).replace("_", " ")).partition("/")
    shown = flat(word, 100) + (f", type {flat(sort, 100)}" if sort else "")
    return f"receiving server: {shown}" if told["vantage"] == "receiver" else shown
