"""A stretch of time in windows, for endpoints that know a limit and no pages.

SendGrid's Email Logs and Email Activity give at most 1,000 records and no way to ask for the rest ("pagination is not
supported"). So a window counts as read only when its answer holds fewer records than the limit; otherwise a shorter one
is asked for, down to one second. A full second cannot be divided: what it gave is passed on and marked as cut.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from lasthop.pull.density import Density

Row = TypeVar("Row")


@dataclass(frozen=True)
class Window(Generic[Row]):
    """All records from ``start`` up to ``end`` (epoch seconds, end not included).

    ``cut``: it is one second that holds as many as an answer may, so there may be more of them than anybody is told.
    """

    start: int
    end: int
    rows: Sequence[Row]
    cut: bool


def windows(
    ask: Callable[[int, int], Sequence[Row]],
    time_of: Callable[[Row], int | None],
    start: int,
    end: int,
    density: Density,
) -> Iterator[Window[Row]]:
    """Yield windows that follow each other from ``start`` to ``end`` without a gap, oldest first.

    ``ask`` gives the records between two instants, at most ``density.limit`` of them; ``time_of`` tells a record's
    place in time (epoch seconds, None where it cannot be read: it is then only counted). The same ``density`` may be
    used for several stretches, and learns from each.
    """
    at, span = start, density.next(start, end)
    while at < end:
        stop = min(end, at + span)
        rows = ask(at, stop)
        times = [time for row in rows if (time := time_of(row)) is not None]
        full = len(rows) >= density.limit
        if full and stop - at > 1:
            span = density.overfull(at, stop, times)
            continue
        density.whole(at, stop, times)
        yield Window(at, stop, rows, cut=full)
        at = stop
        span = density.next(at, end)
