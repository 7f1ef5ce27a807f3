"""The ticket of a case: what support asks for, filled in as far as the data tells."""

from collections.abc import Sequence
from functools import partial

import pandas as pd
import streamlit as st

from lasthop.app import case_conflict
from lasthop.app.case_typed import decide, keep_typed, key_of, rows_key, show_saved
from lasthop.app.frame import show_error
from lasthop.app.safe_text import counted, one_line, plain
from lasthop.explain import in_words
from lasthop.pack.case import Case
from lasthop.pack.receiver_zones import HINT, RECEIVER_ZONES
from lasthop.pack.ticket import FIELDS, per_message
from lasthop.store import Workspace
from lasthop.trace import Message

ROWS = 200
"""Messages whose fields can be typed in; a screen takes no more."""


def ticket_form(workspace: Workspace, case: Case, messages: Sequence[Message], zone: str, total: int) -> bool:
    """Draw the fields of a case that has ``total`` messages; each is saved when it changes.

    False while something that was typed is not in the case.
    """
    shown = messages[:ROWS]
    ids = tuple(message.message for message in shown)
    failed = st.session_state.get(key_of(case.id, "failed"))
    if failed:
        show_error(failed)
    else:
        show_saved(case, ids)
    keep = partial(keep_typed, workspace, case.id, ids)
    conflicts = st.session_state.get(key_of(case.id, "conflicts"), {})
    case_conflict.ask(case, conflicts, partial(decide, workspace, case.id))
    _texts(case, keep)
    if shown:
        _of_messages(case, shown, zone, keep, total)
    wanted = FIELDS["header"]
    st.text_area(wanted.label, key=key_of(case.id, "header"), on_change=keep, height=130, help=plain(wanted.hint))
    st.text_area(
        "Time zones of receivers",
        key=key_of(case.id, RECEIVER_ZONES),
        on_change=keep,
        height=68,
        help=f"{HINT} Without it the letter uses the offset of that server's own stamps, or UTC.",
        placeholder="example.com America/New_York",
    )
    st.text_area("Notes, and what was tried already", key=key_of(case.id, "notes"), on_change=keep, height=90)
    return not failed and not conflicts


def _texts(case: Case, keep: partial[None]) -> None:
    st.caption("What is typed is saved when you leave its field.")
    left, right = st.columns(2)
    left.text_input(
        "Title",
        key=key_of(case.id, "title"),
        on_change=keep,
        placeholder="Order confirmations to example.co.jp do not arrive",
    )
    right.text_input(
        "Who asks whom", key=key_of(case.id, "asks"), on_change=keep, placeholder="Shop support asks Kuroco support"
    )
    st.text_input("Question, in one sentence", key=key_of(case.id, "question"), on_change=keep)
    wanted = FIELDS["reference"]
    st.text_area(
        f"{wanted.label}: id or management URL",
        key=key_of(case.id, "reference"),
        on_change=keep,
        height=68,
        help=plain(wanted.hint),
    )


def _of_messages(case: Case, shown: Sequence[Message], zone: str, keep: partial[None], total: int) -> None:
    more = f" The first {len(shown):,} of {counted(total, 'message')}." if total > len(shown) else ""
    st.caption(f"For each message: the number of the inquiry, and From where no file tells it.{more}")
    st.data_editor(
        rows_of(case, shown, zone),
        hide_index=True,
        num_rows="fixed",
        disabled=["message", "time", "recipient", "subject"],
        key=rows_key(case.id, [message.message for message in shown]),
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
