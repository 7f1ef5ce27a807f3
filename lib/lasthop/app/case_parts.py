"""The messages of a case: those that are there, what became of those that are gone, taking some out."""

from collections.abc import Sequence

import streamlit as st

from lasthop.app import downloads, state
from lasthop.app.safe_text import as_code, counted
from lasthop.app.screen import Screen
from lasthop.app.tables import as_frame, messages_table
from lasthop.pack.case import Case, Presence, change_case, with_messages, without_message
from lasthop.trace import Message

SHOWN = 1_000
"""Messages that the page shows; the pack holds all."""

_NAMED = 20
_UNDO = "taken_out"


def how_to_begin() -> None:
    """What to do with a case that has no message yet."""
    st.subheader("No message is in the case yet", anchor=False)
    st.text(
        "Paste the support mail above: lasthop finds the messages that it may be about. Or open a message and put it "
        "into the case, or tick several rows in the list of messages."
    )
    st.page_link("pages/messages.py", label="Go to Messages", icon=":material/mail:")


def notice(there: Presence) -> None:
    """Say which messages have become part of another one, and which are gone with their source."""
    for gone, now in list(there.moved.items())[:_NAMED]:
        st.info(f"{as_code(gone)} has been tied since to {', '.join(as_code(message) for message in now)}.")
    if there.absent:
        names = ", ".join(as_code(message) for message in there.absent[:_NAMED])
        more = f" and {len(there.absent) - _NAMED:,} more" if len(there.absent) > _NAMED else ""
        st.warning(
            f"{names}{more}: removed with their source. Load it again to have them back.",
            title=f"{counted(len(there.absent), 'message')} of the case not in this workspace",
        )


def messages_in_case(screen: Screen, case: Case, messages: Sequence[Message], total: int) -> None:
    """The first of ``total`` messages: a click opens one, ticked ones can be taken out and put back."""
    if total > len(messages):
        st.caption(f"The oldest {len(messages):,} of {total:,}; the pack holds all of them.")
    picked = None
    rows = as_frame(messages)
    if len(rows):
        picked = messages_table(
            rows, screen.zone, key=f"case_messages {case.id}", alt="Messages in the case, oldest first"
        )
        n = f"{len(messages):,} of {counted(total, 'message')} in the case, the oldest first"
        downloads.table_as_csv(rows, "case_messages", {"n": n, "case": case.id, **downloads.stated(screen)})
    if picked and picked.clicked is not None:
        state.set_opened(rows["message"][picked.clicked])
        st.switch_page("pages/message.py", query_params={"message": rows["message"][picked.clicked]})
    chosen = [rows["message"][row] for row in picked.ticked] if picked else []
    if not picked and st.session_state.get(_UNDO, ("",))[0] != case.id:
        return
    with st.container(horizontal=True):
        label = f"Take {len(chosen)} out of the case" if len(chosen) > 1 else "Take out of the case"
        if st.button(label, disabled=not chosen, key="take_out", help="Tick rows first."):
            change_case(screen.workspace, case.id, lambda now: _without(now, chosen))
            st.session_state[_UNDO] = (case.id, chosen)
            st.rerun()
        _put_back(screen, case)


def _put_back(screen: Screen, case: Case) -> None:
    owner, taken = st.session_state.get(_UNDO, ("", []))
    if owner != case.id or not taken:
        return
    if st.button(f"Undo: put {counted(len(taken), 'message')} back", key="put_back", icon=":material/undo:"):
        change_case(screen.workspace, case.id, lambda now: with_messages(now, taken))
        st.session_state.pop(_UNDO)
        st.rerun()


def _without(case: Case, messages: Sequence[str]) -> Case:
    for message in messages:
        case = without_message(case, message)
    return case
