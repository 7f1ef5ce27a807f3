"""The time zone that the pages show: where it comes from, how a link sets it, and how a choice is remembered."""

import logging
from zoneinfo import available_timezones

import streamlit as st

from lasthop.app import state
from lasthop.errors import LasthopError
from lasthop.store import Workspace
from lasthop.store.zones import keep_zone, usual_zone

DEFAULT_ZONE = "Asia/Tokyo"
_TOLD, _OWN = "zone_told", "zone_own"
_LOG = logging.getLogger(__name__)


def choices(*first: str) -> list[str]:
    """Time zones to choose from: ``first`` and the likely ones before the others."""
    likely = dict.fromkeys([*first, own_zone() or DEFAULT_ZONE, DEFAULT_ZONE, "UTC"])
    return [*likely, *sorted(name for name in available_timezones() if "/" in name and name not in likely)]


def own_zone() -> str | None:
    """The zone of the browser; None when it does not tell."""
    told = st.context.timezone
    return told if told in available_timezones() else None


def start(workspace: Workspace) -> str:
    """The zone to show, which is made the chosen one when a session begins and when a load changed what it follows.

    What somebody chose in this workspace, else the zone of the application's log, else the browser's. A link with a
    zone sets it for this session.
    """
    if state.ZONE not in st.session_state or state.zone_is_open():
        st.session_state[state.ZONE] = usual_zone(workspace) or own_zone() or DEFAULT_ZONE
        st.session_state[_OWN] = None
        state.settle_zone()
    _follow()
    return str(st.session_state[state.ZONE])


def _follow() -> None:
    """Take the zone that the address names, once; what is no zone is left alone."""
    asked, now = st.query_params.get("zone"), st.session_state[state.ZONE]
    if asked == st.session_state.get(_TOLD):
        return
    st.session_state[_TOLD] = asked
    if asked in available_timezones() and asked != now:
        st.session_state[_OWN] = st.session_state.get(_OWN) or now
        st.session_state[state.ZONE] = asked


def told(zone: str | None) -> None:
    """Say that the page wrote this zone into its address, so that it is not followed."""
    st.session_state[_TOLD] = zone


def note() -> str:
    """That a link has set another zone than the one before, in a sentence; empty when it has not."""
    own, now = st.session_state.get(_OWN), st.session_state.get(state.ZONE)
    return f"The link shows times and days in {now}, not in {own}." if own and own != now else ""


def remember(workspace: Workspace) -> None:
    """Keep the choice in the workspace; a callback. Where that fails, it lasts as long as the session."""
    st.session_state[_OWN] = None
    try:
        keep_zone(workspace, str(st.session_state[state.ZONE]))
    except (LasthopError, OSError) as error:
        _LOG.warning("The time zone was not remembered: %s", error)
