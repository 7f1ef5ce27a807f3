"""What put an address on a stop list: the bounce, report or unsubscribe behind the entry, and its message."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lasthop.explain.stop_lists.meanings import stop_list_meanings
from lasthop.model.kinds import Kind
from lasthop.store import Snapshot, named_sql, sql_list
from lasthop.store.table import DAY_MS, day_label

BEFORE_MS = 3_600_000
"""The event that put an address on a list is looked for from this long before the entry…"""
AFTER_MS = 60_000
"""…until this long after it: the clocks of a list and of the events may differ by some seconds."""
# Two sources tell of one event up to a rounded second apart; the one that says more counts.
_SAME_MS = 2_000


@dataclass(frozen=True)
class PutBy:
    """The event that put an address on a list, and the message it belongs to: None where none or several fit.

    ``fits_time`` tells that the event and the entry are of one moment; otherwise it is only the newest of its kind.
    """

    event: str
    kind: str
    time_ms: int
    reply: str | None
    message: str | None
    fits_time: bool


@dataclass(frozen=True)
class Asked:
    """An address on a list: since when its entry says, or before which drop the event must lie; epoch ms, or None."""

    recipient: str
    stop_list: str
    since_ms: int | None
    dropped_ms: int | None

    @property
    def kinds(self) -> list[str]:
        """The kinds that fill the list, the one that says most first."""
        # A drop follows from an entry: it can be the origin only where its moment is that of the entry.
        filling = stop_list_meanings()[self.stop_list].put_by
        return [kind for kind in filling if kind != Kind.DROPPED or self.since_ms is not None]

    @property
    def span(self) -> tuple[int, int]:
        """Where the event lies: at the moment of the entry; before the first drop without one; else anywhere."""
        if self.since_ms is None:
            return 0, self.dropped_ms if self.dropped_ms is not None else 2**62
        return self.since_ms - BEFORE_MS, self.since_ms + AFTER_MS


def put_by(snapshot: Snapshot, asked: Sequence[Asked]) -> list[PutBy | None]:
    """For each, the newest event of the kinds that fill the list; None when none is loaded.

    Reads the table ``drop_reason``.
    """
    dated = {number: one for number, one in enumerate(asked) if one.since_ms is not None}
    others = {number: one for number, one in enumerate(asked) if one.since_ms is None}
    found: dict[int, dict[str, Any]] = {}
    if dated:
        days = {day_label(ms // DAY_MS) for one in dated.values() for ms in one.span}
        found |= _events(snapshot, dated, f"AND day IN ({sql_list(sorted(days))})")
    if others:
        found |= _events(snapshot, others, "")
    messages = _messages(snapshot, found.values())
    return [_put_by(one, found.get(number), messages) for number, one in enumerate(asked)]


def _put_by(asked: Asked, event: dict[str, Any] | None, messages: Mapping[str, str]) -> PutBy | None:
    if event is None:
        return None
    message = messages.get(event["event_id"])
    told = (event["event_id"], event["kind"], event["time_ms"], event["reply"])
    return PutBy(*told, message, asked.since_ms is not None)


def _events(snapshot: Snapshot, asked: Mapping[int, Asked], in_days: str) -> dict[int, dict[str, Any]]:
    """Number of a question -> the event that says most among the newest."""
    lines = [(number, one, kind) for number, one in asked.items() for kind in one.kinds]
    rows = snapshot.rows(
        named_sql("explain", "stop_list_origins").format(in_days=in_days),
        {
            "numbers": [number for number, _, _ in lines],
            "recipients": [one.recipient for _, one, _ in lines],
            "lists": [one.stop_list for _, one, _ in lines],
            "kinds": [kind for _, _, kind in lines],
            "from_ms": [one.span[0] for _, one, _ in lines],
            "until_ms": [one.span[1] for _, one, _ in lines],
            "same_ms": _SAME_MS,
        },
    )
    near: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        near.setdefault(row["number"], []).append(row)
    return {
        number: min(some, key=lambda row: (asked[number].kinds.index(row["kind"]), row["x_message_id"] is None))
        for number, some in near.items()
    }


def _messages(snapshot: Snapshot, events: Iterable[dict[str, Any]]) -> dict[str, str]:
    """Event -> our id of the message that it belongs to; left out where none or two fit."""
    every = list({event["event_id"]: event for event in events}.values())
    if not every:
        return {}
    rows = snapshot.rows(
        named_sql("explain", "stop_list_message"),
        {
            "recipients": [event["recipient"] for event in every],
            "events": [event["event_id"] for event in every],
            "times": [event["time_ms"] for event in every],
            "x_message_ids": [event["x_message_id"] for event in every],
        },
    )
    return {row["event_id"]: row["message"] for row in rows}
