"""What a session remembers, by name and type, and the workspace that it looks at."""

import os
import uuid
from dataclasses import replace
from datetime import date
from pathlib import Path

import streamlit as st

from lasthop.load import LoadReport
from lasthop.store import Workspace
from lasthop.trace import Query

WORKSPACE_VARIABLE = "LASTHOP_WORKSPACE"
EVERY = Query()

ZONE = "zone"
TEXT, OUTCOMES, PERIOD, BETWEEN, DOMAIN = (
    "messages_text", "messages_outcomes", "messages_period", "messages_between", "messages_domain",
)  # fmt: skip
"""Keys of the filters of the messages page; they last as long as the session."""

WHY_PERIOD, WHY_RECEIVER, WHY_DOMAIN, WHY_WAITING = "why_period", "why_receiver", "why_domain", "why_waiting"
"""Keys of the filters of the reasons page."""

COHORT, COHORT_PERIOD, COHORT_BETWEEN = "cohort_", "cohort_period", "cohort_between"
"""Keys of the filters of the Overview; those by column are the first with the column's name behind it."""

ANY_TIME, BETWEEN_DAYS = "Any time", "Between two days"

_ZONE_OPEN = "zone_open"
_FURTHER = "messages_further"
_OPENED, _REPORT, _SESSION, _ROUND, _LINKED = "opened", "load_report", "session_id", "upload_round", "linked_query"


@st.cache_resource(max_entries=16, show_spinner=False)
def _workspace(path: str) -> Workspace:
    return Workspace(path)


def workspace() -> Workspace:
    """The workspace of this server: the folder in ``LASTHOP_WORKSPACE``, else ``./workspace``."""
    return _workspace(str(Path(os.environ.get(WORKSPACE_VARIABLE) or "workspace").expanduser().absolute()))


def session_id() -> str:
    """A name for this session's temporary folder."""
    return str(st.session_state.setdefault(_SESSION, uuid.uuid4().hex))


def opened() -> str | None:
    """The message that was opened last."""
    return st.session_state.get(_OPENED)


def set_opened(message: str) -> None:
    """Remember the opened message, for the menu and for pages without an id in their address."""
    st.session_state[_OPENED] = message


def tell_browser(name: str, value: str) -> None:
    """Let the address of the page name what it shows now; empty takes the name away.

    A link from a page to itself runs it anew with other parameters, but the browser keeps the address that it had.
    """
    key = f"{name}_shown"
    if st.session_state.get(key, value) != value:
        st.query_params.from_dict({name: value} if value else {})
    st.session_state[key] = value


def report() -> LoadReport | None:
    """What the last load of this session did."""
    return st.session_state.get(_REPORT)


def set_report(done: LoadReport | None) -> None:
    """Keep the report of a load over the rerun that follows."""
    st.session_state[_REPORT] = done


def zone_is_open() -> bool:
    """Whether a load came since the time zone was set, so that it may follow the new files."""
    return bool(st.session_state.get(_ZONE_OPEN))


def settle_zone(settled: bool = True) -> None:
    """Say that the time zone is set, or that it is to be looked up again."""
    st.session_state[_ZONE_OPEN] = not settled


def upload_round() -> int:
    """Counts loads: the uploader gets a new key, and so is empty, after each."""
    return int(st.session_state.get(_ROUND, 0))


def next_upload_round() -> None:
    """Empty the uploader on the next run."""
    st.session_state[_ROUND] = upload_round() + 1


def link_is_new(query: str) -> bool:
    """Whether the address asks for something that this session has not followed yet; remembers it."""
    if st.session_state.get(_LINKED) == query:
        return False
    st.session_state[_LINKED] = query
    return True


def further() -> Query:
    """The filters of the messages page that have no widget of their own: links set them, a click takes them away."""
    found = st.session_state.get(_FURTHER)
    return found if isinstance(found, Query) else EVERY


def narrow(since_ms: int | None, until_ms: int | None) -> None:
    """Set or take away the exact time of sending that a link asks for; it counts while the period is any time."""
    st.session_state[_FURTHER] = replace(further(), since_ms=since_ms, until_ms=until_ms)


def unlink(field: str) -> None:
    """Take one of those filters away; a callback."""
    st.session_state[_FURTHER] = replace(further(), **{field: getattr(EVERY, field)})


def show_messages(query: Query = EVERY, *, period: str = ANY_TIME, days: tuple[date, date] | None = None) -> None:
    """Set all filters of the messages page before going there.

    The time of sending is that of ``period``, or of ``days`` (first and last), not that of ``query``.
    """
    st.session_state[PERIOD] = BETWEEN_DAYS if days else period
    if days:
        st.session_state[BETWEEN] = days
    st.session_state[TEXT] = query.text
    st.session_state[DOMAIN] = query.domain
    st.session_state[OUTCOMES] = [str(outcome) for outcome in query.outcomes]
    st.session_state[_FURTHER] = replace(query, text="", domain="", outcomes=(), since_ms=None, until_ms=None)
