"""Messages by quarter of an hour: one look at the messages, from which days, weekdays and the funnel are counted."""

import hashlib

from lasthop.store import Snapshot, named_sql
from lasthop.trace import Query, condition

SLOT_MS = 900_000
"""A quarter of an hour. The clocks of all zones have differed by whole ones since 1972, so the days and hours of every
zone begin with one."""


def tally(snapshot: Snapshot, query: Query | None = None) -> str:
    """The name of a small temporary table, gone with the snapshot; see ``sql/tally.sql`` for what a row is.

    It grows with the time that the messages span, not with their number. Messages without a time of sending have a
    NULL slot.
    """
    where, values = condition(query or Query())
    name = "tally_" + hashlib.sha256(repr((where, values)).encode()).hexdigest()[:16]
    return snapshot.kept(name, named_sql("measure", "tally").format(slot_ms=SLOT_MS, condition=where), values)


def span(snapshot: Snapshot, tallied: str) -> tuple[int, int] | None:
    """When the first and the last of the tallied messages were sent, epoch ms UTC; None without any."""
    (ends,) = snapshot.rows(f"SELECT min(first_ms) AS first_ms, max(last_ms) AS last_ms FROM {tallied}")
    return None if ends["first_ms"] is None else (ends["first_ms"], ends["last_ms"])
