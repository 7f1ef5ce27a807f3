"""Putting messages into a case, from wherever they are seen."""

from collections.abc import Sequence

import streamlit as st

from lasthop.app import case_current
from lasthop.app.safe_text import counted, plain
from lasthop.pack.case import add_messages
from lasthop.store import Workspace

_OFFERED = 100


def put_button(workspace: Workspace, ids: Sequence[str]) -> None:
    """A button that puts messages into the current case, and beside it another case or a new one to put them into."""
    if not ids:
        return
    known = case_current.lines(workspace)
    line = case_current.current_line(known)
    missing = [message for message in ids if line is None or message not in line.messages]
    label = "Put into the case" if len(ids) == 1 else f"Put {len(ids)} into the case"
    with st.container(horizontal=True, gap="xsmall", width="content"):
        if st.button(
            label if missing else "In the case",
            key="put_into_case",
            disabled=not missing,
            type="primary",
            icon=":material/folder_open:",
            help=plain(line.in_words if line else "A new case is begun"),
        ):
            _put(workspace, line.id if line else None, ids, len(missing))
        if line:
            others = [each for each in known if not each.closed and not each.problem and each.id != line.id]
            _elsewhere(workspace, others[:_OFFERED], ids)


def _elsewhere(workspace: Workspace, others: Sequence[case_current.Line], ids: Sequence[str]) -> None:
    """A small menu; the case chosen in it becomes the current one."""
    with st.popover("Other", type="tertiary", help="Put into another case or a new one", key="put_elsewhere"):
        if others:
            words = {each.id: each.in_words for each in others}
            chosen = st.selectbox(
                "Open cases", list(words), index=None, key="put_where", format_func=words.__getitem__,
                placeholder="Choose a case",
            )  # fmt: skip
            if st.button("Put into it", key="put_there", disabled=chosen is None):
                _put(workspace, chosen, ids, len(ids))
        if st.button("Put into a new case", key="put_into_new", icon=":material/add:"):
            _put(workspace, None, ids, len(ids))


def _put(workspace: Workspace, case_id: str | None, ids: Sequence[str], count: int) -> None:
    case_id = case_id or case_current.started(workspace).id
    add_messages(workspace, case_id, ids)
    case_current.set_current(case_id)
    st.toast(f"{counted(count, 'message')} put into {plain(case_id)}.")
    st.rerun()
