"""Marks on the cells of a heat map: a heat map tells what it shows, but cannot be clicked or boxed."""

from collections.abc import Sequence
from typing import Any

from plotly import graph_objects as go

_UNSEEN = {"marker": {"opacity": 0}}


def add_cell_marks(
    figure: go.Figure, x: Sequence[Any], y: Sequence[Any], carried: Sequence[tuple[Any, Any]], words: Sequence[str]
) -> None:
    """A mark that nobody sees at each ``x``, ``y``: it says its ``words`` and carries its pair as ``customdata``."""
    figure.add_scatter(
        x=x,
        y=y,
        text=words,
        customdata=[list(pair) for pair in carried],
        mode="markers",
        marker={"symbol": "square", "size": 16, "opacity": 0},
        selected=_UNSEEN,
        unselected=_UNSEEN,
        showlegend=False,
        hovertemplate="%{text}<extra></extra>",
    )
