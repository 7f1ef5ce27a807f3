"""The parts of the case page: its messages, what became of those that are gone, the evidence pack."""

import time
from collections.abc import Sequence
from functools import partial

import streamlit as st

from lasthop.app import state
from lasthop.app.frame import Screen
from lasthop.app.safe_text import as_code, counted
from lasthop.app.tables import as_frame, messages_table
from lasthop.pack.bundle import build_pack, pack_name
from lasthop.pack.case import Case, Presence, open_case, save_case, without_message
from lasthop.store import Workspace
from lasthop.trace import Message, look

_PAUSE_SECONDS = 0.5


def notice(there: Presence) -> None:
    """Say which messages have become part of another one, and which are gone with their source."""
    for gone, now in there.moved.items():
        st.info(f"{as_code(gone)} has been tied since to {', '.join(as_code(message) for message in now)}.")
    if there.absent:
        names = ", ".join(as_code(message) for message in there.absent)
        st.warning(
            f"{names}: removed with their source. Load it again to have them back.",
            title=f"{counted(len(there.absent), 'message')} of the case not in this workspace",
        )


def messages_in_case(screen: Screen, case: Case, messages: Sequence[Message]) -> None:
    """The messages; a click opens one, ticked ones can be taken out."""
    rows = as_frame(messages)
    picked = messages_table(rows, screen.zone, key="case_messages", alt="Messages in the case, oldest first")
    if picked.clicked is not None:
        state.set_opened(rows["message"][picked.clicked])
        st.switch_page("pages/message.py", query_params={"message": rows["message"][picked.clicked]})
    chosen = [rows["message"][row] for row in picked.ticked]
    label = f"Take {len(chosen)} out of the case" if len(chosen) > 1 else "Take out of the case"
    if st.button(label, disabled=not chosen, key="take_out", help="Tick rows first."):
        for message in chosen:
            case = without_message(case, message)
        save_case(screen.workspace, case)
        st.rerun()


def download(screen: Screen, case: Case, messages: Sequence[Message], *, saved: bool) -> None:
    """The button that builds the pack when it is pressed."""
    st.text(
        f"A ZIP with the verdicts, timelines, ids, replies and files of origin of {counted(len(messages), 'message')}. "
        "It holds addresses and subjects in full: look at it before you pass it on. "
        f"Times in it are shown in {screen.zone}."
    )
    st.download_button(
        "Download the evidence pack",
        data=partial(pack_of, screen.workspace, screen.zone),
        file_name=pack_name(case),
        mime="application/zip",
        on_click="ignore",
        type="primary",
        icon=":material/download:",
        key="download_pack",
        disabled=not messages or not saved,
    )


def pack_of(workspace: Workspace, zone: str) -> bytes:
    """The bytes of the pack of the case as it is saved now; runs in a thread of its own, with a snapshot of its own.

    Clicking the button also leaves the field that was typed into; the pause lets that be saved first.
    """
    time.sleep(_PAUSE_SECONDS)
    with look(workspace) as snapshot:
        return build_pack(snapshot, workspace, open_case(workspace), zone)
