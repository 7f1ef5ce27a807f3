"""How many records to expect where: what past answers tell of a day's rhythm, for cutting time into windows.

It only says how long the next window had better be. Whether an answer is whole is told by its length alone, never by
anything here, so that a wrong guess costs a request and loses nothing.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

_BIN = 900
_DAY, _WEEK = 86_400 // _BIN, 7 * 86_400 // _BIN
_FILL = 0.87
"""Share of the limit that a window is planned to hold: more overflows too often, less asks too often."""
_GROWTH = 8
"""A window may be this much longer than the one before it, however quiet that was."""
_SHRINK = 0.6
_FEW, _SOME = 0.03, 0.005
"""Shares of the limit: what chance adds or takes in one answer, and what an empty window may still have held."""


@dataclass
class Density:
    """Learns from answers to windows of whole seconds (epoch, half open) with at most ``limit`` records each.

    It remembers one number for each quarter of an hour, 2,880 for thirty days, and the times of one overfull answer.
    """

    limit: int
    _seen: dict[int, float] = field(default_factory=dict)
    """Quarter of an hour since 1970 -> records in it."""
    _level: float = 1.0
    """How busy it is now, compared with the same hours of earlier days."""
    _flat: float = 0.0
    """Records in a quarter of an hour of the window before, for hours without an earlier day."""
    _span: int = 0
    _crowded: bool = False
    """Whether any answer was overfull: until then all that is wanted is asked for at once."""
    _known: tuple[int, ...] = ()
    """Times of an overfull answer that was in order: all there is from the first to the last of them."""

    def whole(self, start: int, end: int, times: Sequence[int]) -> None:
        """Learn from an answer that holds everything of a window; ``times`` in any order."""
        before = [(share, value) for place, share in _bins(start, end) if (value := self._shape(place)) is not None]
        expected = sum(share * value for share, value in before)
        if before and expected > 0:
            few = _FEW * self.limit  # so many records more or less say nothing
            now = (len(times) + few) / (expected + few)
            self._level = min(5.0, max(0.2, self._level**0.3 * now**0.7))
        counts: dict[int, int] = {}
        for time in times:
            counts[time // _BIN] = counts.get(time // _BIN, 0) + 1
        for place, share in _bins(start, end):
            if share >= 1 / 3:  # a shorter part says too little of its quarter
                self._seen[place] = counts.get(place, 0) / share
        self._span = end - start
        self._flat = (len(times) + _SOME * self.limit) / self._span * _BIN

    def overfull(self, start: int, end: int, times: Sequence[int]) -> int:
        """How long to make the window instead, after an answer that is as long as the limit."""
        self._crowded = True
        ordered = sorted(times)
        longest = max(1, (end - start) // 2)
        self._known = ()
        if ordered and list(times) in (ordered, ordered[::-1]):
            self._known = tuple(ordered)
            if ordered == list(times) != ordered[::-1]:  # oldest first: it holds the beginning of the window
                return max(1, min(end - start - 1, self._planned(start, end)))
            longest = max(1, int((end - start) * _SHRINK))
        if not self._span and ordered:
            spread = max(1, ordered[-1] - ordered[0])
            return max(1, min(longest, int(_FILL * spread)))
        return min(longest, self._planned(start, start + longest))

    def next(self, start: int, until: int) -> int:
        """How long the next window is, in seconds."""
        if not self._crowded:
            return until - start
        return self._planned(start, min(until, start + _GROWTH * max(self._span, _BIN)))

    def _planned(self, start: int, until: int) -> int:
        """Seconds from ``start`` in which the wanted number of records is expected."""
        want, at = _FILL * self.limit, start
        while at < until:
            if self._known and self._known[0] <= at <= self._known[-1]:
                first = bisect_left(self._known, at)
                if len(self._known) - first > want:
                    return max(1, self._known[first + int(want)] - start)
                want -= len(self._known) - first
                at = self._known[-1] + 1
                continue
            stop = min(until, (at // _BIN + 1) * _BIN)
            if self._known and at < self._known[0] < stop:
                stop = self._known[0]
            expected = self._rate(at // _BIN) * (stop - at) / _BIN
            if expected > want:
                return max(1, at - start + int((stop - at) * want / expected))
            want, at = want - expected, stop
        return max(1, until - start)

    def _rate(self, place: int) -> float:
        shape = self._shape(place)
        return self._flat if shape is None else self._level * shape

    def _shape(self, place: int) -> float | None:
        """What the same quarter of an hour held a week ago and a day ago; None when neither is known."""
        total = weights = 0.0
        for back, weight in ((_WEEK, 3.0), (_DAY, 1.0)):
            near = [self._seen[at] for at in range(place - back - 1, place - back + 2) if at in self._seen]
            if near:
                total, weights = total + weight * sum(near) / len(near), weights + weight
        return total / weights if weights else None


def _bins(start: int, end: int) -> list[tuple[int, float]]:
    """The quarters of an hour that a window touches, each with the share of it that lies inside."""
    return [
        (place, (min(end, (place + 1) * _BIN) - max(start, place * _BIN)) / _BIN)
        for place in range(start // _BIN, (end - 1) // _BIN + 1)
    ]
