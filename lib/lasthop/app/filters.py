"""The filters of the messages page as widgets, and as a query."""

import hashlib
from collections.abc import Mapping
from datetime import date, timedelta

import streamlit as st

from lasthop.app import state
from lasthop.measure.overview import DAY_MS, midnight_ms
from lasthop.model.outcomes import MEANINGS, Outcome
from lasthop.trace import Query

ANY, BETWEEN = state.ANY_TIME, "Between two days"
PERIODS: dict[str, int | None] = {ANY: None, "Last 24 hours": 1, "Last 7 days": 7, "Last 30 days": 30, BETWEEN: None}


def period_of(days: int) -> str:
    """The name of a period that is counted back from the newest data."""
    return next(name for name, length in PERIODS.items() if length == days)


def follow_link(address: Mapping[str, str]) -> None:
    """Set the filters to what ``?q=``, ``?domain=`` and ``?outcome=`` ask for, once for each address."""
    asked = {name: address[name] for name in ("q", "domain", "outcome") if address.get(name)}
    if not asked or not state.link_is_new(repr(sorted(asked.items()))):
        return
    known = tuple(name for name in asked.get("outcome", "").split(",") if name in set(Outcome))
    state.show_messages(asked.get("q", ""), asked.get("domain", ""), known)


def text_and_period(edge_ms: int, zone: str) -> Query:
    """Draw the search box and the time of sending; ``edge_ms`` is the newest instant of the data."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = st.text_input(
            "Find",
            key=state.TEXT,
            persist_state="session",
            type="search",
            placeholder="Address, part of a subject, or any id",
            help="Ids: Message-ID with or without angle brackets, X-Message-Id, sg_message_id, Kuroco's request id.",
        )
        period = st.selectbox(
            "Sent",
            list(PERIODS),
            key=state.PERIOD,
            persist_state="session",
            width=190,
            help="Counted back from the newest data.",
        )
        domain = st.text_input(
            "Receiving domain", key=state.DOMAIN, persist_state="session", width=230, placeholder="example.com"
        )
        since, until = _span(period, edge_ms, zone)
    return Query(text=text or "", since_ms=since, until_ms=until, domain=(domain or "").strip().lower())


def _span(period: str, edge_ms: int, zone: str) -> tuple[int | None, int | None]:
    if days := PERIODS.get(period):
        return edge_ms - days * DAY_MS, None
    if period != BETWEEN:
        return None, None
    chosen = st.date_input(f"Days ({zone})", value=[], key=state.BETWEEN, persist_state="session", width=240)
    days_chosen: list[date] = list(chosen) if isinstance(chosen, tuple | list) else [chosen] if chosen else []
    if not days_chosen:
        return None, None
    return midnight_ms(days_chosen[0], zone), midnight_ms(days_chosen[-1] + timedelta(days=1), zone)


def outcome_chips(counts: dict[Outcome, int]) -> tuple[Outcome, ...]:
    """Draw one chip for each outcome with the number of messages that fit the other filters."""
    chosen = st.pills(
        "Outcome",
        [str(outcome) for outcome in Outcome],
        selection_mode="multi",
        key=state.OUTCOMES,
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


def clear() -> None:
    """Take every filter away; a callback, so that the widgets are drawn empty."""
    state.show_messages()
