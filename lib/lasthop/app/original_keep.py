"""What can be done with an original: into the case, a masked header for the ticket, into the workspace."""

import hashlib

import streamlit as st

from lasthop.app import case_current, downloads, state, uploads
from lasthop.app.original_read import ReadOriginal
from lasthop.app.progress import load_with_progress
from lasthop.app.safe_text import counted, plain
from lasthop.app.screen import Screen
from lasthop.load import LoadReport, inspect
from lasthop.original.lines import encoded
from lasthop.pack.attached import another_message
from lasthop.pack.attachments import attach
from lasthop.pack.redact import Level, Redaction, Redactor, people_in, workspace_secret
from lasthop.read.mail import looks_like_mail
from lasthop.store import Workspace

MASKED_MOST = 1_000_000
"""Bytes of a header that are masked: real ones have some thousands."""
_SAMPLE = 65_536


def keep_part(screen: Screen, read: ReadOriginal) -> None:
    """The three buttons, side by side where there is room."""
    if done := state.report():
        _loaded(done)
        state.set_report(None)
    with st.container(horizontal=True, vertical_alignment="center"):
        _case_button(screen, read)
        downloads.file(
            "Masked header for the ticket",
            lambda: masked_header(screen.workspace, read),
            f"header-{read.sha256[:8]}.txt",
            mime="text/plain",
            help="The header alone; e-mail addresses and names are masked, names and addresses of servers stay.",
        )
        if st.button(
            "Load into the workspace",
            key="original_load",
            icon=":material/database:",
            help="Its hops, or what a bounce mail reports, go onto the message's timeline.",
        ):
            _load(screen.workspace, read)


def _loaded(report: LoadReport) -> None:
    for one in report.failed:
        st.warning(plain(f"{one.error.message} {one.error.hint}"), title="Not loaded")
    if report.sources:
        added = sum(source.added for source in report.sources)
        said = f"{counted(added, 'event')} added." if added else "It was loaded before: nothing was added."
        st.success(said, title="In the workspace")


def _case_button(screen: Screen, read: ReadOriginal) -> None:
    workspace = screen.workspace
    line = case_current.current_line(case_current.lines(workspace))
    if not st.button(
        "Put into the case",
        key="original_to_case",
        icon=":material/folder_open:",
        help=plain(line.in_words if line else "A new case is begun"),
    ):
        return
    case_id = line.id if line else case_current.started(workspace).id
    name = read.given.name
    name = name if name.lower().endswith((".eml", ".txt", ".mbox")) else f"{name}.txt"
    case = attach(workspace, case_id, name, read.given.content)
    case_current.set_current(case_id)
    if case.messages and another_message(screen.snapshot, read.original, case.messages):
        st.warning(
            "It is of another message than those of the case. Put that message in too, or take the file out there.",
            title=f"Put into {plain(case_id)}, but look again",
        )
    else:
        st.toast(f"Put into {plain(case_id)}.")


def masked_header(workspace: Workspace, read: ReadOriginal) -> bytes:
    """The header as it was given, with addresses and names masked as in every pack of this workspace."""
    head = read.head[:MASKED_MOST]
    redactor = Redactor(Redaction(Level.MASKED), workspace_secret(workspace.root))
    people = people_in(head.decode("utf-8", "replace"))
    return redactor.record(head, people)


def _load(workspace: Workspace, read: ReadOriginal) -> None:
    """The ordinary way of a file. A text that copying has changed goes in as the header that was read from it."""
    whole = looks_like_mail(read.given.content[:_SAMPLE])
    content = read.given.content if whole else as_read(read)
    name = read.given.name if whole else f"{read.given.name}, as read"
    folder = uploads.folder_of(workspace, state.session_id())
    path = folder / f"{hashlib.sha256(content).hexdigest()[:16]}.eml"
    path.write_bytes(content)
    load_with_progress(workspace, [uploads.answered(offer, None, None) for offer in inspect(path, folder, name)])


def as_read(read: ReadOriginal) -> bytes:
    """The message as it was read, without what copying did: its fields one to a line, an empty line, its body."""
    header = read.original.header
    lines = [f"{each.name}: {each.value}\r\n" for each in header.fields]
    return encoded("".join(lines)) + b"\r\n" + header.body
