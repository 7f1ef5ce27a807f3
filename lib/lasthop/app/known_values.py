"""The values that messages have: to choose a filter from, and to find the one that was meant when there is none."""

from difflib import get_close_matches

import streamlit as st

from lasthop.app.filter_state import columns_of, key_of
from lasthop.app.remembered import remembered
from lasthop.app.safe_text import one_line, plain
from lasthop.app.screen import Screen
from lasthop.measure.parameters import Page
from lasthop.measure.views import View

_OFFERED, _NEAREST = 300, 3


def values_of(screen: Screen, column: str) -> list[str]:
    """The values of a column that most messages have, most first."""
    sql = (
        f"SELECT {column} AS value FROM messages WHERE {column} IS NOT NULL GROUP BY 1 "
        f"ORDER BY count(*) DESC, 1 LIMIT {_OFFERED}"
    )
    return [row["value"] for row in remembered(screen, sql, lambda: screen.snapshot.rows(sql))]


def unknown_values(screen: Screen, view: View) -> None:
    """Say of each filter whose value no message has that it has none, with the nearest ones; ``chips`` clears it."""
    for column, title in columns_of(view.page).items():
        value = getattr(view.query, column)
        if value and column != "reason" and not _is_known(screen, column, value):
            _say(screen, view.page, column, title, value)


def _is_known(screen: Screen, column: str, value: str) -> bool:
    sql = f"SELECT 1 FROM messages WHERE {column} = ? LIMIT 1"
    return value in values_of(screen, column) or remembered(
        screen, f"{sql} {value}", lambda: screen.snapshot.value(sql, [value]) is not None
    )


def _say(screen: Screen, page: Page, column: str, title: str, value: str) -> None:
    near = get_close_matches(value, values_of(screen, column), n=_NEAREST, cutoff=0.6)
    meant = "Perhaps one of these was meant:" if near else "Take the filter away above."
    st.text(f"{title}: no loaded message has {one_line(value[:80])}. {meant}")
    with st.container(horizontal=True):
        for place, each in enumerate(near):
            key = f"near_{column}_{place}"
            st.button(plain(each[:80]), key=key, on_click=_take, args=(page, column, each))


def _take(page: Page, column: str, value: str) -> None:
    st.session_state[key_of(page, column)] = value
