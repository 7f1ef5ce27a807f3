"""The filters of the pages that count, as widgets: the same on each page."""

import hashlib
from dataclasses import replace
from datetime import date
from typing import Any

import streamlit as st

from lasthop.app.filter_state import ANY, BETWEEN, clear, columns_of, further, instants_of, key_of, period_of
from lasthop.app.known_values import values_of
from lasthop.app.safe_text import one_line
from lasthop.app.screen import Screen
from lasthop.measure import titles_of
from lasthop.measure.parameters import OWN_DAYS, Page
from lasthop.measure.views import View
from lasthop.model.outcomes import MEANINGS, Outcome
from lasthop.trace import Query


def bar(screen: Screen, page: Page, *, period: bool = True, without: str = "") -> View:
    """Draw the filters in the row that is open, and give the view that they make.

    ``period`` False: without the time of sending. ``without``: a column that is no filter now.
    """
    chosen: dict[str, Any] = dict.fromkeys(columns_of(page), "")
    if page == "messages":
        chosen["text"] = _text(page)
    days, instants = _period(screen, page) if period else (None, {"since_ms": None, "until_ms": None})
    with st.popover("Filter", icon=":material/filter_alt:"):
        for name, title in columns_of(page).items():
            if name != without:
                chosen[name] = _select(screen, page, name, title)
        st.button("Take all filters away", on_click=clear, args=(page,), key=key_of(page, "clear"))
    query = replace(further(page), outcomes=(), zone=screen.zone, **chosen, **instants)
    if page == "reasons":
        query = replace(query, reason="")
    return View(query=query, days=days, zone=screen.zone, page=page)


def _text(page: Page) -> str:
    text = st.text_input(
        "Find",
        key=key_of(page, "text"),
        persist_state="session",
        type="search",
        placeholder="Address, part of a subject, or any id",
        help="Ids: Message-ID with or without angle brackets, X-Message-Id, sg_message_id, Kuroco's request id.",
    )
    return text or ""


def _period(screen: Screen, page: Page) -> tuple[int | None, dict[str, int | None]]:
    """Draw the time of sending: so many days before the newest data, or from one instant until another."""
    names = {period_of(days): days for days in (None, 1, 7, 30)}
    named = str(st.session_state.setdefault(key_of(page, "period"), period_of(OWN_DAYS[page])))
    if named not in (*names, BETWEEN):  # a link may ask for any number
        names[named] = int(named.split()[1])
    period = st.selectbox(
        "Sent", [*names, BETWEEN], key=key_of(page, "period"), persist_state="session", width=190,
        help="Counted back from the newest data.",
    )  # fmt: skip
    if period == BETWEEN:
        return None, _between(screen, page)
    exact = further(page) if period == ANY else Query()
    return names[period], {"since_ms": exact.since_ms, "until_ms": exact.until_ms}


def _between(screen: Screen, page: Page) -> dict[str, int | None]:
    key = key_of(page, "between")
    st.session_state.setdefault(key, [])  # a link may have set it: no value is given beside it
    st.date_input(f"Days ({screen.zone})", key=key, persist_state="session", width=240)
    days: list[date] = list(st.session_state[key])
    return {"since_ms": None, "until_ms": None, **(instants_of(days[0], days[-1], screen.zone) if days else {})}


def _select(screen: Screen, page: Page, name: str, title: str) -> str:
    """One filter: the values that most messages have, or any that is typed."""
    offered = values_of(screen, name)
    current = st.session_state.get(key_of(page, name))
    if current and current not in offered:
        offered = [current, *offered]
    found = st.selectbox(
        title, offered, index=None, key=key_of(page, name), persist_state="session", placeholder="Any",
        accept_new_options=name != "reason", format_func=titles_of if name == "reason" else one_line,
    )  # fmt: skip
    told = str(found or "").strip()
    return told.lower() if name == "domain" else told


def outcome_chips(counts: dict[Outcome, int]) -> tuple[Outcome, ...]:
    """Draw one chip for each outcome with the number of messages that fit the other filters."""
    chosen = st.pills(
        "Outcome",
        [str(outcome) for outcome in Outcome],
        selection_mode="multi",
        key=key_of("messages", "outcomes"),
        persist_state="session",
        format_func=lambda name: f"{MEANINGS[Outcome(name)].title} {counts[Outcome(name)]:,}",
        wrap=True,
    )
    return tuple(Outcome(name) for name in chosen)


def table_key(query: Query) -> str:
    """A key for the table of what fits: other filters make another table.

    A table that keeps its key while its rows change swallows the first click on it.
    """
    return "messages_table_" + hashlib.sha256(repr(query).encode()).hexdigest()[:12]
