"""The clocks along the way of a message, and which of them cannot be right.

Each header that was added on the way notes the time of one clock, and headers stand in the order in which they were
added (RFC 5321 §4.4). True times only grow, so of readings that contradict each other those are believed that agree
with most of the others. Beside the hops' own stamps speak: ``Date``, ``t=`` of DKIM (RFC 6376 §3.5) and of ARC
(RFC 8617 §4.1.3), ``X-Received``, Exchange's ``OriginalArrivalTime``, and the Unix time in SendGrid's second id.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from lasthop.original.field import Field
from lasthop.original.pairs import read_tags
from lasthop.original.reading import Original
from lasthop.original.received import Hop
from lasthop.original.stamps import read_date, read_epoch

TOLERANCE = timedelta(seconds=2)
"""Stamps are cut to seconds, and the clocks of good servers are about that far apart."""
MOST = 200
"""Of more readings than that no clock is judged: RFC 5321 §6.3 takes a hundred hops for a loop."""

Source = Literal["received", "x_received", "date", "dkim", "arc", "exchange", "sendgrid_id"]
Standing = Literal["agrees", "off", "undecided"]
"""agrees: with most of the others; off: with fewer; undecided: it or another one is off, and nothing tells which."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one clock said."""

    source: Source
    host: str
    """Whose clock it is: a server's name, or the domain that signed; "" where the header does not say."""
    time: datetime
    """UTC."""
    line: int
    """Of the header, 1-based."""
    standing: Standing = "undecided"


def read_clocks(original: Original) -> tuple[Reading, ...]:
    """All readings of one message, the oldest first, judged."""
    hops = {hop.line: hop for hop in (*original.hops, *original.x_received)}
    arrival = _exchange_arrival(original)
    readings: list[Reading] = []
    if original.date:
        field = original.header.first("date")
        readings.append(Reading("date", "", original.date.time, field.line if field else 0))
    for field in reversed(original.header.fields):
        hop = hops.get(field.line)
        if hop:
            readings += _of_hop(hop, field, original)
            if arrival and "via Frontend Transport" in field.value:
                readings.append(arrival)
                arrival = None
        elif field.name.lower() in {"dkim-signature", "arc-seal"}:
            readings += _of_signature(field)
    return tuple(judge(readings))


def judge(readings: list[Reading]) -> list[Reading]:
    """The readings, oldest first, each with its standing: whether it lies on a longest series of growing times."""
    if len(readings) > MOST:
        return readings
    before = _longest(readings, 1)
    after = _longest(readings[::-1], -1)[::-1]
    longest = max(before, default=0)
    on_some = [b + a - 1 == longest for b, a in zip(before, after, strict=True)]
    places = [b for b, on in zip(before, on_some, strict=True) if on]
    return [
        Reading(reading.source, reading.host, reading.time, reading.line, _standing(on, places.count(place)))
        for reading, on, place in zip(readings, on_some, before, strict=True)
    ]


def _standing(on_some: bool, rivals: int) -> Standing:
    if not on_some:
        return "off"
    return "agrees" if rivals == 1 else "undecided"


def _longest(readings: list[Reading], sign: int) -> list[int]:
    """Of each reading how many fit in a row up to it, itself included; ``sign`` -1: times that fall."""
    lengths: list[int] = []
    for place, reading in enumerate(readings):
        fitting = (
            lengths[earlier] for earlier in range(place) if (reading.time - readings[earlier].time) * sign >= -TOLERANCE
        )
        lengths.append(1 + max(fitting, default=0))
    return lengths


def _of_hop(hop: Hop, field: Field, original: Original) -> list[Reading]:
    found: list[Reading] = []
    if hop.stamp:
        source: Source = "received" if field.name.lower() == "received" else "x_received"
        found.append(Reading(source, hop.by or "", hop.stamp.time, hop.line))
    sendgrid = original.sendgrid
    if sendgrid and sendgrid.sent_on == hop and sendgrid.sent_on_time:
        found.append(Reading("sendgrid_id", hop.by or "", sendgrid.sent_on_time, hop.line))
    return found


def _of_signature(field: Field) -> list[Reading]:
    tags = read_tags(field.value[:4000])
    time = read_epoch(tags.get("t", ""))
    source: Source = "dkim" if field.name.lower() == "dkim-signature" else "arc"
    return [Reading(source, tags.get("d", "").lower(), time, field.line)] if time else []


def _exchange_arrival(original: Original) -> Reading | None:
    """When Exchange took the message in, by its own note; the note stands at no place of its own in the order."""
    names = ("x-ms-exchange-crosstenant-originalarrivaltime", "x-originalarrivaltime")
    field = next((found for name in names if (found := original.header.first(name))), None)
    stamp = read_date(field.value) if field else None
    return Reading("exchange", "Exchange", stamp.time, field.line) if field and stamp else None
