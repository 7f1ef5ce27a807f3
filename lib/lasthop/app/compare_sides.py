"""The two sides of the compare page: what is compared, as widgets, as an address, and as two queries."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import streamlit as st

from lasthop.app import empty_period, filters, views
from lasthop.app.chips import chips
from lasthop.app.filter_state import day_of, instants_of, set_to, two_days
from lasthop.app.known_values import unknown_values, values_of
from lasthop.app.safe_text import one_line
from lasthop.app.screen import Screen
from lasthop.explain import in_words
from lasthop.measure.local import HOUR_MS, midnight_ms
from lasthop.measure.nearest import nearest_sent
from lasthop.measure.parameters import PERIOD
from lasthop.measure.views import Second, View, query_of, second_of
from lasthop.model.outcomes import RETRY_WINDOW_H
from lasthop.trace import Query, count_by_outcome

KINDS = {"Two periods": PERIOD, "Two domains": "domain", "Two receivers": "receiver", "Two senders": "sender",
         "Two templates": "template"}  # fmt: skip
_KIND = "compare_kind"
_SIDES = ("First", "Second")


@dataclass(frozen=True)
class Side:
    """One side of the comparison: its name for people, and the messages it is about."""

    name: str
    query: Query


def sides(screen: Screen) -> tuple[Side, Side] | None:
    """Draw what is compared, which the address follows; None while one side is not chosen yet."""
    if followed := views.follow("compare"):
        _set_to(followed, screen.zone)
    st.session_state.setdefault(_KIND, next(iter(KINDS)))
    kind = st.segmented_control(
        "Compare", list(KINDS), required=True, key=_KIND, label_visibility="collapsed", persist_state="session"
    )
    of = KINDS[str(kind)]
    row = st.container(horizontal=True, vertical_alignment="bottom")
    with row:
        chosen = _periods(screen) if of == PERIOD else _values(screen, of)
        view = filters.bar(screen, "compare", period=of != PERIOD, without=of)
    chips(view, screen.zone)
    unknown_values(screen, view)
    if isinstance(chosen, str):
        st.caption(chosen)
        return None
    view = _with(view, of, chosen)
    views.keep_address(view)
    with row:
        views.menu(screen, view)
    edge_ms = _edge_ms(screen)
    first, second = (_name(value, of) for value in chosen)
    return Side(first, query_of(view, edge_ms)), Side(second, second_of(view, edge_ms))


def _key(of: str, side: str) -> str:
    return f"compare_{of}_{side}"


def _set_to(view: View, zone: str) -> None:
    """Set the kind, both sides and the filters to what a link asks for."""
    query, second = view.query, view.second or Second()
    st.session_state[_KIND] = next(words for words, of in KINDS.items() if of == second.of)
    shared: dict[str, Any]
    if second.of == PERIOD:
        told = [(query.since_ms, query.until_ms), (second.since_ms, second.until_ms)]
        for side, instants in zip(_SIDES, told, strict=True):
            _set_period(side, *instants, zone)
        shared = {"since_ms": None, "until_ms": None}
    else:
        for side, value in zip(_SIDES, (getattr(query, second.of), second.value), strict=True):
            st.session_state[_key(second.of, side)] = value or None
        shared = {second.of: ""}
    set_to(replace(view, query=replace(query, **shared)), zone)


def _set_period(side: str, since_ms: int | None, until_ms: int | None, zone: str) -> None:
    key = _key(PERIOD, side)
    st.session_state.pop(key, None)
    if since_ms is None and until_ms is None:
        return
    if since_ms is None or until_ms is None or until_ms <= since_ms:
        st.text(f"{side} period: it has no two ends, so it was left out.")
        return
    if two_days(since_ms, until_ms, zone) is None:
        st.text(f"{side} period: days are compared, so it was made longer to whole days in {zone}.")
    st.session_state[key] = (day_of(since_ms, zone), day_of(until_ms - 1, zone))


def _periods(screen: Screen) -> tuple[Any, Any] | str:
    """Two spans of days; to begin with the last two weeks that have messages. Else what is missing."""
    spans = _last_weeks(screen)
    chosen = []
    for side, span in zip(_SIDES, spans, strict=True):
        key = _key(PERIOD, side)
        st.session_state.setdefault(key, span)
        days: Any = st.date_input(f"{side} period ({screen.zone})", key=key, width=250, persist_state="session")
        chosen.append(tuple(days) if isinstance(days, tuple | list) else (days,))
    if any(len(days) < 2 for days in chosen):
        return "Choose the first and the last day of both periods."
    return chosen[0], chosen[1]


def _last_weeks(screen: Screen) -> list[tuple[date, date]]:
    """The seven days up to the newest message, and the same weekdays of the last week before that has messages."""
    edge_ms = _edge_ms(screen)
    newest, _ = nearest_sent(screen.snapshot, Query(since_ms=edge_ms + 1))
    first = day_of(edge_ms if newest is None else newest, screen.zone) - timedelta(days=6)
    before, _ = nearest_sent(screen.snapshot, Query(since_ms=midnight_ms(first, screen.zone)))
    weeks = 1 if before is None else -(-(first - day_of(before, screen.zone)).days // 7)
    return [(begin, begin + timedelta(days=6)) for begin in (first, first - timedelta(days=7 * weeks))]


def empty_sides(screen: Screen, chosen: tuple[Side, Side]) -> None:
    """Say of each side that has no message that it has none; of a period, lead to the nearest days that have some."""
    of = KINDS[str(st.session_state[_KIND])]
    for side, name in zip(chosen, _SIDES, strict=True):
        if any(count_by_outcome(screen.snapshot, side.query).values()):
            continue
        nearest = empty_period.nearest_days(screen, side.query) if of == PERIOD else None
        words = f"{name}: no message that fits was sent"
        if nearest:
            key = f"empty_{name}"
            empty_period.offer(f"{words} from {side.name}.", screen, nearest, _take, _key(PERIOD, name), key)
        else:
            st.text(f"{words} ({one_line(side.name)}).")


def _take(key: str, first: date, last: date) -> None:
    st.session_state[key] = (first, last)


def _edge_ms(screen: Screen) -> int:
    return int(screen.snapshot.value("SELECT as_of_ms FROM edge") or 0)


def _values(screen: Screen, of: str) -> tuple[str, str] | str:
    """Two values of one column, the two of most messages to begin with. Else what is missing."""
    known, chosen = values_of(screen, of), []
    for place, side in enumerate(_SIDES):
        key = _key(of, side)
        if not st.session_state.get(key) and place < len(known):
            st.session_state[key] = known[place]
        current = st.session_state.get(key)
        offered = known if not current or current in known else [current, *known]
        chosen.append(
            st.selectbox(
                side, offered, index=None, key=key, format_func=one_line, accept_new_options=True, width=250,
                persist_state="session",
            )
        )  # fmt: skip
    if not all(chosen):
        return f"The loaded messages have fewer than two {of}s to compare."
    return str(chosen[0]), str(chosen[1])


def _with(view: View, of: str, chosen: tuple[Any, Any]) -> View:
    """The view with both sides: the first is its query, the second what differs."""
    first, second = chosen
    own: dict[str, Any]
    if of == PERIOD:
        zone = view.zone or "UTC"
        own = instants_of(first[0], first[1], zone)
        other = Second(of, **instants_of(second[0], second[1], zone))
        return replace(view, query=replace(view.query, **own), second=other)
    own = {of: first}
    return replace(view, query=replace(view.query, **own), second=Second(of, second))


def _name(value: Any, of: str) -> str:
    return f"{value[0]} to {value[1]}" if of == PERIOD else str(value)


def told_apart(chosen: tuple[Side, Side]) -> tuple[str, str]:
    """The names of the sides, made safe and different from each other."""
    first, second = (one_line(side.name) for side in chosen)
    return first, second if second != first else f"{second} (again)"


def young_since(screen: Screen, chosen: tuple[Side, Side]) -> str:
    """Since when messages are still retried, in words; empty where no side reaches so far."""
    ripe_ms = _edge_ms(screen) - RETRY_WINDOW_H * HOUR_MS
    young = any(side.query.until_ms is None or side.query.until_ms > ripe_ms for side in chosen)
    return in_words(ripe_ms, screen.zone) if young else ""
