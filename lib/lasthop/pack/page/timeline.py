"""The events of one message as numbers of a picture: a lane for each system, its events along time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from lasthop.explain import in_words
from lasthop.model.marks import LANES, MARKS, OTHER, WHERE_USED, lane, said_last
from lasthop.pack.page.axis import Axis, Tick, axis, lasting, offsets
from lasthop.trace import Event

WIDTH, LEFT, RIGHT = 720, 128.0, 712.0
TOP, LANE, FOOT = 34, 48, 60


@dataclass(frozen=True)
class Dot:
    """One mark; ``unsure`` for events that may belong to another message. ``says`` is what its tooltip says."""

    x: float
    y: int
    symbol: str
    colour: str
    unsure: bool
    says: str


@dataclass(frozen=True)
class Lane:
    """A system: its name, and in words what came last there, at ``x`` with the SVG text-anchor ``anchor``."""

    name: str
    y: int
    words: str
    x: float
    anchor: str


@dataclass(frozen=True)
class Cut:
    """A silence that was cut out: its middle and how long it lasted."""

    x: float
    words: str


@dataclass(frozen=True)
class Picture:
    """All that the template draws. ``path`` are the places of the events in the order of time."""

    width: int
    height: int
    left: float
    right: float
    lanes: tuple[Lane, ...]
    path: tuple[tuple[float, int], ...]
    dots: tuple[Dot, ...]
    cuts: tuple[Cut, ...]
    ticks: tuple[Tick, ...]
    zone: str
    says: str


def picture(events: Sequence[Event], zone: str) -> Picture | None:
    """The picture of a timeline, oldest event first, times of ``zone``; None when no event has a time."""
    timed = [event for event in events if event["time_ms"] is not None]
    if not timed:
        return None
    first, last = timed[0]["time_ms"], timed[-1]["time_ms"]
    along = axis([event["time_ms"] for event in timed], LEFT, RIGHT)
    used = {lane(event["kind"]) for event in timed}
    names = [name for name in LANES if name not in WHERE_USED or name in used]
    heights = {name: TOP + place * LANE for place, name in enumerate(names)}
    lanes = tuple(_lane(name, heights[name], timed, along) for name in names)
    sure = [event for event in timed if event["tie"] != "ambiguous"]
    return Picture(
        width=WIDTH,
        height=TOP + LANE * (len(names) - 1) + FOOT,
        left=LEFT,
        right=RIGHT,
        lanes=lanes,
        path=tuple(place for place, _ in groupby(_places(sure, along, heights))),
        dots=tuple(_dots(timed, along, heights, zone)),
        cuts=tuple(
            _cut(before.until_ms, after.from_ms, before.right, after.left) for before, after in pairwise(along.pieces)
        ),
        ticks=tuple(along.ticks(zone)),
        zone=offsets(first, last, zone),
        says=f"{'; '.join(f'{one.name}: {one.words}' for one in lanes)}. "
        f"From {in_words(first, zone)} to {in_words(last, zone)}.",
    )


def _places(events: Sequence[Event], along: Axis, heights: dict[str, int]) -> Iterator[tuple[float, int]]:
    return ((along.x(event["time_ms"]), heights[lane(event["kind"])]) for event in events)


def _lane(name: str, y: int, timed: Sequence[Event], along: Axis) -> Lane:
    here = [event for event in timed if lane(event["kind"]) == name]
    if not here:
        return Lane(name, y, "no event", LEFT + 8, "start")
    x = along.x(here[-1]["time_ms"])
    late = x > (LEFT + RIGHT) / 2
    return Lane(name, y, said_last(here), x + 8 if late else x - 8, "end" if late else "start")


def _dots(timed: Sequence[Event], along: Axis, heights: dict[str, int], zone: str) -> Iterator[Dot]:
    """One for each place and kind: what lies on one spot is counted in its words."""
    spots: dict[tuple[str, int, bool], list[Event]] = {}
    for event in timed:
        spot = (event["kind"], round(along.x(event["time_ms"])), event["tie"] == "ambiguous")
        spots.setdefault(spot, []).append(event)
    for (kind, _, unsure), here in spots.items():
        mark = MARKS.get(kind, OTHER)
        words = mark.words if mark is not OTHER else here[0]["kind_raw"] or kind
        says = [f"{words}, {in_words(here[0]['time_ms'], zone)}"]
        if len(here) > 1:
            says.append(f"{len(here):,} events, the last {in_words(here[-1]['time_ms'], zone)}")
        if unsure:
            says.append("may belong to another message")
        yield Dot(along.x(here[0]["time_ms"]), heights[lane(kind)], mark.symbol, mark.colour, unsure, "; ".join(says))


def _cut(before_ms: int, after_ms: int, left: float, right: float) -> Cut:
    return Cut(round((left + right) / 2, 1), lasting(after_ms - before_ms))
