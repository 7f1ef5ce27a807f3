"""Putting messages into the case, from wherever they are seen."""

from collections.abc import Sequence

import streamlit as st

from lasthop.app.safe_text import counted
from lasthop.pack.case import add_messages, latest_open, save_case, with_messages
from lasthop.store import Workspace


def put_button(workspace: Workspace, ids: Sequence[str]) -> None:
    """A button that puts messages into the current case and says so; it tells when they are in it already."""
    if not ids:
        return
    case = latest_open(workspace)
    missing = [message for message in ids if message not in case.messages]
    label = "Put into the case" if len(ids) == 1 else f"Put {len(ids)} into the case"
    if not missing:
        label = "In the case"
    if st.button(label, key="put_into_case", disabled=not missing, type="primary", icon=":material/folder_open:"):
        if case.revision:
            add_messages(workspace, case.id, ids)
        else:
            save_case(workspace, with_messages(case, ids))
        st.toast(f"{counted(len(missing), 'message')} put into the case.")
        st.rerun()
