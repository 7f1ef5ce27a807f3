"""Messages by the day they were sent and where they stand."""

import pandas as pd
from plotly import graph_objects as go

from lasthop.draw.colours import COLOURS, bar_marker
from lasthop.model.outcomes import MEANINGS, Outcome


def draw_outcomes_by_day(frame: pd.DataFrame, *, height: int = 340) -> go.Figure:
    """Stacked bars of ``outcomes_by_day`` (``day``, ``outcome``, ``n``); outcomes that never occur are left out."""
    wide = frame.pivot_table(index="day", columns="outcome", values="n", aggfunc="sum", fill_value=0, observed=True)
    figure = go.Figure()
    for outcome in Outcome:
        counts = wide.get(str(outcome))
        if counts is None or not counts.sum():
            continue
        title = MEANINGS[outcome].title
        figure.add_bar(
            x=list(wide.index),
            y=[int(n) or None for n in counts],
            name=title.replace(", ", ",<br>"),
            marker=bar_marker(COLOURS[outcome]),
            hovertemplate=f"%{{y:,}} {title.lower()}<extra></extra>",
        )
    figure.update_layout(
        barmode="stack",
        bargap=0.25,
        height=height,
        hovermode="x unified",
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        legend={
            "orientation": "h", "x": 0, "yanchor": "top", "y": -0.12, "traceorder": "normal", "maxheight": 0.6,
            "entrywidth": 96, "entrywidthmode": "pixels", "font": {"size": 12},
        },
        xaxis={"type": "date", "title": {"text": ""}, "tickformat": "%-d %b", "automargin": True},
        yaxis={"rangemode": "tozero", "tickformat": ",d", "automargin": True, "title": {"text": ""}},
    )  # fmt: skip
    return figure
