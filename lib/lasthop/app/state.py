"""What a session remembers, by name and type, and the workspace that it looks at."""

import os
import uuid
from collections.abc import Mapping
from pathlib import Path

import streamlit as st

from lasthop.load import LoadReport
from lasthop.store import Workspace

WORKSPACE_VARIABLE = "LASTHOP_WORKSPACE"

ZONE = "zone"

_ZONE_OPEN = "zone_open"
_ADDRESS = "address "
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


def address_of(page: str) -> dict[str, str]:
    """The address that a page (its script) wrote last in this session: a link with it needs no second one written."""
    found: dict[str, str] = st.session_state.get(_ADDRESS + page, {})
    return found


def set_address(page: str, address: Mapping[str, str]) -> None:
    """Remember the address of a page, for the menu."""
    st.session_state[_ADDRESS + page] = dict(address)


def link_is_new(address: Mapping[str, str]) -> bool:
    """Whether the address asks for something that this session has not followed or written yet; remembers it.

    Going back, the browser hands over the parameters that the page before wrote: they ask for nothing here.
    """
    if st.session_state.get(_LINKED) == dict(address):
        return False
    st.session_state[_LINKED] = dict(address)
    return True
