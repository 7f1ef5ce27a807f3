"""What put an address on a stop list: the bounce, report or unsubscribe behind the entry, and its message."""

from dataclasses import dataclass
from typing import Any

from lasthop.explain.stop_lists.meanings import stop_list_meanings
from lasthop.model.kinds import Kind
from lasthop.store import Snapshot, named_sql
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


def put_by(snapshot: Snapshot, recipient: str, name: str, since_ms: int | None, dropped_ms: int | None) -> PutBy | None:
    """The newest event of the kinds that fill the list; None when none is loaded.

    Looked for at the moment of the entry; before the first drop where no list is loaded; any, where it has no dates.
    """
    meaning = stop_list_meanings()[name]
    # A drop follows from an entry: it can be the origin only where its moment is that of the entry.
    kinds = [kind for kind in meaning.put_by if kind != Kind.DROPPED or since_ms is not None]
    span, in_days = (0, dropped_ms if dropped_ms is not None else 2**62), ""
    if since_ms is not None:
        span = (since_ms - BEFORE_MS, since_ms + AFTER_MS)
        days = sorted({day_label(ms // DAY_MS) for ms in span})
        in_days = f"AND day IN ({', '.join(repr(day) for day in days)})"
    rows = snapshot.rows(
        named_sql("explain", "stop_list_origins").format(in_days=in_days),
        {
            "recipient": recipient,
            "kinds": kinds,
            "from_ms": span[0],
            "until_ms": span[1],
            "reasons": list(meaning.drop_reasons),
        },
    )
    if not rows:
        return None
    near = [row for row in rows if rows[0]["time_ms"] - row["time_ms"] <= _SAME_MS]
    best = min(near, key=lambda row: (kinds.index(row["kind"]), row["x_message_id"] is None))
    message = message_of(snapshot, recipient, best)
    return PutBy(best["event_id"], best["kind"], best["time_ms"], best["reply"], message, since_ms is not None)


def message_of(snapshot: Snapshot, recipient: str, event: dict[str, Any]) -> str | None:
    """Our id of the message that an event (event_id, time_ms, x_message_id) belongs to; None where none or two fit."""
    found = snapshot.rows(
        named_sql("explain", "stop_list_message"),
        {
            "recipient": recipient,
            "event": event["event_id"],
            "time_ms": event["time_ms"],
            "x_message_id": event["x_message_id"],
        },
    )
    return found[0]["message"] if len(found) == 1 else None
