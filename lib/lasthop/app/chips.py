"""The filters that are set, as buttons that take them away again."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from lasthop.app.filter_state import ANY, COLUMNS, key_of, unlink
from lasthop.app.safe_text import as_code, plain
from lasthop.explain import in_words
from lasthop.measure import titles_of
from lasthop.measure.parameters import hours_written
from lasthop.measure.views import View
from lasthop.trace import Query

_LONGEST = 80


def chips(view: View, zone: str) -> None:
    """Draw one button for each filter of the view that has no widget in sight; a click takes it away."""
    query = replace(view.query, text="") if view.page == "messages" else view.query
    told = {field: words(value) for field, words in _WORDS.items() if (value := getattr(query, field))}
    if st.session_state.get(key_of(view.page, "period")) == ANY and (query.since_ms, query.until_ms) != (None, None):
        told["period"] = _exactly(query, zone)
    if not told:
        return
    with st.container(horizontal=True):
        for field, label in told.items():
            st.button(
                label,
                key=f"unlink_{field}",
                icon=":material/close:",
                help="Take this filter away",
                on_click=unlink,
                args=(view.page, field),
            )


def _exactly(query: Query, zone: str) -> str:
    since = f"from {in_words(query.since_ms, zone)}" if query.since_ms is not None else ""
    # The last instant that counts, not the first that does not.
    until = f"to {in_words(query.until_ms - 1, zone)}" if query.until_ms is not None else ""
    return plain(f"Sent {since} {until}")


def _words(title: str) -> Callable[[Any], str]:
    return lambda value: f"{title}: {plain(str(value)[:_LONGEST])}"


_WORDS: dict[str, Callable[[Any], str]] = {
    "text": _words("Find"),
    "recipient": _words("To"),
    "reason": lambda value: f"Reason: {titles_of(value)}",
    **{name: _words(title) for name, title in COLUMNS.items() if name != "reason"},
    "reply_form": lambda value: f"Reply: {as_code(value, _LONGEST)}",
    "week_hours": lambda value: f"Hours: {hours_written(value).replace(',', ', ')[:_LONGEST]}",
    "waiting_hours": lambda value: f"Waiting for more than {value} hours",
    "no_provider": lambda _: "No SendGrid event",
    "new_reasons": lambda _: "New reasons",
}
