"""The events of one message in order, the ties that bring them together, and the address's stop-list entries."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from lasthop.model.columns import EVENT_COLUMNS
from lasthop.model.kinds import ATTEMPTS, BOUNCES, Kind
from lasthop.store import Snapshot
from lasthop.store.workspace import sql_list
from lasthop.trace.message import Message

Event = dict[str, Any]
"""A row of the events view: EVENT_COLUMNS, and ``tie``: own, exact, high, medium or ambiguous."""

_COLUMNS = ", ".join(EVENT_COLUMNS)
# What happens first when two systems give the same instant.
_STAGES = ("handed_over", "refused", "logged", "received", "processed", "deferred", "dropped", "delivered")


@dataclass(frozen=True)
class Tie:
    """Another system's event that is held to belong to the message, and what speaks for and against that."""

    event: str
    key: str
    confidence: str
    speaks_for: tuple[str, ...]
    speaks_against: tuple[str, ...]


def ties(message: Message) -> list[Tie]:
    """The links of a message, in words."""
    return [_tie(link, message.sender) for link in json.loads(message.links or "[]")]


_SAME = {
    "x_message_id": "X-Message-Id",
    "request_id": "request id (a custom argument)",
    "message_id_header": "Message-ID header",
}


CLAIM = "only the Message-ID names it, which anybody can write"
OTHERS = "more than one of subject, sender and time are others"
SENDER_UNKNOWN = "the sender of the message is not known here"


def _tie(link: dict[str, Any], sender: str | None) -> Tie:
    speaks_for, against = [], []
    of_mail = link.get("vantage") in {"original", "receiver"}
    if name := _SAME.get(link["key"]):
        speaks_for.append(f"same {name} and recipient")
        if link["confidence"] == "ambiguous":
            several = link["messages"] > 1 or not of_mail
            against.append(f"{_counted(link['messages'], 'message')} have it" if several else OTHERS)
        if of_mail and link["confidence"] != "exact":
            against.append(CLAIM)
    else:
        speaks_for.append("same recipient" + (" and subject" if "subject" in link["key"] else ""))
        speaks_for.append(_gap(link["gap_ms"]))
        if of_mail and sender is None:
            against.append(SENDER_UNKNOWN)
        if "subject" not in link["key"]:
            against.append("no subject to compare: one of the records has none")
        if link["rows"] > 1 or link["messages"] > 1:
            against.append(
                f"{_counted(link['rows'], 'row')} and {_counted(link['messages'], 'message')} fit in the same burst"
            )
    return Tie(link["event"], link["key"], link["confidence"], tuple(speaks_for), tuple(against))


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"


def _gap(gap_ms: int) -> str:
    span = str(timedelta(seconds=abs(gap_ms) // 1000))
    return f"{span} between them" if gap_ms else "at the same second"


def timeline(snapshot: Snapshot, message: Message) -> list[Event]:
    """Every event of the message, oldest first, those of ambiguous ties too (``tie`` says so)."""
    return timelines(snapshot, [message])[0]


def timelines(snapshot: Snapshot, messages: Sequence[Message]) -> list[list[Event]]:
    """The timeline of each message, in the order given, read in one look: for some hundreds that lie close in time."""
    links = [{tie.event: tie.confidence for tie in ties(message)} for message in messages]
    days = [_days(message, list(tied)) for message, tied in zip(messages, links, strict=True)]
    rows = _events_of({message.recipient for message in messages}, {day for some in days for day in some})
    held: dict[str | None, list[Event]] = {}
    for row in snapshot.rows(*rows):
        held.setdefault(row["recipient"], []).append(row)
    return [
        _of_message(message, tied, frozenset(some), held.get(message.recipient, ()))
        for message, tied, some in zip(messages, links, days, strict=True)
    ]


def _events_of(recipients: set[str | None], days: set[str]) -> tuple[str, list[list[str]]]:
    """The query for all events to the recipients on the days, and its values; days are words: they choose the files."""
    named = sorted(each for each in recipients if each is not None)
    nobody = " OR recipient IS NULL" if None in recipients else ""
    return (
        f"SELECT {_COLUMNS}, day FROM events WHERE day IN ({sql_list(sorted(days))}) "
        f"AND (recipient IN (SELECT unnest(?::VARCHAR[])){nobody}) AND kind NOT IN ('listed', 'account_status_change')",
        [named],
    )


def _of_message(message: Message, links: dict[str, str], days: frozenset[str], rows: Sequence[Event]) -> list[Event]:
    own = message.message[1:] if message.message[0] == "a" else None
    found = []
    for row in rows:
        tie = links.get(row["event_id"])
        if tie is None and _is_own(row, message, own):
            tie = "own"
        if tie is not None and row["day"] in days:
            found.append({**{name: value for name, value in row.items() if name != "day"}, "tie": tie})
    return sorted(found, key=_order)


def _days(message: Message, linked: list[str]) -> list[str]:
    """The partitions that can hold its events: from its first to its last day, and those of far-off ties."""
    first, last = (datetime.fromtimestamp(ms / 1000, UTC).date() for ms in (message.first_ms, message.last_ms))
    reach = range(-1, (last - first).days + (7 if linked else 2))
    return [(first + timedelta(days=n)).isoformat() for n in reach]


def _is_own(row: Event, message: Message, own: str | None) -> bool:
    if own is not None:
        return str(row["event_id"]).startswith(own)
    if message.x_message_id is not None:
        return bool(row["vantage"] == "provider" and row["x_message_id"] == message.x_message_id)
    return bool(
        row["vantage"] == "provider"
        and row["x_message_id"] is None
        and message.first_ms <= row["time_ms"] <= message.last_ms
        and row["subject"] in (message.subject, None)
    )


def _order(row: Event) -> tuple[int, int, str]:
    kind = row["kind"]
    # Whole seconds first: the webhook has no finer clock than that.
    return row["time_ms"] // 1000, _STAGES.index(kind) if kind in _STAGES else len(_STAGES), row["event_id"]


@dataclass(frozen=True)
class Stage:
    """One line of a timeline: events that say the same, several attempts with the same answer, or a single event."""

    kind: str
    first_ms: int
    last_ms: int
    attempts: int
    reply: str | None
    events: tuple[Event, ...]


def stages(events: list[Event]) -> list[Stage]:
    """A timeline with repeats folded: deferrals in a row, and one event that two sources report in the same second.

    The order of the copies of one event does not matter, nor what stands between them.
    """
    folded: list[Stage] = []
    for event in _copies_together(events):
        last = folded[-1] if folded else None
        if last and _continues(last, event):
            folded[-1] = _stage((*last.events, event))
        else:
            folded.append(_stage((event,)))
    return folded


def _copies_together(events: list[Event]) -> list[Event]:
    """Copies of one event one after another, those with a reply first: one without takes on whatever stands before."""
    places: dict[tuple[int, str, str], int] = {}
    for place, event in enumerate(events):
        places.setdefault(_same(event), place)
    return sorted(events, key=lambda event: (places[_same(event)], not event["reply"]))


def _same(event: Event) -> tuple[int, str, str]:
    # Each hop is a thing of its own, however many servers stamp it within one second.
    own = event["event_id"] if event["kind"] == Kind.HOP else "bounce" if event["kind"] in BOUNCES else event["kind"]
    return event["time_ms"] // 1000, own, event["tie"]


def _stage(events: tuple[Event, ...]) -> Stage:
    times = [event["time_ms"] for event in events]
    kinds = [event["kind"] for event in events]
    return Stage(
        next((kind for kind in kinds if kind != "bounce_untyped"), kinds[0]),
        min(times),
        max(times),
        len({time // 1000 for time in times}) if kinds[0] in ATTEMPTS else 0,
        next((event["reply"] for event in reversed(events) if event["reply"]), None),
        events,
    )


def _continues(last: Stage, event: Event) -> bool:
    same_kind = last.kind == event["kind"] or _one_bounce(last.kind, event["kind"])
    if not same_kind or last.kind == Kind.HOP or last.events[0]["tie"] != event["tie"]:
        return False
    same_second = last.last_ms // 1000 == event["time_ms"] // 1000
    # A source without replies (Kuroco's log) tells of the same attempts as one with them.
    same_answer = not last.reply or not event["reply"] or _code(last.reply) == _code(event["reply"])
    return same_second or (last.kind == "deferred" and same_answer)


def _one_bounce(kind: str, other: str) -> bool:
    """Whether one source says "bounce" and the other which sort of bounce."""
    return "bounce_untyped" in (kind, other) and kind in BOUNCES and other in BOUNCES


def _code(reply: str | None) -> str:
    return (reply or "")[:9]


def stop_list_entries(snapshot: Snapshot, recipient: str | None) -> list[Event]:
    """The stop lists that hold the address, as the loaded lists say: newest first. Empty does not mean "not listed"."""
    return stop_list_entries_of(snapshot, [recipient]).get(recipient or "", [])


def stop_list_entries_of(snapshot: Snapshot, recipients: Iterable[str | None]) -> dict[str, list[Event]]:
    """`stop_list_entries` of many addresses in one look; an address without any is left out."""
    found: dict[str, list[Event]] = {}
    for row in snapshot.rows(
        f"SELECT {_COLUMNS} FROM {listed(snapshot)} WHERE recipient IN (SELECT unnest(?::VARCHAR[])) "
        "ORDER BY time_ms DESC NULLS LAST, event_id",
        [sorted({each for each in recipients if each is not None})],
    ):
        found.setdefault(row["recipient"], []).append(row)
    return found


def listed(snapshot: Snapshot) -> str:
    """The name of a table of all stop-list entries: gathered once, for they are strewn over every day of the events."""
    return snapshot.kept("listed", "SELECT * FROM events WHERE kind = 'listed'")
