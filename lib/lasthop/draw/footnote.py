"""The line below a figure that says what it counts: it goes along when the picture is saved."""

import textwrap

from plotly import graph_objects as go

from lasthop.draw.colours import label

_WIDTH, _LINES = 78, 10
_LINE, _AIR = 13, 12  # pixels of a line of 10 px letters, and of what stands around the lines


def with_footnote(figure: go.Figure, text: str) -> go.Figure:
    """The figure with ``text`` in small grey lines at its lower edge, higher by as much as they need.

    The lines are short enough for a telephone. An empty text changes nothing. The lower margin of the figure must hold
    what stands below its axis: plotly makes room for either, not for both.
    """
    lines = [label(line, _WIDTH, 1) for line in textwrap.wrap(text, _WIDTH, max_lines=_LINES, placeholder=" …")]
    # Streamlit makes titles bold by a tag around their text.
    lines = [f'<span style="font-weight:normal">{line}</span>' for line in lines]
    if not lines:
        return figure
    depth = _LINE * len(lines) + _AIR
    figure.update_layout(
        height=(figure.layout.height or 450) + depth,
        margin={"b": (figure.layout.margin.b or 8) + depth},
        title={
            "text": "<br>".join(lines), "x": 0, "xanchor": "left", "y": 0, "yanchor": "bottom", "yref": "container",
            "font": {"size": 10, "color": "#7F8794"}, "pad": {"l": 8, "b": 8 + _LINE * (len(lines) - 1)},
        },
    )  # fmt: skip
    return figure
