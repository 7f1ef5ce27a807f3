"""Which messages the Overview counts: period and filters as widgets, and as a query that the address holds."""

from datetime import date, timedelta

import streamlit as st

from lasthop.app import filters, state
from lasthop.app.frame import Screen
from lasthop.app.remembered import remembered
from lasthop.measure import title_of
from lasthop.measure.local import DAY_MS, midnight_ms
from lasthop.reply import LABELS
from lasthop.trace import Query

ANY = ""
_EARLIEST, _LATEST = date(1980, 1, 1), date(2200, 1, 1)
_OFFERED = 300
FIELDS = {"domain": "Receiving domain", "receiver": "Receiver", "sender": "Sender", "template": "Template",
          "category": "Category", "reason": "Reason"}  # fmt: skip
PERIODS = ("Last 7 days", "Last 30 days", filters.BETWEEN, filters.ANY)


def choose(screen: Screen) -> Query:
    """Draw period and filters; the address of the page follows them, so that a link shows the same."""
    _follow_address()
    edge_ms = int(screen.snapshot.value("SELECT as_of_ms FROM edge") or 0)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        period = st.selectbox(
            "Sent", PERIODS, index=1, key=state.COHORT_PERIOD, persist_state="session", width=170,
            help="Counted back from the newest data.",
        )  # fmt: skip
        since_ms, until_ms = _span(period, edge_ms, screen.zone)
        chosen = {name: str(st.session_state.get(state.COHORT + name) or ANY) for name in FIELDS}
        active = sum(bool(value) for value in chosen.values())
        with st.popover(f"Filter ({active})" if active else "Filter", icon=":material/filter_alt:"):
            for name, title in FIELDS.items():
                chosen[name] = _select(screen, name, title)
            st.button("Take all filters away", on_click=clear, key="cohort_clear", disabled=not active)
    address = _address(period, chosen)
    st.query_params.from_dict(address)
    _is_new(address)  # what the page itself wrote there is not to be followed
    return Query(
        since_ms=since_ms,
        until_ms=until_ms,
        domain=chosen["domain"].lower(),
        receiver=chosen["receiver"],
        sender=chosen["sender"],
        template=chosen["template"],
        category=chosen["category"],
        reason=chosen["reason"],
    )


def _select(screen: Screen, name: str, title: str) -> str:
    """One filter: the values that most messages have, or any that is typed."""
    sql = (
        f"SELECT {name} AS value FROM messages WHERE {name} IS NOT NULL GROUP BY 1 "
        f"ORDER BY count(*) DESC, 1 LIMIT {_OFFERED}"
    )
    rows = remembered(screen, sql, lambda: screen.snapshot.rows(sql))
    key = state.COHORT + name
    offered = [row["value"] for row in rows]
    current = st.session_state.get(key)
    if current and current not in offered:
        offered.insert(0, current)
    found = st.selectbox(
        title, offered, index=None, key=key, persist_state="session", placeholder="Any",
        accept_new_options=name != "reason", format_func=title_of if name == "reason" else str,
    )  # fmt: skip
    return str(found or ANY)


def _span(period: str, edge_ms: int, zone: str) -> tuple[int | None, int | None]:
    if period == filters.BETWEEN:
        chosen = st.date_input(f"Days ({zone})", value=[], key=state.COHORT_BETWEEN, persist_state="session", width=240)
        days: list[date] = list(chosen) if isinstance(chosen, tuple | list) else [chosen] if chosen else []
        return (midnight_ms(days[0], zone), midnight_ms(days[-1] + timedelta(days=1), zone)) if days else (None, None)
    length = filters.PERIODS[period]
    return (edge_ms - length * DAY_MS, None) if length else (None, None)


def _follow_address() -> None:
    """Set the filters to what the address asks for, once for each address."""
    asked = {name: st.query_params[name] for name in (*FIELDS, "days", "from", "to") if name in st.query_params}
    if not asked or not _is_new(asked):
        return
    for name in FIELDS:
        value = asked.get(name, "")
        st.session_state[state.COHORT + name] = value if value and (name != "reason" or value in LABELS) else None
    between = _days(asked.get("from"), asked.get("to"))
    if between:
        st.session_state[state.COHORT_PERIOD], st.session_state[state.COHORT_BETWEEN] = filters.BETWEEN, between
    elif asked.get("days") in ("7", "30"):
        st.session_state[state.COHORT_PERIOD] = filters.period_of(int(asked["days"]))
    elif asked.get("days") == "all":
        st.session_state[state.COHORT_PERIOD] = filters.ANY


def _is_new(asked: dict[str, str]) -> bool:
    """Whether the address asks for something else than the last time; remembers it."""
    return state.link_is_new("cohort" + repr(sorted(asked.items())))


def _days(first: str | None, last: str | None) -> tuple[date, date] | None:
    try:
        days = (date.fromisoformat(first), date.fromisoformat(last)) if first and last else None
    except ValueError:
        return None
    return days if days and _EARLIEST <= days[0] <= days[1] <= _LATEST else None


def _address(period: str, chosen: dict[str, str]) -> dict[str, str]:
    """What a link to this choice says."""
    told = {name: value for name, value in chosen.items() if value}
    if period == filters.BETWEEN:
        days = st.session_state.get(state.COHORT_BETWEEN) or ()
        return {**told, "from": days[0].isoformat(), "to": days[-1].isoformat()} if days else told
    length = filters.PERIODS[period]
    return {**told, "days": str(length) if length else "all"}


def clear() -> None:
    """Take every filter away; a callback."""
    for name in FIELDS:
        st.session_state[state.COHORT + name] = None


def in_words(query: Query) -> str:
    """What is chosen beside the period, for captions and files."""
    told = [f"{title.lower()} {getattr(query, name)}" for name, title in FIELDS.items() if getattr(query, name)]
    return ", ".join(told) or "no filter"
