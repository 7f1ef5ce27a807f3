"""Which stretches of time were asked about, and when: what a pull has still to ask, and what it has to ask again.

A message may change until its retry window is over, so a stretch is *settled* only when it was asked about that long
after its end. What was asked about earlier is asked about again by the next pull, and no further back than it may have
changed since.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from lasthop.model.outcomes import RETRY_WINDOW_H

LATE_SECONDS = (RETRY_WINDOW_H + 4) * 3600
"""A message may change for so long after it was made: 72 hours of retries, and a margin for a late report."""


@dataclass(frozen=True)
class Span:
    """Everything from ``start`` up to ``end`` was asked about at ``asked`` or later; epoch seconds."""

    start: int
    end: int
    asked: int

    @property
    def settled(self) -> bool:
        """Whether nothing of it changes any more."""
        return self.asked >= self.end + LATE_SECONDS


class Coverage:
    """Spans that do not overlap, in order."""

    def __init__(self, spans: Iterable[Span] = ()) -> None:
        self.spans: list[Span] = []
        for span in spans:
            self.add(span)

    def add(self, span: Span) -> None:
        """Put a span in place of what was known of that time; what is settled throughout grows together."""
        kept = [part for one in self.spans for part in _outside(one, span)]
        self.spans = []
        for one in sorted([*kept, span], key=lambda each: each.start):
            last = self.spans[-1] if self.spans else None
            if last and last.end == one.start and (last.asked == one.asked or (last.settled and one.settled)):
                # Of two settled spans the later one is settled by its own end; nothing is read from the time again.
                asked = last.asked if last.asked == one.asked else max(last.asked, one.asked)
                self.spans[-1] = Span(last.start, one.end, asked)
            else:
                self.spans.append(one)

    def due(self, since: int, until: int, sweep: int) -> list[tuple[int, int]]:
        """What is to be asked between two instants, in that order.

        First what is missing, then what may have changed, from what was asked about longest ago on.
        ``sweep`` is when the pull began that goes on now: what was asked since then is not asked once more.
        """
        missing, at = [], since
        late: list[Span] = []
        for one in self.spans:
            start, end = max(one.start, since), min(one.end, until)
            if end <= start:
                continue
            if start > at:
                missing.append((at, start))
            at = end
            first = max(start, one.asked - LATE_SECONDS)
            if not one.settled and one.asked < sweep and first < end:
                late.append(Span(first, end, one.asked))
        if at < until:
            missing.append((at, until))
        return missing + _joined(sorted(late, key=lambda span: (span.asked, span.start)))


def _joined(spans: Iterable[Span]) -> list[tuple[int, int]]:
    """Stretches, where one that follows on the one before it makes that longer."""
    joined: list[tuple[int, int]] = []
    for span in spans:
        if joined and joined[-1][1] == span.start:
            joined[-1] = (joined[-1][0], span.end)
        else:
            joined.append((span.start, span.end))
    return joined


def _outside(one: Span, other: Span) -> list[Span]:
    """The parts of a span that another one leaves."""
    if one.end <= other.start or one.start >= other.end:
        return [one]
    parts = (Span(one.start, other.start, one.asked), Span(other.end, one.end, one.asked))
    return [part for part in parts if part.start < part.end]
