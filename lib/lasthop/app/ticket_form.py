"""The ticket of a case: what support asks for, filled in as far as the data tells, and what is still missing."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from lasthop.app.frame import show_error
from lasthop.app.safe_text import one_line, plain
from lasthop.errors import LasthopError
from lasthop.explain import in_words
from lasthop.pack.case import Case, open_case, save_case
from lasthop.pack.ticket import FIELDS, missing, per_message
from lasthop.store import Workspace
from lasthop.trace import Message

_TEXTS = ("title", "asks", "question", "notes")
_FIELDS = ("reference", "header")
_FAILED = "ticket_failed"
_TYPED = ("number", "sender")
"""Fields of a message that a person fills in; recipient and time come from the data."""


def ticket_form(workspace: Workspace, case: Case, messages: Sequence[Message], zone: str) -> bool:
    """Draw the fields. Each is saved when it changes; False when the last change could not be saved."""
    failed = st.session_state.get(_FAILED)
    if failed:
        show_error(failed)
    else:
        for name in _TEXTS:
            st.session_state[_key(case.id, name)] = getattr(case, name)
        for name in _FIELDS:
            st.session_state[_key(case.id, name)] = case.ticket.get(name, "")
    ids = tuple(message.message for message in messages)
    rows_key = _key(case.id, "rows " + " ".join(ids))
    keep = partial(_keep, workspace, case.id, rows_key, ids)

    st.caption("What is typed is saved when you leave its field.")
    left, right = st.columns(2)
    left.text_input(
        "Title",
        key=_key(case.id, "title"),
        on_change=keep,
        placeholder="Order confirmations to example.co.jp do not arrive",
    )
    right.text_input(
        "Who asks whom", key=_key(case.id, "asks"), on_change=keep, placeholder="Shop support asks Kuroco support"
    )
    st.text_input("Question, in one sentence", key=_key(case.id, "question"), on_change=keep)
    wanted = FIELDS["reference"]
    st.text_input(
        f"{wanted.label}: id or management URL",
        key=_key(case.id, "reference"),
        on_change=keep,
        help=plain(wanted.hint),
    )
    st.caption("For each message: the number of the inquiry, and From where no file tells it.")
    st.data_editor(
        rows_of(case, messages, zone),
        hide_index=True,
        num_rows="fixed",
        disabled=["message", "time", "recipient", "subject"],
        key=rows_key,
        on_change=keep,
        alt="What support asks for about each message",
        column_config={
            "message": None,
            "number": st.column_config.TextColumn(FIELDS["number"].label, help=plain(FIELDS["number"].hint), width=130),
            "sender": st.column_config.TextColumn("From", help=plain(FIELDS["sender"].hint), width="medium"),
            "recipient": st.column_config.TextColumn("To", width="medium"),
            "time": st.column_config.TextColumn("Date and time", width=220),
            "subject": st.column_config.TextColumn("Subject", width="medium"),
        },
    )
    wanted = FIELDS["header"]
    st.text_area(wanted.label, key=_key(case.id, "header"), on_change=keep, height=130, help=plain(wanted.hint))
    st.text_area("Notes, and what was tried already", key=_key(case.id, "notes"), on_change=keep, height=90)
    return not failed


def _key(case: str, name: str) -> str:
    return f"ticket {case} {name}"


def _keep(workspace: Workspace, case: str, rows_key: str, ids: Sequence[str]) -> None:
    """Save what is on the screen; a callback, so that it is done before the page is drawn again."""
    on_screen = st.session_state
    try:
        saved = open_case(workspace)
        if saved.id != case:
            return
        typed = {name: on_screen.get(_key(case, name)) for name in _FIELDS}
        typed |= typed_in(on_screen.get(rows_key, {}).get("edited_rows", {}), ids)
        texts: dict[str, Any] = {name: on_screen.get(_key(case, name)) or "" for name in _TEXTS}
        changed = replace(saved, **texts, ticket=filled(saved.ticket, typed))
        if changed != saved:
            save_case(workspace, changed)
        on_screen[_FAILED] = None
    except LasthopError as error:
        on_screen[_FAILED] = error


def rows_of(case: Case, messages: Sequence[Message], zone: str) -> pd.DataFrame:
    """One row a message: what is known of it, and what was typed before."""

    def of(message: Message, name: str, known: str | None = None) -> str:
        return one_line(case.ticket.get(per_message(name, message.message)) or known or "")

    return pd.DataFrame(
        [
            {
                "message": message.message,
                "number": of(message, "number"),
                "sender": of(message, "sender", message.sender),
                "recipient": one_line(message.recipient or ""),
                "time": in_words(message.sent_ms, zone),
                "subject": one_line(message.subject or ""),
            }
            for message in messages
        ],
        dtype=str,
    )


def typed_in(edited: Mapping[int, Mapping[str, Any]], ids: Sequence[str]) -> dict[str, str]:
    """What a person changed in the rows (row -> column -> value), as fields of the ticket."""
    return {
        per_message(name, ids[row]): value.strip() if isinstance(value, str) else ""
        for row, cells in edited.items()
        for name, value in cells.items()
        if name in _TYPED and row < len(ids)
    }


def filled(ticket: Mapping[str, str], typed: Mapping[str, str | None]) -> dict[str, str]:
    """The ticket with what was typed; emptied fields go."""
    merged = {**ticket, **{name: (text or "").strip() for name, text in typed.items()}}
    return {name: text for name, text in merged.items() if text}


def show_missing(case: Case, messages: Sequence[Message]) -> None:
    """What support would ask back for, and how to get it."""
    lacking = missing(case, messages)
    st.subheader("Still missing" if lacking else "Nothing is missing", anchor=False)
    if lacking:
        st.markdown("\n".join(f"- {plain(sentence)}" for sentence in lacking))
    else:
        st.text("Everything that Kuroco's support asks for is there.")
