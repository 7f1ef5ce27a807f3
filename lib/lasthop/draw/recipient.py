"""The messages of one address along time, a lane for each outcome."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pandas as pd
from plotly import graph_objects as go

from lasthop.draw.colours import label
from lasthop.model.colours import COLOURS, Ink
from lasthop.model.outcomes import MEANINGS, Outcome

_AIR_MS = 3_600_000


def draw_recipient(frame: pd.DataFrame, zone: str) -> go.Figure:
    """Rows of ``find_messages`` as marks at their time of sending in ``zone``, an outcome a lane.

    Columns: ``message``, ``sent_ms``, ``outcome``, ``subject``. Outcomes that do not occur have no lane; no rows, an
    empty figure. Marks carry the id of their message and its outcome as ``customdata``.
    """
    lanes = [outcome for outcome in Outcome if (frame["outcome"] == str(outcome)).any()]
    figure = go.Figure()
    for outcome in lanes:
        rows = frame[frame["outcome"] == str(outcome)]
        figure.add_scatter(
            x=[_local(ms, zone) for ms in rows["sent_ms"]],
            y=[MEANINGS[outcome].title] * len(rows),
            mode="markers",
            name=MEANINGS[outcome].title,
            marker=_marker(COLOURS[outcome], MEANINGS[outcome].failed),
            customdata=[[message, str(outcome)] for message in rows["message"]],
            text=[label(subject) if isinstance(subject, str) else "(no subject)" for subject in rows["subject"]],
            hovertemplate="%{text}<br>%{x|%Y-%m-%d %H:%M:%S} " + label(zone) + "<extra></extra>",
        )
    figure.update_layout(
        height=72 + 38 * max(len(lanes), 1),
        margin={"l": 8, "r": 16, "t": 8, "b": 44},
        showlegend=False,
        hovermode="closest",
        xaxis={
            "type": "date", "range": _span(frame, zone), "automargin": True, "showgrid": True,
            "title": {"text": ""}, "tickformatstops": _TICKS, "nticks": 7,
        },
        yaxis={
            "type": "category", "categoryorder": "array",
            "categoryarray": [MEANINGS[outcome].title for outcome in reversed(lanes)],
            "range": [-0.6, len(lanes) - 0.4], "automargin": True, "fixedrange": True, "title": {"text": ""},
        },
    )  # fmt: skip
    return figure


_TICKS = [
    {"dtickrange": [None, 86_400_000], "value": "%H:%M\n%-d %b"},
    {"dtickrange": [86_400_000, "M1"], "value": "%-d %b"},
    {"dtickrange": ["M1", None], "value": "%b %Y"},
]


def _marker(ink: Ink, failed: bool) -> dict[str, object]:
    """Failures are crosses, what is not settled is open: colour is not the only sign."""
    symbol = "x" if failed else "circle-open" if ink.outline or ink.hatch else "circle"
    return {
        "symbol": symbol,
        "color": ink.colour,
        "size": 11,
        "line": {"width": 2, "color": ink.colour},
        "opacity": 0.85,
    }


def _local(time_ms: int, zone: str) -> datetime:
    """Wall-clock time in the zone, without the zone: plotly has none."""
    return datetime.fromtimestamp(int(time_ms) / 1000, UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def _span(frame: pd.DataFrame, zone: str) -> list[datetime] | None:
    if frame.empty:
        return None
    first, last = int(frame["sent_ms"].min()), int(frame["sent_ms"].max())
    air = max((last - first) // 20, _AIR_MS)
    return [_local(first - air, zone), _local(last + air, zone)]
