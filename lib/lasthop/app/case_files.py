"""Originals and logs of a case: attached, listed, taken out, and put back."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from lasthop.app.frame import show_error
from lasthop.app.safe_text import as_code, counted, one_line
from lasthop.app.screen import Screen
from lasthop.app.tables import picked
from lasthop.errors import LasthopError
from lasthop.pack.attachments import LARGEST, MOST, attach
from lasthop.pack.case import Attachment, Case, change_case

_ROUND, _UNDO, _REFUSED = "attach_round", "file_taken_out", "attach_refused"


def files_part(screen: Screen, case: Case) -> None:
    """The uploader, and the files that are in the case."""
    uploads = st.file_uploader(
        "Originals (.eml, the pasted header) and logs of other servers",
        accept_multiple_files=True,
        max_upload_size=LARGEST // 2**20,
        key=f"attach {case.id} {st.session_state.get(_ROUND, 0)}",
        help=f"Up to {LARGEST // 2**20} MB each, {MOST} files in a case. They are kept with the case and go into its "
        "pack; lasthop does not count them among the loaded sources.",
    )
    if uploads:
        refused: list[LasthopError] = []
        with st.spinner("Attaching", show_time=True):
            for upload in uploads:
                try:
                    attach(screen.workspace, case.id, upload.name, upload.getvalue())
                except LasthopError as error:
                    refused.append(error)
        st.session_state[_REFUSED] = refused
        st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
        st.rerun()
    for one in st.session_state.pop(_REFUSED, []):
        show_error(one)
    if case.attachments:
        _listed(screen, case)
    _undo(screen, case)


def _listed(screen: Screen, case: Case) -> None:
    chosen = st.dataframe(
        pd.DataFrame(
            {
                "name": [one_line(one.name) for one in case.attachments],
                "bytes": [one.bytes for one in case.attachments],
                "sha256": [one.sha256 for one in case.attachments],
            }
        ),
        hide_index=True,
        on_select="rerun",
        selection_mode="multi-row",
        key=f"attached {case.id} {len(case.attachments)}",
        alt="Files attached to the case",
        column_config={
            "name": st.column_config.TextColumn("File", width="medium"),
            "bytes": st.column_config.NumberColumn("Bytes", width="small", format="localized"),
            "sha256": st.column_config.TextColumn("SHA-256", width="medium"),
        },
    )
    out = [case.attachments[row] for row in picked(chosen, len(case.attachments)).ticked]
    if out and st.button(f"Take {counted(len(out), 'file')} out", key="take_files_out"):
        change_case(
            screen.workspace,
            case.id,
            lambda now: replace(now, attachments=tuple(one for one in now.attachments if one not in out)),
        )
        st.session_state[_UNDO] = (case.id, tuple(out))
        st.rerun()


def _undo(screen: Screen, case: Case) -> None:
    """The bytes stay with the cases, so what was taken out can be put back."""
    owner, taken = st.session_state.get(_UNDO, ("", ()))
    if owner != case.id or not taken:
        return
    names = ", ".join(as_code(one.name, 40) for one in taken[:3])
    if st.button(f"Undo: put {names} back", key="put_files_back", icon=":material/undo:"):
        change_case(screen.workspace, case.id, lambda now: _with_files(now, taken))
        st.session_state.pop(_UNDO)
        st.rerun()


def _with_files(case: Case, files: tuple[Attachment, ...]) -> Case:
    kept = tuple(dict.fromkeys((*case.attachments, *files)))
    return replace(case, attachments=kept[:MOST])
