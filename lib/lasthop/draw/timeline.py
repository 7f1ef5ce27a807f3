"""One message in a picture: a lane for each system, its events along time, attempts as marks."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from plotly import graph_objects as go

from lasthop.draw.clock import CLOCK_TICKS
from lasthop.draw.colours import label
from lasthop.model.marks import LANES, MARKS, OTHER, WHERE_USED, Mark, lane, said_last

Event = dict[str, Any]


def draw_timeline(events: list[Event], zone: str, *, height: int = 230) -> go.Figure:
    """The events of one message (a ``timeline``) as a figure; times are shown in ``zone``. No events, empty figure."""
    timed = [event for event in events if event["time_ms"] is not None]
    lanes = [name for name in LANES if name not in WHERE_USED or _used(timed, name)]
    figure = go.Figure()
    _add_path(figure, timed, zone)
    for kind in dict.fromkeys(event["kind"] for event in timed):
        _add_marks(figure, kind, [event for event in timed if event["kind"] == kind], zone)
    _add_words(figure, timed, zone)
    figure.update_layout(
        height=height + 50 * (len(lanes) - 3),
        margin={"l": 8, "r": 16, "t": 8, "b": 64},
        showlegend=False,
        hovermode="closest",
        xaxis={
            "type": "date", "range": _span(timed, zone), "automargin": True, "showgrid": True,
            "title": {"text": zone}, "tickformatstops": CLOCK_TICKS,
        },
        yaxis={
            "type": "category", "categoryorder": "array", "categoryarray": lanes[::-1],
            "range": [-0.6, len(lanes) - 0.4], "automargin": True, "fixedrange": True, "title": {"text": ""},
        },
    )  # fmt: skip
    return figure


def _used(events: list[Event], name: str) -> bool:
    return any(lane(event["kind"]) == name for event in events)


def _local(time_ms: int, zone: str) -> datetime:
    """Wall-clock time in the zone, without the zone: plotly has none."""
    return datetime.fromtimestamp(time_ms / 1000, UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def _span(events: list[Event], zone: str) -> list[datetime] | None:
    """From a little before the first to a little after the last event, never less than ten seconds."""
    if not events:
        return None
    times = [event["time_ms"] for event in events]
    first, last = min(times), max(times)
    air = max((last - first) // 12, 5_000)
    return [_local(first - air, zone), _local(last + air, zone)]


def _add_path(figure: go.Figure, events: list[Event], zone: str) -> None:
    """The way of the message: a thin line from event to event."""
    sure = [event for event in events if event["tie"] != "ambiguous"]
    figure.add_scatter(
        x=[_local(event["time_ms"], zone) for event in sure],
        y=[lane(event["kind"]) for event in sure],
        mode="lines",
        line={"color": "rgba(127,135,148,0.55)", "width": 1.5},
        hoverinfo="skip",
    )


def _add_marks(figure: go.Figure, kind: str, events: list[Event], zone: str) -> None:
    mark = MARKS.get(kind, OTHER)
    figure.add_scatter(
        x=[_local(event["time_ms"], zone) for event in events],
        y=[lane(kind)] * len(events),
        mode="markers",
        name=mark.words,
        marker={
            "symbol": mark.symbol, "color": mark.colour, "size": 13, "line": {"width": 2, "color": mark.colour},
            "opacity": [0.35 if event["tie"] == "ambiguous" else 1 for event in events],
        },
        customdata=[_said(event, mark) for event in events],
        hovertemplate="%{customdata}<br>%{x|%Y-%m-%d %H:%M:%S} " + label(zone) + "<extra></extra>",
    )  # fmt: skip


def _said(event: Event, mark: Mark) -> str:
    words = mark.words if mark is not OTHER else label(event["kind_raw"] or event["kind"])
    unsure = " (may belong to another message)" if event["tie"] == "ambiguous" else ""
    reply = label(event["reply"])
    return f"<b>{words}</b>{unsure}" + (f"<br>{reply}" if reply else "")


def _add_words(figure: go.Figure, events: list[Event], zone: str) -> None:
    """One word on each lane: what came last there, and how often it was tried."""
    for name in LANES:
        here = [event for event in events if lane(event["kind"]) == name]
        if not here:
            continue
        right = _is_late(here[-1], events)
        figure.add_annotation(
            x=_local(here[-1]["time_ms"], zone), y=name, text=said_last(here), showarrow=False, yshift=19,
            xanchor="right" if right else "left", xshift=8 if right else -8,
        )  # fmt: skip


def _is_late(event: Event, events: list[Event]) -> bool:
    """Whether it stands in the right half of the picture."""
    times = [each["time_ms"] for each in events]
    return bool(event["time_ms"] - min(times) > (max(times) - min(times)) / 2)
