"""Words above a picture of days: what somebody remembers of a day, and where the data ends, none over another."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from plotly import graph_objects as go

from lasthop.draw.colours import label
from lasthop.model.colours import NEUTRAL

ROW = 16
"""Pixels of a row of words."""
_LONGEST, _MOST_ROWS = 24, 6
_LETTER, _WIDTH = 6.2, 290  # pixels of a letter, and of the days on a telephone: what has room there has it anywhere


def add_words_above(
    figure: go.Figure, first: date, last: date, marks: Mapping[date, str], edge: datetime | None
) -> int:
    """Draw a line for each mark and for the ``edge``, with its words above the first plot; returns the rows they take.

    ``first`` and ``last`` are the days that are shown; marks outside them are left out. Long words are cut, and whole
    when the mouse is over them.
    """
    # From right to left, the edge last: no line goes through words that stand to the right of it.
    shown = sorted(((day, words) for day, words in marks.items() if first <= day <= last), reverse=True)
    told = [(datetime.combine(day, time()), words, False) for day, words in shown]
    if edge is not None:
        # Behind the last bar that can be complete: bars stand around the midnight with which their day begins.
        end = datetime(edge.year, edge.month, edge.day) + timedelta(hours=12)
        told.append((end, f"data ends {edge:%-d %b %H:%M}", True))
    whole = max((last - first).days + 1, 1)
    begins = datetime.combine(first, time()) - timedelta(hours=12)
    taken: list[list[tuple[float, float]]] = []
    for at, words, is_edge in told:
        place = (at - begins) / timedelta(days=whole)
        span, right = _span(place, label(words, _LONGEST, 1))
        row = _free(taken, span)
        taken[row].append(span)
        line = {"width": 1.5, "color": NEUTRAL, "dash": "solid" if is_edge else "dot"}
        figure.add_vline(x=at, line=line)
        figure.add_annotation(
            x=at, y=1, yref="y domain", text=label(words, _LONGEST, 1), hovertext=label(words), showarrow=True,
            arrowhead=0, arrowwidth=1, arrowcolor=NEUTRAL, ax=0, ay=-(4 + ROW * row),
            xanchor="right" if right else "left", yanchor="bottom",
            font={"size": 11, **({"color": NEUTRAL} if is_edge else {})},
        )  # fmt: skip
    return len(taken)


def _span(place: float, words: str) -> tuple[tuple[float, float], bool]:
    """What the words take of the width, and whether they stand to the left of their line: the right has no room."""
    width = len(words) * _LETTER / _WIDTH
    right = place + width > 1
    return ((place - width, place) if right else (place, place + width)), right


def _free(taken: list[list[tuple[float, float]]], span: tuple[float, float]) -> int:
    """The lowest row in which nothing stands there; the uppermost when all are full."""
    for row, held in enumerate(taken):
        if all(span[1] <= begin or span[0] >= end for begin, end in held):
            return row
    if len(taken) < _MOST_ROWS:
        taken.append([])
    return len(taken) - 1
