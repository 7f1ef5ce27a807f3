"""Views on the pages that count: following a link, keeping the address true, the menu of views."""

from dataclasses import replace

import streamlit as st

from lasthop.app import filters, state, zones
from lasthop.app.chips import chips
from lasthop.app.filter_state import set_to
from lasthop.app.known_values import unknown_values
from lasthop.app.safe_text import one_line, plain
from lasthop.app.screen import Screen
from lasthop.measure.saved_views import (
    LONGEST_NAME,
    Saved,
    remove_view,
    rename_view,
    restore_view,
    save_view,
    saved_views,
)
from lasthop.measure.views import PARAMS, Page, View, from_params, pinned, presets, to_params
from lasthop.store import Workspace

MESSAGES = "pages/messages.py"
_SCRIPTS: dict[Page, str] = {
    "overview": "app.py", "messages": MESSAGES, "reasons": "pages/reasons.py", "compare": "pages/compare.py",
}  # fmt: skip
_ICONS: dict[Page, str] = {
    "overview": ":material/monitoring:", "messages": ":material/mail:", "reasons": ":material/rule:",
    "compare": ":material/compare_arrows:",
}  # fmt: skip
_REMOVED = "views_removed"


def choose(screen: Screen, page: Page) -> View:
    """Draw the filters of a page that has no others than these; the address follows them, and they follow a link."""
    followed = follow(page)
    if followed:
        set_to(followed, screen.zone)
    row = st.container(horizontal=True, vertical_alignment="bottom")
    with row:
        view = filters.bar(screen, page)
    chips(view, screen.zone)
    unknown_values(screen, view)
    keep_address(view)
    with row:
        menu(screen, view)
    return view


def follow(page: Page) -> View | None:
    """What the address asks the page for, once for each address, else None. Says what was left out, and the zone."""
    address, view = st.query_params.to_dict(), None
    if not PARAMS.isdisjoint(address) and state.link_is_new(address):
        view = from_params(address, page)
        for note in view.notes:
            st.text(one_line(note))
    if told := zones.note():
        st.caption(plain(told))
    return view


def keep_address(view: View) -> None:
    """Let the address of the page say what it shows, so that it can be shared; a link that was left is new again."""
    params = to_params(replace(view, name="", by=None))  # these are no filters of the page
    if st.query_params.to_dict() != params:
        st.query_params.from_dict(params)
    state.link_is_new(params)
    drilled = {"reason"} if view.page == "reasons" else set()  # the menu leads to all reasons
    state.set_address(_SCRIPTS[view.page], {name: params[name] for name in params.keys() - drilled})
    zones.told(params.get("zone"))


def open_messages(view: View, zone: str) -> None:
    """Go to the messages page with these filters.

    They are set here, and the address already is the one that the page would write: one step for the browser to go
    back, and no filter is too long.
    """
    asked = replace(view, page="messages", zone=zone)
    set_to(asked, zone)
    address = to_params(asked)
    state.link_is_new(address)
    st.switch_page(MESSAGES, query_params=address)


def menu(screen: Screen, view: View) -> None:
    """A popover with the views that lasthop brings along and the kept ones, as links, and a way to keep this one."""
    edge_ms = int(screen.snapshot.value("SELECT as_of_ms FROM edge") or 0)
    with st.popover("Views", icon=":material/bookmarks:"):
        for preset in presets():
            _link(preset.view, view, preset.says)
        st.divider()
        _kept(screen.workspace, view)
        _save_form(screen.workspace, view, edge_ms)


def _link(view: View, now: View, says: str = "") -> None:
    """A link whose address is the one that its page will write: one step for the browser to go back.

    The name makes it another where that would not do: the browser does not write the address of a link from a page to
    itself, so the page has to; and the same address on another page would be taken for what the browser hands over.
    """
    asked = replace(view, name="", by=None, zone=view.zone or now.zone)
    if view.page == now.page or to_params(asked) == to_params(now):
        asked = replace(asked, name=view.name)
    st.page_link(
        _SCRIPTS[view.page],
        label=plain(view.name),
        icon=_ICONS[view.page],
        help=says or f"Opens {view.page.capitalize()}",
        query_params=to_params(asked),
        width="stretch",
    )


def _kept(workspace: Workspace, now: View) -> None:
    """The kept views of all pages, each with a way to take it off, and the last one that was taken off."""
    shelf = saved_views(workspace)
    for saved in shelf.views:
        with st.container(horizontal=True, vertical_alignment="center"):
            _link(saved.view, now)
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
