"""The parts of the compare page: the two sides, the table of their shares."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pandas as pd
import streamlit as st

from lasthop.app import cohort_filter
from lasthop.app.frame import Screen
from lasthop.app.overview_parts import in_share
from lasthop.app.safe_text import one_line
from lasthop.measure import Line
from lasthop.measure.local import DAY_MS, HOUR_MS, day_of, local_ms, midnight_ms
from lasthop.measure.rate import Difference
from lasthop.model.outcomes import RETRY_WINDOW_H
from lasthop.trace import Query

PERIODS = "Two periods"
BY = {"Two domains": "domain", "Two receivers": "receiver", "Two senders": "sender", "Two templates": "template"}


@dataclass(frozen=True)
class Side:
    """One side of the comparison: its name for people, and the messages it is about."""

    name: str
    query: Query


def sides(screen: Screen) -> tuple[Side, Side] | None:
    """Draw what is compared; None while one side is not chosen yet."""
    what = st.segmented_control(
        "Compare", [PERIODS, *BY], default=PERIODS, required=True, key="compare_what", label_visibility="collapsed"
    )
    if what == PERIODS:
        return _periods(screen)
    query = cohort_filter.choose(screen)
    return _values(screen, BY[what], query)


def _periods(screen: Screen) -> tuple[Side, Side] | None:
    """Two spans of days; the last seven of the data and the seven before them to begin with."""
    last = _last_day(screen)
    spans = [(last - timedelta(days=6), last), (last - timedelta(days=13), last - timedelta(days=7))]
    chosen = []
    with st.container(horizontal=True):
        for name, span in zip(("First", "Second"), spans, strict=True):
            days = st.date_input(f"{name} period ({screen.zone})", span, key=f"compare_{name}", width=260)
            chosen.append(tuple(days) if isinstance(days, tuple | list) else (days,))
    if any(len(days) < 2 for days in chosen):
        st.caption("Choose the first and the last day of both periods.")
        return None
    first, second = (_of_days(days[0], days[-1], screen.zone) for days in chosen)
    return first, second


def _last_day(screen: Screen) -> date:
    edge_ms = int(screen.snapshot.value("SELECT as_of_ms FROM edge") or 0)
    local = screen.snapshot.value(f"SELECT {local_ms('as_of_ms', screen.zone, edge_ms, edge_ms)} // {DAY_MS} FROM edge")
    return date.fromisoformat(day_of(int(local or 0)))


def _of_days(first: date, last: date, zone: str) -> Side:
    until_ms = midnight_ms(last + timedelta(days=1), zone)
    return Side(f"{first} to {last}", Query(since_ms=midnight_ms(first, zone), until_ms=until_ms))


def _values(screen: Screen, column: str, query: Query) -> tuple[Side, Side] | None:
    """Two values of one column, in the same period and with the same filters."""
    rows = screen.snapshot.rows(
        f"SELECT {column} AS value FROM messages WHERE {column} IS NOT NULL "
        "GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 300"
    )
    offered = [row["value"] for row in rows]
    if len(offered) < 2:
        st.text(f"The loaded messages have fewer than two {column}s to compare.")
        return None
    with st.container(horizontal=True):
        chosen = [
            st.selectbox(name, offered, index=place, key=f"compare_{column}_{name}", format_func=one_line)
            for place, name in enumerate(("First", "Second"))
        ]
    first, second = (Side(str(value), replace(query, **{column: value})) for value in chosen)
    return first, second


def told_apart(chosen: tuple[Side, Side]) -> tuple[str, str]:
    """The names of the sides, made safe and different from each other."""
    first, second = (one_line(side.name) for side in chosen)
    return first, second if second != first else f"{second} (again)"


def is_young(screen: Screen, chosen: tuple[Side, Side]) -> bool:
    """Whether a side reaches into the hours before the edge of the data in which messages are still retried."""
    ripe_ms = int(screen.snapshot.value("SELECT as_of_ms FROM edge") or 0) - RETRY_WINDOW_H * HOUR_MS
    return any(side.query.until_ms is None or side.query.until_ms > ripe_ms for side in chosen)


def table(lines: tuple[Line, ...], names: tuple[str, str]) -> pd.DataFrame:
    """The shares of both sides, their difference in points, and what it proves."""
    return pd.DataFrame(
        [
            {
                "Share": line.name,
                names[0]: in_share(line.difference.first),
                names[1]: in_share(line.difference.second),
                "Difference": points(line.difference),
                "Proof": str(line.difference.proof),
                "Formula": line.formula,
            }
            for line in lines
        ]
    )


def points(difference: Difference) -> str:
    """``+3.3 points (95 %: +1.3 to +5.5)``; empty where a side is too small for a percentage."""
    if difference.points is None or difference.first.share is None or difference.second.share is None:
        return ""
    low, high = difference.low or 0.0, difference.high or 0.0
    return f"{_signed(difference.points)} points (95 %: {_signed(low)} to {_signed(high)})"


def _signed(share: float) -> str:
    """In points, with enough digits that what is not zero does not look like it."""
    return f"{100 * share:+.1f}" if abs(100 * share) >= 0.05 or share == 0 else f"{100 * share:+.3f}"
