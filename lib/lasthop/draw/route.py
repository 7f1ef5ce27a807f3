"""The way of one original message: a bar for each leg along time, SendGrid's own stretch apart from what came after."""

from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from plotly import graph_objects as go

from lasthop.draw.clock import CLOCK_TICKS
from lasthop.draw.colours import bar_marker, label
from lasthop.explain.original.delay import after
from lasthop.model.colours import NEUTRAL, Ink
from lasthop.original.clocks import Reading
from lasthop.original.reading import Original
from lasthop.original.route import Leg, Route

MOST = 30
"""So many hops are drawn, the oldest first; RFC 5321 §6.3 takes a hundred for a loop."""

Stretch = Literal["inside", "hand_over", "after", "way"]

STRETCHES: dict[Stretch, tuple[str, str]] = {
    "inside": ("inside SendGrid", "#6B46CB"),
    "hand_over": ("from SendGrid to the receiver", "#DE7A22"),
    "after": ("after the hand-over", "#4698E3"),
    "way": ("from server to server", "#4698E3"),
}
"""Of each stretch its words and its colour; ``way``: of a message that SendGrid did not send."""

Window = tuple[datetime | None, datetime | None]

_ROW, _BAR, _HIGH = 44, 0.26, 0.42
"""Pixels of a hop; of them the share of its bar, and how far above the bar its words stand."""


def draw_route(original: Original, route: Route, zone: str) -> go.Figure:
    """One bar for each leg from the stamp before to its own; a leg whose clocks disagree is a hatched range.

    The words stand above the bars, so that they have room on a telephone. Times are shown in ``zone``; a hop without a
    date has words and no bar. No hops, empty figure.
    """
    legs = route.legs[::-1][:MOST]
    windows = _windows(route.clocks)
    figure = go.Figure()
    drawn: set[Stretch] = set()
    for row, leg in enumerate(legs):
        span = _span(leg, legs[:row], windows)
        if span:
            _add_bar(figure, row, leg, span, stretch_of(leg, original), zone, drawn)
        _add_words(figure, row, leg, route)
    times = [time for each in windows.values() for time in each if time]
    figure.update_layout(
        height=_ROW * len(legs) + 96,
        margin={"l": 8, "r": 16, "t": 36 if drawn - {"way"} else 8, "b": 64},
        barmode="overlay",
        hovermode="closest",
        showlegend=bool(drawn - {"way"}),
        legend={"orientation": "h", "x": 0, "yanchor": "bottom", "y": 1.0, "font": {"size": 12}, "itemclick": False,
                "itemdoubleclick": False},
        xaxis={"type": "date", "range": _range(times, zone), "showgrid": True, "title": {"text": zone},
               "automargin": True, "tickformatstops": CLOCK_TICKS, "nticks": 6, "fixedrange": True},
        yaxis={"range": [len(legs) - 0.4, -0.75], "visible": False, "fixedrange": True},
    )  # fmt: skip
    return figure


def stretch_of(leg: Leg, original: Original) -> Stretch:
    """Which part of the way a leg is; ``way`` where SendGrid left no hop with a date."""
    sendgrid = original.sendgrid
    last = (sendgrid.sent_on or sendgrid.taken_in) if sendgrid else None
    if last is None or last.stamp is None:
        return "way"
    if leg.hop.line >= last.line:  # headers stand with the newest on top
        return "inside"
    newer = [hop.line for hop in original.hops if hop.line < last.line and hop.stamp]
    return "hand_over" if newer and leg.hop.line >= max(newer) else "after"


def _windows(clocks: tuple[Reading, ...]) -> dict[int, Window]:
    """Line of a hop -> its own time where the clock is believed, else between which believed times it lies."""
    later: list[datetime | None] = [None]
    for reading in reversed(clocks):
        sure = reading.standing == "agrees"
        later.append(min(later[-1] or reading.time, reading.time) if sure else later[-1])
    found: dict[int, Window] = {}
    before: datetime | None = None
    for reading, after_ in zip(clocks, later[:0:-1], strict=True):
        if reading.standing == "agrees":
            before = max(before, reading.time) if before else reading.time
        if reading.source == "received":
            sure = reading.standing == "agrees"
            found[reading.line] = (reading.time, reading.time) if sure else (before, after_)
    return found


def _span(leg: Leg, older: tuple[Leg, ...], windows: dict[int, Window]) -> Window | None:
    """From the least time of the hop before to the most of this one; the first hop is a point of its own."""
    here = windows.get(leg.hop.line)
    if here is None or (here[0] is None and here[1] is None):
        return None
    known = [windows[each.hop.line] for each in older if each.hop.line in windows]
    start = (known[-1] if known else here)[0] or here[0] or here[1]
    end = here[1] or here[0]
    return (start, max(start, end)) if start and end else None


def _add_bar(
    figure: go.Figure, row: int, leg: Leg, span: Window, stretch: Stretch, zone: str, drawn: set[Stretch]
) -> None:
    start, end = span
    if start is None or end is None:
        return
    words, colour = STRETCHES[stretch]
    sure = leg.delay is None or leg.low == leg.high
    ink = Ink(colour) if sure else Ink(colour, hatch="/")
    figure.add_bar(
        orientation="h",
        y=[row],
        base=[_local(start, zone)],
        x=[(end - start).total_seconds() * 1000],
        width=_BAR,
        marker=bar_marker(ink),
        name=words,
        legendgroup=stretch,
        showlegend=stretch not in drawn and stretch != "way",
        customdata=[_said(leg, zone)],
        hovertemplate="%{customdata}<extra></extra>",
    )
    drawn.add(stretch)
    # A leg of no time would have no bar: its end is a mark of its own.
    figure.add_scatter(
        x=[_local(end, zone)], y=[row], mode="markers", showlegend=False, hoverinfo="skip",
        marker={"symbol": "line-ns", "size": 16, "line": {"width": 3, "color": colour if sure else NEUTRAL}},
    )  # fmt: skip


def _add_words(figure: go.Figure, row: int, leg: Leg, route: Route) -> None:
    by = label(leg.hop.by or leg.hop.local or "a server that gives no name", 38, 1)
    told = [f"{row + 1}. {by}"]
    if leg.hop.stamp is None:
        told.append("no time stands there")
    elif leg.delay is not None:
        share = f", {leg.share:.0%}" if leg.share is not None else ""
        took = f"{after(leg)}{share}"
        told.append(f"<b>{took}</b>" if leg is route.slowest else took)
    figure.add_annotation(
        x=0, xref="paper", y=row - _HIGH, text=" · ".join(told), showarrow=False, xanchor="left", align="left",
        font={"size": 12},
    )  # fmt: skip


def _said(leg: Leg, zone: str) -> str:
    stamp = leg.hop.stamp
    at = f"{_local(stamp.time, zone):%Y-%m-%d %H:%M:%S} {label(zone)} by its own clock" if stamp else "no time"
    return f"<b>{label(leg.hop.by or leg.hop.local)}</b><br>{after(leg) or 'the first'}<br>{at}"


def _local(time: datetime, zone: str) -> datetime:
    """Wall-clock time in the zone, without the zone: plotly has none."""
    try:
        return time.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    except OverflowError:  # in the first or the last hours that there are
        return time.replace(tzinfo=None)


def _range(times: list[datetime], zone: str) -> list[datetime] | None:
    """From a little before the first to a little after the last believed time, never less than four seconds."""
    if not times:
        return None
    first, last = min(times), max(times)
    air = max((last - first) / 30, timedelta(seconds=2))
    return [_local(first - air, zone), _local(last + air, zone)]
