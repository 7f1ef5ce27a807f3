"""Messages by the day they were sent, where they stand, and the share that was accepted."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import pandas as pd
from plotly import graph_objects as go
from plotly.subplots import make_subplots

from lasthop.draw.above import ROW, add_words_above
from lasthop.draw.colours import bar_marker
from lasthop.measure.rate import SOME
from lasthop.model.colours import COLOURS, NEUTRAL
from lasthop.model.outcomes import MEANINGS, Outcome

_LINE = COLOURS[Outcome.ACCEPTED].colour


def draw_outcomes_by_day(
    frame: pd.DataFrame,
    *,
    shown: Sequence[Outcome] = tuple(Outcome),
    marks: Mapping[date, str] | None = None,
    edge: datetime | None = None,
) -> go.Figure:
    """Stacked bars of ``outcomes_by(day)`` above the accepted share of each day.

    Outcomes that never occur are left out. A mature day has its share with the Wilson interval, in grey below 100; a
    younger one the range that is still possible; a day with fewer than 20 has none. ``marks`` are days with something
    to remember, in the words of whoever typed them; those outside the days of the frame are left out. ``edge`` is the
    moment at which the data ends, on the clock of the days; None where the days end earlier. Points carry day and
    outcome as ``customdata``.
    """
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True, row_heights=[0.7, 0.3], vertical_spacing=0.06)
    for outcome in shown:
        if len(frame) and frame[outcome].sum():
            _add_bars(figure, frame, outcome)
    _add_shares(figure, frame)
    rows = add_words_above(figure, *_ends(frame), marks or {}, edge) if len(frame) else 0
    figure.update_layout(
        barmode="stack",
        bargap=0.25,
        height=440 + ROW * rows,
        hovermode="x unified",
        margin={"l": 8, "r": 8, "t": 8, "b": 28},
        legend={
            "orientation": "h", "x": 0, "yanchor": "bottom", "y": 1.02 + rows * 0.05, "traceorder": "normal",
            "maxheight": 0.6, "entrywidth": 96, "entrywidthmode": "pixels", "font": {"size": 12},
        },
    )  # fmt: skip
    figure.update_xaxes(type="date", tickformat="%-d %b", automargin=True)
    figure.update_yaxes(rangemode="tozero", tickformat=",d", automargin=True, row=1)
    figure.update_yaxes(title={"text": "accepted", "font": {"size": 12}}, tickformat=".0%", automargin=True, row=2)
    return figure


def _ends(frame: pd.DataFrame) -> tuple[date, date]:
    return date.fromisoformat(frame["key"].iloc[0]), date.fromisoformat(frame["key"].iloc[-1])


def _add_bars(figure: go.Figure, frame: pd.DataFrame, outcome: Outcome) -> None:
    title = MEANINGS[outcome].title
    figure.add_bar(
        x=frame["key"],
        y=[int(n) or None for n in frame[outcome]],
        customdata=[[day, str(outcome)] for day in frame["key"]],
        name=title.replace(", ", ",<br>"),
        marker=bar_marker(COLOURS[outcome]),
        hovertemplate=f"%{{y:,}} {title.lower()}<extra></extra>",
        row=1,
        col=1,
    )


def _add_shares(figure: go.Figure, frame: pd.DataFrame) -> None:
    """The accepted share: a point with its interval where it is settled, a bare range where it can still change."""
    final = frame["mature"] | (frame["floor"] == frame["ceiling"]).fillna(False)
    settled = frame[final & frame["rate"].notna()]
    for part, colour in (
        (settled[settled["attempted"] < SOME], NEUTRAL),
        (settled[settled["attempted"] >= SOME], _LINE),
    ):
        if len(part):
            _add_settled(figure, part, colour)
    young = frame[~final & frame["floor"].notna()]
    for row in young.itertuples():
        figure.add_scatter(
            x=[row.key, row.key], y=[row.floor, row.ceiling], mode="lines", showlegend=False, opacity=0.6,
            line={"width": 6, "color": COLOURS[Outcome.WAITING].colour},
            hovertemplate=f"accepted {row.floor:.1%} to {row.ceiling:.1%}: not settled yet<extra></extra>",
            row=2, col=1,
        )  # fmt: skip


def _add_settled(figure: go.Figure, part: pd.DataFrame, colour: str) -> None:
    rates, lows, highs = (part[name].astype(float) for name in ("rate", "low", "high"))
    figure.add_scatter(
        x=part["key"], y=rates, mode="markers", showlegend=False,
        marker={"size": 7, "color": colour},
        error_y={"type": "data", "array": highs - rates, "arrayminus": rates - lows, "width": 0, "thickness": 1.5},
        customdata=part[["attempted", "low", "high"]].astype(float),
        hovertemplate="accepted %{y:.1%} of %{customdata[0]:,} "
        "(95 %: %{customdata[1]:.1%} to %{customdata[2]:.1%})<extra></extra>",
        row=2, col=1,
    )  # fmt: skip
