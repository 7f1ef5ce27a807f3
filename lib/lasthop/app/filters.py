"""The filters of the messages page as widgets, and as a query."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import streamlit as st

from lasthop.app import state
from lasthop.app.safe_text import as_code, plain
from lasthop.measure import title_of
from lasthop.measure.local import DAY_MS, midnight_ms
from lasthop.model.outcomes import MEANINGS, Outcome
from lasthop.trace import Query

_CHIP = 80


ANY, BETWEEN = state.ANY_TIME, state.BETWEEN_DAYS
PERIODS: dict[str, int | None] = {ANY: None, "Last 24 hours": 1, "Last 7 days": 7, "Last 30 days": 30, BETWEEN: None}


def period_of(days: int) -> str:
    """The name of a period that is counted back from the newest data."""
    return next(name for name, length in PERIODS.items() if length == days)


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
    return replace(
        state.further(), text=text or "", since_ms=since, until_ms=until, domain=(domain or "").strip().lower()
    )


def linked_chips(query: Query) -> None:
    """Draw one button for each filter that a link has set; a click takes it away."""
    chips = [(field, words(value)) for field, words in _CHIPS.items() if (value := getattr(query, field))]
    if not chips:
        return
    with st.container(horizontal=True):
        for field, label in chips:
            st.button(
                label,
                key=f"unlink_{field}",
                icon=":material/close:",
                help="Take this filter away",
                on_click=state.unlink,
                args=(field,),
            )


def _chip(title: str) -> Callable[[Any], str]:
    return lambda value: f"{title}: {plain(str(value)[:_CHIP])}"


_CHIPS: dict[str, Callable[[Any], str]] = {
    "recipient": _chip("To"),
    "reason": lambda value: f"Reason: {title_of(value)}",
    "receiver": _chip("Receiver"),
    "reply_form": lambda value: f"Reply: {as_code(value, _CHIP)}",
    "sender": _chip("Sender"),
    "template": _chip("Template"),
    "category": _chip("Category"),
    "waiting_hours": lambda value: f"Waiting for more than {value} hours",
    "no_provider": lambda _: "No SendGrid event",
    "new_reasons": lambda _: "New reasons",
    "no_reason": lambda _: "No reply loaded",
}
"""Filters without a widget of their own, in words."""


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
