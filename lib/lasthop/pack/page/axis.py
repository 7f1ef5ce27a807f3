"""Where an instant stands on the time axis of a picture, and which instants are named below it.

The axis is linear, but for long silences: those are cut out, so that what happened within seconds can be told apart
in a message that was opened a week later.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

SILENCE_MS = 3_600_000
"""A pause that is shorter is never cut out."""
CUT, NARROWEST, AIR, PER_TICK = 104.0, 60.0, 14.0, 78.0
"""Widths in the units of the picture: of a cut, of a piece at least, beside its marks, of a tick with its words."""
_MOST_CUTS = 2
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_STEPS = (
    *(1, 2, 5, 10, 15, 30),
    *(n * _MINUTE for n in (1, 2, 5, 10, 15, 30)),
    *(n * _HOUR for n in (1, 2, 3, 6, 12)),
    *(n * _DAY for n in (1, 2, 5, 10, 30, 90, 365, 3_650)),
)
"""Seconds between two ticks."""


@dataclass(frozen=True)
class Tick:
    """An instant that is named: ``x``, its time, and its date where that is another than at the tick before."""

    x: float
    time: str
    date: str


@dataclass(frozen=True)
class Piece:
    """A part of the axis without a cut: epoch milliseconds ``from_ms`` to ``until_ms``, drawn ``left`` to ``right``."""

    from_ms: int
    until_ms: int
    left: float
    right: float

    def x(self, time_ms: int) -> float:
        """The place of an instant of this piece; a single instant stands in the middle."""
        if self.from_ms == self.until_ms:
            return round((self.left + self.right) / 2, 1)
        part = (time_ms - self.from_ms) / (self.until_ms - self.from_ms)
        return round(self.left + AIR + part * (self.right - self.left - 2 * AIR), 1)


@dataclass(frozen=True)
class Axis:
    """The pieces, oldest first; between two of them is a cut."""

    pieces: tuple[Piece, ...]

    def x(self, time_ms: int) -> float:
        """The place of one of the instants that the axis was made of."""
        return next(piece for piece in self.pieces if time_ms <= piece.until_ms).x(time_ms)

    def ticks(self, zone: str) -> list[Tick]:
        """At least one for each piece, at round times of ``zone``; where there is none, at its first instant."""
        found, before = [], ""
        for piece in self.pieces:
            for moment, words in _named(piece, ZoneInfo(zone)):
                day = f"{moment:%Y-%m-%d}"
                found.append(Tick(piece.x(round(moment.timestamp() * 1000)), words, "" if day == before else day))
                before = day
        return found


def axis(times_ms: Sequence[int], left: float, right: float) -> Axis:
    """The axis of these instants (epoch ms UTC, at least one, in any order) from ``left`` to ``right``."""
    times = sorted(set(times_ms))
    cuts = silences(times)
    ends = [time for time, after in pairwise(times) if (time, after) in cuts] + [times[-1]]
    starts = [times[0]] + [after for time, after in pairwise(times) if (time, after) in cuts]
    spans = [end - start for start, end in zip(starts, ends, strict=True)]
    free = right - left - CUT * len(cuts) - NARROWEST * len(spans)
    pieces, at = [], left
    for start, end in zip(starts, ends, strict=True):
        width = NARROWEST + free * ((end - start) / sum(spans) if sum(spans) else 1 / len(spans))
        pieces.append(Piece(start, end, round(at, 1), round(at + width, 1)))
        at += width + CUT
    return Axis(tuple(pieces))


def silences(times: Sequence[int]) -> set[tuple[int, int]]:
    """The pauses that are cut out, as (last instant before, first after): at most two.

    They last an hour or more, and five times as long as all the other pauses together: else the others can be told
    apart without a cut.
    """
    pauses = sorted(pairwise(times), key=lambda pause: pause[0] - pause[1])
    for count in range(1, min(_MOST_CUTS, len(pauses) - 1) + 1):
        shortest = pauses[count - 1][1] - pauses[count - 1][0]
        if shortest >= max(SILENCE_MS, 5 * sum(after - time for time, after in pauses[count:])):
            return set(pauses[:count])
    return set()


def lasting(span_ms: int) -> str:
    """How long in its two largest units: ``2 d 23 h``, ``15 min``; below a second ``0 s``."""
    seconds = span_ms // 1000
    parts = (
        (seconds // _DAY, "d"),
        (seconds % _DAY // _HOUR, "h"),
        (seconds % _HOUR // _MINUTE, "min"),
        (seconds % _MINUTE, "s"),
    )
    first = next((place for place, (count, _) in enumerate(parts) if count), len(parts) - 1)
    return " ".join(f"{n} {unit}" for n, unit in parts[first : first + 2] if n) or "0 s"


def offsets(first_ms: int, last_ms: int, zone: str) -> str:
    """The zone with its offset: ``Asia/Tokyo, UTC+09:00``; both offsets where the clock was changed in between."""
    if zone == "UTC":
        return zone
    said = [f"UTC{_moment(time, ZoneInfo(zone)).isoformat()[-6:]}" for time in (first_ms, last_ms)]
    return f"{zone}, {' then '.join(dict.fromkeys(said))}"


def _moment(time_ms: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(time_ms / 1000, UTC).astimezone(zone)


def _named(piece: Piece, zone: ZoneInfo) -> list[tuple[datetime, str]]:
    """The instants of a piece that are named, with the words for them."""
    room = max(1, int((piece.right - piece.left) // PER_TICK))
    span = (piece.until_ms - piece.from_ms) / 1000
    step = next((each for each in _STEPS if span / each <= room), _STEPS[-1])
    form = "%H:%M:%S" if step < _MINUTE else "%H:%M"
    named = [(at, f"{at:{form}}") for at in _round(piece, zone, step)] if span else []
    first = _moment(piece.from_ms, zone)
    return named[: room + 1] or [(first, f"{first:%H:%M:%S}")]


def _round(piece: Piece, zone: ZoneInfo, step: int) -> Iterator[datetime]:
    """The instants of the piece whose local time is a multiple of ``step`` seconds."""
    local = _moment(piece.from_ms, zone).replace(tzinfo=None)
    day = datetime.combine(
        date.fromordinal(max(1, local.toordinal() - local.toordinal() % max(1, step // _DAY))), datetime.min.time()
    )
    at = day + timedelta(seconds=(local - day).total_seconds() // step * step)
    while True:
        moment = at.replace(tzinfo=zone)
        time = moment.timestamp() * 1000
        if time > piece.until_ms:
            return
        # A local time that the clock jumps over does not come back the same.
        if time >= piece.from_ms and _moment(round(time), zone).replace(tzinfo=None) == at:
            yield moment
        at += timedelta(seconds=step)
