"""Views on the messages page: following a link, keeping the address true, the menu of views."""

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from lasthop.app import filters, state
from lasthop.app.safe_text import one_line, plain
from lasthop.explain import in_words
from lasthop.measure.local import DAY_MS
from lasthop.measure.saved_views import (
    LONGEST_NAME,
    Saved,
    remove_view,
    rename_view,
    restore_view,
    save_view,
    saved_views,
)
from lasthop.measure.views import PARAMS, View, from_params, pinned, presets, to_params
from lasthop.store import Workspace
from lasthop.trace import Query

PAGE = "pages/messages.py"
_REMOVED = "views_removed"


def follow(address: Mapping[str, str], as_of_ms: int) -> tuple[str, ...]:
    """Set the filters of the messages page to what the address asks for, once for each address.

    ``as_of_ms`` is the edge of the data. Returns what was left out, in sentences that may hold hostile text.
    """
    # Going back, the browser hands over the parameters of the page that was left: they ask for nothing here.
    if PARAMS.isdisjoint(address) or not state.link_is_new(_mark(address)):
        return ()
    view = from_params(address)
    period = next((name for name, days in filters.PERIODS.items() if days and days == view.days), filters.ANY)
    state.show_messages(view.query, period=period)
    if period == filters.ANY:
        since_ms = view.query.since_ms if view.days is None else as_of_ms - view.days * DAY_MS
        state.narrow(since_ms, view.query.until_ms)
    return view.notes


def narrowed(query: Query, zone: str) -> Query:
    """The query with the exact period that a link has set, which has a chip to take it away."""
    linked = state.further()
    if st.session_state.get(state.PERIOD) != filters.ANY or (linked.since_ms is None and linked.until_ms is None):
        return query
    since = f"from {in_words(linked.since_ms, zone)}" if linked.since_ms is not None else ""
    # The last instant that counts, not the first that does not.
    until = f"to {in_words(linked.until_ms - 1, zone)}" if linked.until_ms is not None else ""
    st.button(
        plain(f"Sent {since} {until}"),
        key="unlink_period",
        icon=":material/close:",
        help="Take this filter away",
        on_click=state.narrow,
        args=(None, None),
    )
    return replace(query, since_ms=linked.since_ms, until_ms=linked.until_ms)


def current(query: Query, zone: str) -> View:
    """The view that the messages page shows: relative where its period is counted back from the newest data."""
    days = filters.PERIODS.get(str(st.session_state.get(state.PERIOD)))
    if days:
        query = replace(query, since_ms=None, until_ms=None)
    return View(query=query, days=days, zone=zone)


def keep_address(view: View) -> None:
    """Let the address of the page say what it shows, so that it can be shared; a link that was left is new again."""
    params = _link(view)
    if st.query_params.to_dict() != params:
        st.query_params.from_dict(params)
    state.link_is_new(_mark(params))


def _mark(address: Mapping[str, str]) -> str:
    return f"messages{sorted(address.items())!r}"


def menu(workspace: Workspace, view: View, as_of_ms: int) -> None:
    """A popover with the views that lasthop brings along and the kept ones, as links, and a way to keep this one."""
    with st.popover("Views", icon=":material/bookmarks:"):
        for preset in presets():
            st.page_link(PAGE, label=plain(preset.view.name), help=preset.says, query_params=_link(preset.view))
        st.divider()
        _kept(workspace)
        _save_form(workspace, view, as_of_ms)


def _link(view: View) -> dict[str, str]:
    """What the address needs; the name and the zone of a view are not filters of the page."""
    return to_params(replace(view, name="", zone=None, by=None))


def _kept(workspace: Workspace) -> None:
    """The kept views, each with a way to take it off, and the last one that was taken off."""
    shelf = saved_views(workspace)
    for saved in shelf.views:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.page_link(PAGE, label=plain(saved.view.name), query_params=_link(saved.view), width="stretch")
            if st.button("Delete", key=f"remove_{saved.id}", icon=":material/delete:", type="tertiary"):
                remove_view(workspace, saved.id)
                st.session_state[_REMOVED] = saved.id
                st.rerun()
    for note in shelf.notes:
        st.text(one_line(note))
    removed = st.session_state.get(_REMOVED)
    if removed and st.button("Bring the deleted view back", key="restore_view", icon=":material/undo:"):
        st.session_state[_REMOVED] = None
        restore_view(workspace, removed)
        st.rerun()
    if shelf.views:
        _rename_form(workspace, shelf.views)


def _rename_form(workspace: Workspace, kept: tuple[Saved, ...]) -> None:
    names = {saved.id: one_line(saved.view.name) for saved in kept}
    with st.expander("Rename"), st.form("rename_view", clear_on_submit=True, border=False):
        chosen = st.selectbox("View", list(names), format_func=lambda view_id: names[view_id], key="rename_which")
        name = st.text_input("New name", key="rename_to", max_chars=LONGEST_NAME)
        if st.form_submit_button("Rename", key="rename_save") and name.strip():
            rename_view(workspace, chosen, name)
            st.rerun()


def _save_form(workspace: Workspace, view: View, as_of_ms: int) -> None:
    with st.form("save_view", clear_on_submit=True, border=False):
        name = st.text_input("Keep what is shown now as", key="view_name", max_chars=LONGEST_NAME)
        pin = st.checkbox(
            "Pin dates",
            value=True,
            key="view_pin",
            help="Pinned, it shows the same days when newer data is loaded. Else its period moves along.",
        )
        if st.form_submit_button("Save this view", key="view_save", icon=":material/bookmark_add:") and name.strip():
            save_view(workspace, replace(pinned(view, as_of_ms) if pin else view, name=name))
            st.rerun()
