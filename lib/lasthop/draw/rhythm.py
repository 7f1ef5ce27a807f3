"""When mail is sent: hours of the day by weekday."""

import math
from typing import Any, Literal

import pandas as pd
from plotly import graph_objects as go

from lasthop.draw.cells import add_cell_marks
from lasthop.measure.rate import FEW, SOME
from lasthop.model.colours import COLOURS, NEUTRAL
from lasthop.model.outcomes import Outcome

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_COUNTS = {"tickvals": list(range(7)), "ticktext": ["1", "10", "100", "1,000", "10,000", "100,000", "1 million"]}


def draw_rhythm(frame: pd.DataFrame, shows: Literal["sent", "refused"] = "sent") -> go.Figure:
    """A heat map of ``rhythm``: how many were sent in each hour, or which share of the attempted was refused.

    A cell with fewer than 20 attempted has no share and stays empty, one with fewer than 100 is grey. Points carry
    weekday and hour as ``customdata``.
    """
    by_cell = frame.set_index(["weekday", "hour"])
    every = pd.MultiIndex.from_product([range(7), range(24)])
    whole = by_cell.reindex(every)
    share = 1 - whole["taken"] / whole["attempted"].where(whole["attempted"] >= FEW)
    words = [_words(row, value) for row, value in zip(whole.itertuples(), share, strict=True)]
    figure = go.Figure()
    if shows == "sent":
        # One campaign would leave all other hours white: the colours of counts go by their logarithm.
        sent = whole["n"].astype(float).map(math.log10)
        _add_cells(figure, sent, COLOURS[Outcome.ACCEPTED].colour, zmin=-0.3, colorbar=_COUNTS)
    else:
        scale = {"zmin": 0, "zmax": float(share.fillna(0).max()) or 1}
        few = whole["attempted"] < SOME
        _add_cells(figure, share.where(few), NEUTRAL, **scale, showscale=False)
        _add_cells(figure, share.where(~few), COLOURS[Outcome.BOUNCED].colour, **scale, colorbar={"tickformat": ".0%"})
    hours, days = [f"{hour:02d}" for _, hour in every], [WEEKDAYS[day] for day, _ in every]
    said = [f"{day} {hour}:00<br>{told}" for day, hour, told in zip(days, hours, words, strict=True)]
    add_cell_marks(figure, hours, days, list(every), said)
    figure.update_layout(height=260, margin={"l": 8, "r": 8, "t": 8, "b": 28})
    figure.update_xaxes(range=[-0.5, 23.5], showgrid=False, zeroline=False, dtick=3, automargin=True)
    figure.update_yaxes(range=[6.5, -0.5], showgrid=False, zeroline=False, automargin=True)
    return figure


def _add_cells(figure: go.Figure, values: "pd.Series[float]", colour: str, **scale: Any) -> None:
    """One cell for each hour of the week, the stronger the colour the higher its value; none for what is missing."""
    figure.add_heatmap(
        x=[f"{hour:02d}" for hour in range(24)],
        y=list(WEEKDAYS),
        z=values.to_numpy(float).reshape(7, 24),
        hoverinfo="skip",
        colorscale=[[0, "rgba(127,135,148,0.10)"], [1, colour]],
        xgap=2,
        ygap=2,
        **{**scale, "colorbar": {"thickness": 10, "outlinewidth": 0, **scale.get("colorbar", {})}},
    )


def _words(row: object, refused: float) -> str:
    n = getattr(row, "n")  # noqa: B009
    if pd.isna(n):
        return "nothing sent"
    told = "too few for a share" if pd.isna(refused) else f"{refused:.1%} of attempted refused"
    return f"{int(n):,} sent, {told}"
