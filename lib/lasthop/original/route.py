"""The way of a message: how long each leg took, which one took longest, and whose clock is wrong.

A delay is the difference of two stamps, and each stamp is one server's clock. Where a clock cannot be right, the delay
is a range that the other clocks allow, and the clock's host is named.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from lasthop.original.clocks import TOLERANCE, Reading, read_clocks
from lasthop.original.reading import Original
from lasthop.original.received import Hop


@dataclass(frozen=True, slots=True)
class Leg:
    """The way from the hop before to this one. Seconds; None: not to be told."""

    hop: Hop
    delay: float | None
    """By the two stamps as they stand, so it may be negative; since the nearest older hop that has a stamp."""
    low: float | None
    """The least that the believable clocks allow; the delay itself, at least 0, where both stamps are believable."""
    high: float | None
    """The most that they allow."""
    share: float | None
    """Of the whole way, 0 to 1; None where the delay is a range or the whole way took no time."""


@dataclass(frozen=True, slots=True)
class Skew:
    """One clock that disagrees with most others. Seconds that it is ahead; negative: behind."""

    host: str
    low: float | None
    high: float | None
    """Between these, by the believable readings before and after it; None: no such reading on that side."""
    certain: bool
    """False: this clock or another one is off; the header does not tell which."""
    reading: Reading


@dataclass(frozen=True, slots=True)
class Phases:
    """The three parts of a message's way through SendGrid. Seconds by the stamps as they stand; None: not told."""

    inside: float | None
    """From SendGrid's first server to its last one that left a stamp."""
    hand_over: float | None
    """From there to the receiver's first stamp: SendGrid's queue, and retries where the receiver put it off."""
    after: float | None
    """From the receiver's first stamp to the newest one."""


@dataclass(frozen=True, slots=True)
class Route:
    """The way of one message."""

    legs: tuple[Leg, ...]
    """One for each hop, newest first; the oldest hop has no delay."""
    total: float | None
    """Seconds between the oldest and the newest believable stamp of a hop; None with fewer than two."""
    slowest: Leg | None
    """The leg that took longest for certain; None where no delay stands out."""
    skews: tuple[Skew, ...]
    phases: Phases | None
    """None: no SendGrid hop with a stamp."""
    clocks: tuple[Reading, ...]
    """Every reading, oldest first."""


def read_route(original: Original) -> Route:
    """The way of a message, from its hops and the other clocks in its header."""
    clocks = read_clocks(original)
    bounds = _bounds(clocks)
    times = [bounds[reading.line] for reading in clocks if reading.source == "received"]
    known = [low for low, high in times if low is not None and low == high]
    # Stamps are cut to seconds, so believable ones may run back by one.
    total = max(0.0, (known[-1] - known[0]).total_seconds()) if len(known) > 1 else None
    legs = tuple(_legs(original.hops, bounds, total))
    return Route(legs, total, _slowest(legs), tuple(_skews(clocks)), _phases(original), clocks)


Bounds = tuple[datetime | None, datetime | None]


def _bounds(clocks: tuple[Reading, ...]) -> dict[int, Bounds]:
    """Between which times each hop stamped, by line: its own stamp, or the nearest believable readings around it."""
    bounds: dict[int, Bounds] = {}
    after = _following(clocks)
    before: datetime | None = None
    for reading, high in zip(clocks, after, strict=True):
        if reading.standing == "agrees":
            before = max(before, reading.time) if before else reading.time
        if reading.source == "received":
            bounds[reading.line] = (reading.time, reading.time) if reading.standing == "agrees" else (before, high)
    return bounds


def _following(clocks: tuple[Reading, ...]) -> list[datetime | None]:
    """Of each reading the earliest believable time at or after it."""
    found: list[datetime | None] = []
    next_: datetime | None = None
    for reading in reversed(clocks):
        if reading.standing == "agrees":
            next_ = min(next_, reading.time) if next_ else reading.time
        found.append(next_)
    return found[::-1]


def _legs(hops: tuple[Hop, ...], bounds: dict[int, Bounds], total: float | None) -> list[Leg]:
    legs: list[Leg] = []
    older: Hop | None = None
    for hop in reversed(hops):
        if hop.stamp is None or older is None or older.stamp is None:
            legs.append(Leg(hop, None, None, None, None))
        else:
            delay = (hop.stamp.time - older.stamp.time).total_seconds()
            low, high = _range(bounds.get(older.line, (None, None)), bounds.get(hop.line, (None, None)))
            share = min(1.0, low / total) if total and low is not None and low == high else None
            legs.append(Leg(hop, delay, low, high, share))
        older = hop if hop.stamp else older
    return legs[::-1]


def _range(start: Bounds, end: Bounds) -> tuple[float | None, float | None]:
    """The least and the most that a leg took, from the bounds of its two ends."""
    low = (end[0] - start[1]).total_seconds() if end[0] and start[1] else None
    high = (end[1] - start[0]).total_seconds() if end[1] and start[0] else None
    return (max(low, 0.0) if low is not None else 0.0), (max(high, 0.0) if high is not None else None)


def _slowest(legs: tuple[Leg, ...]) -> Leg | None:
    """The leg whose least is more than any other's most, as far as those are known, and more than clocks differ."""
    told = [leg for leg in legs if leg.low is not None]
    slowest = max(told, key=lambda leg: leg.low or 0.0, default=None)
    if slowest is None or (slowest.low or 0.0) <= TOLERANCE.total_seconds():
        return None
    rivals = (leg.high for leg in told if leg is not slowest and leg.high is not None)
    return slowest if max(rivals, default=0.0) < (slowest.low or 0.0) else None


def _skews(clocks: tuple[Reading, ...]) -> Iterable[Skew]:
    """Readings that lie outside what the believable ones around them allow."""
    after = _following(clocks)
    before: datetime | None = None
    for reading, following in zip(clocks, after, strict=True):
        if reading.standing == "agrees":
            before = max(before, reading.time) if before else reading.time
            continue
        low = (reading.time - following).total_seconds() if following else None
        high = (reading.time - before).total_seconds() if before else None
        yield Skew(reading.host, low, high, reading.standing == "off", reading)


def _phases(original: Original) -> Phases | None:
    sendgrid = original.sendgrid
    first = sendgrid.taken_in if sendgrid else None
    last = (sendgrid.sent_on if sendgrid else None) or first
    if last is None or last.stamp is None:
        return None
    newer = [hop for hop in original.hops if hop.line < last.line and hop.stamp]
    return Phases(
        inside=_seconds(first, last) if first is not last else None,
        hand_over=_seconds(last, newer[-1]) if newer else None,
        after=_seconds(newer[-1], newer[0]) if newer else None,
    )


def _seconds(older: Hop | None, newer: Hop) -> float | None:
    if older is None or older.stamp is None or newer.stamp is None:
        return None
    return (newer.stamp.time - older.stamp.time).total_seconds()
