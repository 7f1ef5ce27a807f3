"""Shares of two choices side by side."""

from collections.abc import Sequence

from plotly import graph_objects as go

from lasthop.draw.colours import label
from lasthop.measure import Line, Rate
from lasthop.model.colours import NEUTRAL

SIDES = ("#4698E3", "#DE7A22")
"""The colours of the first and the second side."""


def draw_compare(lines: Sequence[Line], names: tuple[str, str]) -> go.Figure:
    """Each share as two points with their 95 % intervals, one row a share; a side with fewer than 20 has no point.

    With fewer than 100 its point is grey, its shape tells the side. Points carry the numbers of line and side as
    ``customdata``.
    """
    figure = go.Figure()
    for place, (name, colour, symbol) in enumerate(zip(names, SIDES, ("circle", "diamond"), strict=True)):
        told = [(number, line.name, _side(line, place)) for number, line in enumerate(lines)]
        shown = [(number, title, rate) for number, title, rate in told if rate.share is not None]
        figure.add_scatter(
            x=[rate.share for _, _, rate in shown],
            y=[title for _, title, _ in shown],
            mode="markers",
            name=label(name, 40, 1),
            marker={
                "size": 9, "symbol": symbol, "color": [NEUTRAL if rate.faint else colour for *_, rate in shown],
            },
            error_x={
                "type": "data", "thickness": 1.5, "width": 0, "color": colour,
                "array": [rate.high - rate.part / rate.whole for *_, rate in shown],
                "arrayminus": [rate.part / rate.whole - rate.low for *_, rate in shown],
            },
            customdata=[[number, place] for number, *_ in shown],
            text=[f"{rate.part:,} of {rate.whole:,}" for *_, rate in shown],
            hovertemplate="%{x:.1%}, %{text}<extra>%{fullData.name}</extra>",
        )  # fmt: skip
    figure.update_layout(
        height=90 + 34 * len(lines),
        margin={"l": 8, "r": 8, "t": 8, "b": 28},
        legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom"},
        scattermode="group",
    )
    figure.update_xaxes(tickformat=".0%", automargin=True)
    figure.update_yaxes(
        autorange="reversed", automargin=True, categoryorder="array", categoryarray=[line.name for line in lines]
    )
    return figure


def _side(line: Line, place: int) -> Rate:
    return line.difference.second if place else line.difference.first
