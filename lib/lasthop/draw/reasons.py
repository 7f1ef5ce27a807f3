"""Why mail fails: reasons by receiver, by domain and over time as a map of counts, and one reason over time."""

from datetime import date

import numpy as np
import pandas as pd
from plotly import graph_objects as go

from lasthop.draw.cells import add_cell_marks
from lasthop.draw.colours import label

FILL = "#3A82CC"
"""One hue, more or less of it: dark and light words can both be read on it, so it works on either page."""

_SCALE = [[0, "rgba(58,130,204,0.15)"], [1, "rgba(58,130,204,0.78)"]]
_WORDS = {False: "#1B2430", True: "#E6EAF0"}
_ROW, _HEAD, _NAME = 27, 96, 16
_TICKS = 5


def draw_reason_map(counts: pd.DataFrame, *, dark: bool | None = None) -> go.Figure:
    """Messages as a map: reasons (index, titles) down, receivers, domains or days (columns) across.

    The stronger the colour the more messages, by the square root, so that few can still be told from none; none is
    empty. Names get their number in the cell, days do not. ``dark`` tells what page it stands on; None where that is
    not known. Marks carry the numbers of their row and column as ``customdata``; among names a box takes whole rows.
    An empty frame gives an empty figure.
    """
    by_day = all(isinstance(name, date) for name in counts.columns)
    wide, high = len(counts.columns), len(counts.index)
    figure = go.Figure()
    if wide and high:
        figure.add_heatmap(
            x=list(range(wide)),
            y=list(range(high)),
            z=[[float(np.sqrt(n)) if n else None for n in row] for row in counts.to_numpy()],
            zmin=0,
            zmax=float(np.sqrt(counts.to_numpy().max())),
            colorscale=_SCALE,
            showscale=False,
            xgap=2,
            ygap=2,
            hoverinfo="skip",
        )
        cells = [(x, y) for y, row in enumerate(counts.to_numpy()) for x, n in enumerate(row) if n]
        words = _said(counts)
        add_cell_marks(
            figure,
            [x for x, _ in cells],
            [y for _, y in cells],
            [(y, x) for x, y in cells],
            [words[y][x] for x, y in cells],
        )
    if not by_day:
        _add_numbers(figure, counts, dark)
    shown = list(range(0, wide, max(1, -(-wide // _TICKS)))) if by_day else list(range(wide))
    figure.update_layout(
        height=high * _ROW + _HEAD + 8,
        margin={"l": 8, "r": 20 if by_day else 48, "t": _HEAD, "b": 8},
        showlegend=False,
        selectdirection="any" if by_day else "v",
        xaxis={
            "side": "top", "tickvals": shown, "ticktext": [_name(counts.columns[place]) for place in shown],
            "tickangle": 0 if by_day else -55, "range": [-0.5, wide - 0.5], "showgrid": False, "zeroline": False,
            "ticklabeloverflow": "allow", "automargin": False, "fixedrange": True, "title": {"text": ""},
        },
        yaxis={
            "tickvals": list(range(high)), "ticktext": [_name(name, 30) for name in counts.index],
            "range": [high - 0.5, -0.5], "showgrid": False, "zeroline": False, "automargin": True,
            "fixedrange": True, "title": {"text": ""},
        },
    )  # fmt: skip
    return figure


def draw_reason_trend(counts: "pd.Series[int]", *, step: int = 1, height: int = 190) -> go.Figure:
    """The messages of one reason, by the days (index, datetime.date) at which spans of ``step`` days begin.

    Bars carry row 0 and the number of their span as ``customdata``.
    """
    figure = go.Figure()
    figure.add_bar(
        x=list(counts.index),
        y=[int(n) for n in counts],
        customdata=[[0, place] for place in range(len(counts))],
        marker={"color": FILL, "line": {"width": 0}},
        hovertemplate="%{y:,} sent "
        + ("" if step == 1 else f"in the {step} days from ")
        + "%{x|%-d %b %Y}<extra></extra>",
    )
    figure.update_layout(
        height=height,
        bargap=0.2,
        margin={"l": 8, "r": 8, "t": 8, "b": 28},
        showlegend=False,
        xaxis={"type": "date", "tickformat": "%-d %b", "automargin": True, "fixedrange": True, "title": {"text": ""}},
        yaxis={
            "rangemode": "tozero", "tickformat": ",d", "automargin": True, "fixedrange": True, "title": {"text": ""},
            "nticks": 4, "range": [0, max(4, int(counts.max()) * 1.08) if len(counts) else 4],
        },
    )  # fmt: skip
    return figure


def _add_numbers(figure: go.Figure, counts: pd.DataFrame, dark: bool | None) -> None:
    """Numbers in the colour of the page's own text: light on dark pages, dark on light ones.

    A heat map would choose it by the colour of the cell without its transparency, plotly's font is a faint grey. The
    page's own colour is black in a picture that was saved from it, so it is named where the page is known.
    """
    colour = "currentColor" if dark is None else _WORDS[dark]
    cells = [(x, y, _short(int(n))) for y, row in enumerate(counts.to_numpy()) for x, n in enumerate(row) if n]
    figure.add_scatter(
        x=[x for x, _, _ in cells],
        y=[y for _, y, _ in cells],
        text=[f'<span style="color:{colour}">{text}</span>' for _, _, text in cells],
        mode="text",
        textfont={"size": 12},
        hoverinfo="skip",
    )


def _said(counts: pd.DataFrame) -> list[list[str]]:
    names = [_name(name, 60) for name in counts.columns]
    return [
        [
            f"{n:,} {'message' if n == 1 else 'messages'}<br>{label(str(row))}<br>{name}"
            for name, n in zip(names, each, strict=True)
        ]
        for row, each in zip(counts.index, counts.to_numpy().tolist(), strict=True)
    ]


def _name(name: object, width: int = _NAME) -> str:
    return f"{name:%-d %b}" if isinstance(name, date) else label(str(name), width, lines=1)


def _short(number: int) -> str:
    """A number that fits into a cell: ``940``, ``1.2k``, ``17k``."""
    if number < 1_000:
        return str(number)
    return f"{number / 1_000:.1f}k" if number < 9_950 else f"{number / 1_000:,.0f}k"
