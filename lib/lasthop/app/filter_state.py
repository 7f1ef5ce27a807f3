"""The filters of the pages that count, as their widgets hold them: for each page by itself, as long as the session."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from lasthop.measure.local import midnight_ms
from lasthop.measure.parameters import Page
from lasthop.measure.views import View
from lasthop.trace import Query

ANY, BETWEEN = "Any time", "Between two days"
COLUMNS = {"domain": "Receiving domain", "receiver": "Receiver", "sender": "Sender", "template": "Template",
           "category": "Category", "reason": "Reason"}  # fmt: skip


def key_of(page: Page, name: str) -> str:
    """The key of a widget of a page: ``text``, ``period``, ``between``, ``outcomes``, or a column."""
    return f"{page}_{name}"


def columns_of(page: Page) -> dict[str, str]:
    """The columns that can be chosen by hand, and their titles. On Reasons a click opens the reason."""
    return {name: title for name, title in COLUMNS.items() if (page, name) != ("reasons", "reason")}


def period_of(days: int | None) -> str:
    """The name of a period that is counted back from the newest data; None: any time."""
    return ANY if days is None else "Last 24 hours" if days == 1 else f"Last {days} days"


def set_to(view: View, zone: str) -> None:
    """Set all filters of the view's page to it. Days begin in ``zone``."""
    page, query = view.page, view.query
    days = None if view.days else two_days(query.since_ms, query.until_ms, zone)
    if days:
        st.session_state[key_of(page, "between")] = days
    st.session_state[key_of(page, "period")] = BETWEEN if days else period_of(view.days)
    for name in columns_of(page):
        st.session_state[key_of(page, name)] = getattr(query, name) or None
    if page == "messages":
        st.session_state[key_of(page, "text")] = query.text
        st.session_state[key_of(page, "outcomes")] = [str(outcome) for outcome in query.outcomes]
    if days or view.days:
        query = replace(query, since_ms=None, until_ms=None)
    st.session_state[key_of(page, "further")] = query


def further(page: Page) -> Query:
    """The filters of a page that have no widget, exact instants of sending too: links set them, a click takes them off.

    What it holds of filters that have a widget does not count.
    """
    found = st.session_state.get(key_of(page, "further"))
    return found if isinstance(found, Query) else Query()


def unlink(page: Page, field: str) -> None:
    """Take one filter of a page away, ``period`` for the exact instants; a callback."""
    if field in columns_of(page):
        st.session_state[key_of(page, field)] = None
        return
    gone: dict[str, Any] = {name: getattr(Query(), name) for name in _fields(field)}
    st.session_state[key_of(page, "further")] = replace(further(page), **gone)


def _fields(field: str) -> tuple[str, ...]:
    return ("since_ms", "until_ms") if field == "period" else (field,)


def clear(page: Page) -> None:
    """Take every filter of a page away, on Messages the period too; a callback, so that the widgets are drawn empty."""
    for name in columns_of(page):
        st.session_state[key_of(page, name)] = None
    st.session_state[key_of(page, "further")] = Query()
    if page == "messages":
        set_to(View(page=page), "UTC")


def two_days(since_ms: int | None, until_ms: int | None, zone: str) -> tuple[date, date] | None:
    """The first and the last day (in ``zone``) of a period that begins and ends with a midnight; else None."""
    if since_ms is None or until_ms is None or until_ms <= since_ms:
        return None
    first, last = day_of(since_ms, zone), day_of(until_ms - 1, zone)
    whole = midnight_ms(first, zone) == since_ms and midnight_ms(last + timedelta(days=1), zone) == until_ms
    return (first, last) if whole else None


def day_of(instant_ms: int, zone: str) -> date:
    """The day of an instant (epoch ms UTC) in ``zone``."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=instant_ms)).astimezone(ZoneInfo(zone)).date()


def within(query: Query, first: date, last: date, zone: str) -> Query:
    """The query with the days from ``first`` to ``last`` in ``zone`` as its period, of them what lay in it before.

    A period of so many days begins in the middle of one: a mark for that day stands for its part of the day.
    """
    span = instants_of(first, last, zone)
    since_ms = span["since_ms"] if query.since_ms is None else max(span["since_ms"], query.since_ms)
    until_ms = span["until_ms"] if query.until_ms is None else min(span["until_ms"], query.until_ms)
    return replace(query, since_ms=since_ms, until_ms=until_ms)


def instants_of(first: date, last: date, zone: str) -> dict[str, Any]:
    """The whole days from ``first`` to ``last`` in ``zone``, as the fields of a query."""
    return {"since_ms": midnight_ms(first, zone), "until_ms": midnight_ms(last + timedelta(days=1), zone)}
