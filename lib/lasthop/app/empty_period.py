"""A period without messages: that it has none, and one click to the nearest one that has some."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import streamlit as st

from lasthop.app.filter_state import BETWEEN, clear, day_of, key_of
from lasthop.app.screen import Screen
from lasthop.explain import in_words
from lasthop.measure.local import DAY_MS
from lasthop.measure.nearest import nearest_sent
from lasthop.measure.parameters import Page
from lasthop.trace import Query

_USUAL_DAYS = 7


def say(screen: Screen, page: Page, query: Query) -> None:
    """Say that nothing that fits was sent in the period of ``query``, and lead to the nearest days that have some."""
    nearest = nearest_days(screen, query)
    if nearest is None:
        st.text("No loaded message fits these filters, whenever it was sent. Stop lists alone tell of addresses only.")
        st.button("Take all filters away", on_click=clear, args=(page,), key=f"empty_clear_{page}")
        return
    offer("No message that fits was sent in this period.", screen, nearest, _show, page, f"empty_{page}")


def offer(
    words: str, screen: Screen, nearest: tuple[int, date, date], take: Callable[..., None], of: Any, key: str
) -> None:
    """The ``words``, when the nearest message was sent, and a button that takes its days."""
    sent_ms, first, last = nearest
    st.text(f"{words} The nearest one was sent {in_words(sent_ms, screen.zone)}.")
    st.button(
        f"Show {first} to {last}", key=key, icon=":material/event_available:", on_click=take, args=(of, first, last)
    )


def nearest_days(screen: Screen, query: Query) -> tuple[int, date, date] | None:
    """When the message nearest to the period was sent, and days as many as the period has that reach up to it."""
    found = [ms for ms in nearest_sent(screen.snapshot, query) if ms is not None]
    if not found:
        return None
    begin, end = query.since_ms or 0, query.until_ms or query.since_ms or 0
    nearest = min(found, key=lambda ms: begin - ms if ms < begin else ms - end)
    edge_ms = int(screen.snapshot.value("SELECT as_of_ms FROM edge") or nearest)
    length_ms = (query.until_ms or edge_ms) - (query.since_ms or edge_ms)
    more = timedelta(days=max(round(length_ms / DAY_MS), 1) - 1 if length_ms > 0 else _USUAL_DAYS - 1)
    day = day_of(nearest, screen.zone)
    return (nearest, day - more, day) if nearest < begin else (nearest, day, day + more)


def _show(page: Page, first: date, last: date) -> None:
    st.session_state[key_of(page, "period")] = BETWEEN
    st.session_state[key_of(page, "between")] = (first, last)
