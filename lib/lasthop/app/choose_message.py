"""Which message the page is about: what its address names, else the one opened last, else a question."""

import streamlit as st

from lasthop.app import downloads, state
from lasthop.app.safe_text import as_code, counted
from lasthop.app.screen import Screen
from lasthop.app.tables import as_frame, messages_table
from lasthop.trace import messages_of, resolve


def chosen_message(screen: Screen) -> str | None:
    """Our id of the message to show; None when the page shows a question or an empty state instead."""
    if screen.is_empty:
        st.text("Nothing is loaded yet, so no message can be shown.")
        st.page_link("pages/sources.py", label="Go to Sources", icon=":material/database:")
        return None
    asked = st.query_params.get("message") or state.opened() or ""
    if not asked:
        _search_box("Which message?")
        return None
    found = resolve(screen.snapshot, asked)
    if len(found) == 1:
        return found[0]
    if asked in found:
        return asked
    if not found:
        _unknown(asked)
        return None
    return _one_of(screen, asked, found)


def _unknown(asked: str) -> None:
    st.subheader("No message has this id or address", anchor=False)
    st.code(asked, language=None, wrap_lines=True)
    st.markdown(
        "- It may not be in the loaded files: Sources shows what they cover.\n"
        "- Its source may have been removed, or the link is from another workspace.\n"
        "- An id must be whole. For part of an address or subject, use the search on Messages."
    )
    _search_box("Look for another one")


def _search_box(label: str) -> None:
    with st.form("find_message", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        text = st.text_input(
            label, placeholder="Address, Message-ID, X-Message-Id, sg_message_id or request id", type="search"
        )
        sent = st.form_submit_button("Find")
    if sent and text:
        st.switch_page("pages/message.py", query_params={"message": text.strip()})
    st.page_link("pages/messages.py", label="Search in all messages", icon=":material/mail:")


def _one_of(screen: Screen, asked: str, found: list[str]) -> str | None:
    """Several messages have the id or address: show them and let a person choose."""
    st.subheader(f"{counted(len(found), 'message')} have this id or address", anchor=False)
    st.caption(f"{as_code(asked)} · click the one you mean.")
    rows = as_frame(messages_of(screen.snapshot, found)[::-1])
    picked = messages_table(rows, screen.zone, key="candidates", alt="Messages with this id or address")
    n = f"{counted(len(rows), 'message')} with the id or address that was asked for"
    downloads.table_as_csv(rows, "candidates", {"n": n, "asked": asked, **downloads.stated(screen)})
    row = picked.clicked if picked.clicked is not None else next(iter(picked.ticked), None)
    if row is None:
        return None
    st.switch_page("pages/message.py", query_params={"message": rows["message"][row]})
