"""Before the pack: what is missing, how much of people leaves, which addresses; then the pack itself."""

import hashlib
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import streamlit as st

from lasthop.app import state, uploads
from lasthop.app.case_leaving import leaving_part
from lasthop.app.remembered import remembered
from lasthop.app.safe_text import counted, plain
from lasthop.app.screen import Screen
from lasthop.pack.attached import has_original
from lasthop.pack.bundle import build_pack, pack_name, write_pack
from lasthop.pack.case import Case, open_case
from lasthop.pack.compose import Step
from lasthop.pack.redact import Level, Redaction
from lasthop.pack.ticket import missing, why_no_header
from lasthop.store import Workspace
from lasthop.trace import look, messages_of

AT_ONCE = 500
"""Messages of which a pack is made while the browser waits for the download; of more, it is made first, with a bar."""

_PAUSE_SECONDS = 0.5
_LEVELS = {
    Level.FULL: "In full",
    Level.MASKED: "Addresses masked",
    Level.METADATA: "Times, codes and ids only",
}
_STAGES = {"messages": "messages", "evidence": "lines of the files", "packing": "packing"}


def show_missing(screen: Screen, case: Case, messages: Sequence[str]) -> None:
    """What support would ask back for, and how to get it."""
    which = hashlib.sha256(f"{case} {messages}".encode("utf-8", "replace")).hexdigest()

    def ask() -> tuple[list[str], str | None]:
        original = has_original(screen.snapshot, screen.workspace, case, messages)
        known = messages_of(screen.snapshot, list(messages))
        return missing(case, known, original=original), why_no_header(case, known, original=original)

    with st.spinner("Looking for what is missing", show_time=True):
        lacking, no_header = remembered(screen, f"missing {which}", ask)
    st.subheader("Still missing" if lacking else "Nothing is missing", anchor=False)
    if lacking:
        st.markdown("\n".join(f"- {plain(sentence)}" for sentence in lacking))
    else:
        st.text("Everything that Kuroco's support asks for is there.")
    if no_header:
        st.caption(no_header)


def pack_part(screen: Screen, case: Case, messages: Sequence[str], *, saved: bool) -> None:
    """The level, the addresses that leave, and the buttons."""
    redaction = _redaction(case)
    st.text(
        f"A ZIP with the verdicts, timelines, ids, replies and files of origin of {counted(len(messages), 'message')}. "
        f"{redaction.in_words} Times in it are shown in {screen.zone}. Look at it before you pass it on."
    )
    leaving_part(screen, case, messages, redaction, ask_first=len(messages) > AT_ONCE)
    if not saved:
        st.caption("Something that was typed is not in the case yet: settle it above, then the pack can be made.")
    if len(messages) <= AT_ONCE:
        _download(screen, case, redaction, disabled=not messages or not saved)
    else:
        _make(screen, case, redaction, len(messages), disabled=not saved)


def _redaction(case: Case) -> Redaction:
    """Draw the choice of level."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        level = st.segmented_control(
            "How much leaves",
            list(_LEVELS),
            default=st.session_state.get(f"kept level {case.id}", Level.FULL),
            required=True,
            key=f"level {case.id}",
            format_func=_LEVELS.__getitem__,
        )
        level = st.session_state[f"kept level {case.id}"] = Level(level or Level.FULL)  # also after another page
        if level is Level.FULL:
            return Redaction()
        keep = st.checkbox(
            "Keep the domains",
            value=st.session_state.get(f"kept domains {case.id}", False),
            key=f"keep_domains {case.id}",
            help="hanako@example.jp: only hanako goes.",
        )
        st.session_state[f"kept domains {case.id}"] = keep
    return Redaction(level, keep)


def _download(screen: Screen, case: Case, redaction: Redaction, *, disabled: bool) -> None:
    """The button that builds the pack when it is pressed."""
    _button(
        case,
        redaction,
        partial(pack_of, screen.workspace, case.id, screen.zone, redaction),
        disabled=disabled,
    )


def _button(case: Case, redaction: Redaction, data: "partial[bytes] | Path", *, disabled: bool = False) -> None:
    st.download_button(
        "Download the evidence pack",
        data=data.read_bytes if isinstance(data, Path) else data,
        file_name=pack_name(case, redaction),
        mime="application/zip",
        on_click="ignore",
        type="primary",
        icon=":material/download:",
        key="download_pack",
        disabled=disabled,
    )


def _make(screen: Screen, case: Case, redaction: Redaction, count: int, *, disabled: bool) -> None:
    """Make the pack of a large case with a bar; it can be downloaded until the case or the data change."""
    version = f"{case} {screen.snapshot.version} {screen.zone} {redaction}"
    folder = uploads.folder_of(screen.workspace, state.session_id())
    made = folder / f"pack-{hashlib.sha256(version.encode('utf-8', 'replace')).hexdigest()[:16]}.zip"
    if made.exists():
        st.text("The pack is made.")
        _button(case, redaction, made, disabled=disabled)
        return
    if not st.button(
        "Make the pack", type="primary", icon=":material/inventory_2:", key="make_pack", disabled=disabled
    ):
        st.caption(f"{counted(count, 'message')}: this takes a while, and a bar shows how far it is.")
        return
    bar = st.progress(0.0, text="Starting")
    told = 0.0

    def watch(step: Step) -> None:
        nonlocal told
        if step.stage == "messages" and time.monotonic() - told < 0.2:
            return
        told = time.monotonic()
        where = f": {step.done:,} of {step.total:,}" if step.total else ""
        part = min(step.done / step.total, 1.0) * 0.9 if step.total else 0.95
        bar.progress(part, text=f"Making the pack, {_STAGES.get(step.stage, step.stage)}{where}")

    for left in folder.glob("pack-*.zip"):
        left.unlink(missing_ok=True)
    write_pack(screen.snapshot, screen.workspace, case, screen.zone, made, watch, redaction=redaction)
    bar.empty()
    st.rerun()


def pack_of(workspace: Workspace, case_id: str, zone: str, redaction: Redaction) -> bytes:
    """The bytes of the pack of the case as it is saved now; runs in a thread of its own, with a snapshot of its own.

    Clicking the button also leaves the field that was typed into; the pause lets that be saved first.
    """
    time.sleep(_PAUSE_SECONDS)
    with look(workspace) as snapshot:
        return build_pack(snapshot, workspace, open_case(workspace, case_id), zone, redaction=redaction)
