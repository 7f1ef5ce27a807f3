"""The ticket of a case: what support asks for, filled in as far as the data tells, and what is still missing."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from lasthop.app.safe_text import one_line, plain
from lasthop.explain import in_words
from lasthop.pack.case import Case, save_case
from lasthop.pack.ticket import FIELDS, missing, per_message
from lasthop.store import Workspace
from lasthop.trace import Message

_TYPED = ("number", "sender")
"""Fields of a message that a person fills in; recipient and time come from the data."""


def ticket_form(workspace: Workspace, case: Case, messages: Sequence[Message], zone: str) -> None:
    """Draw the fields and save them together."""
    with st.form(f"ticket_{case.id}"):
        left, right = st.columns(2)
        title = left.text_input("Title", case.title, placeholder="Order confirmations to example.co.jp do not arrive")
        asks = right.text_input("Who asks whom", case.asks, placeholder="Shop support asks Kuroco support")
        question = st.text_input("Question, in one sentence", case.question)
        wanted = FIELDS["reference"]
        reference = st.text_input(
            f"{wanted.label}: id or management URL", case.ticket.get("reference", ""), help=plain(wanted.hint)
        )
        st.caption("For each message: the number of the inquiry, and From where no file tells it.")
        shown = rows_of(case, messages, zone)
        rows = st.data_editor(
            shown,
            hide_index=True,
            num_rows="fixed",
            disabled=["message", "time", "recipient", "subject"],
            key=f"ticket_rows_{case.id}_{len(messages)}",
            alt="What support asks for about each message",
            column_config={
                "message": None,
                "number": st.column_config.TextColumn(
                    FIELDS["number"].label, help=plain(FIELDS["number"].hint), width=130
                ),
                "sender": st.column_config.TextColumn("From", help=plain(FIELDS["sender"].hint), width="medium"),
                "recipient": st.column_config.TextColumn("To", width="medium"),
                "time": st.column_config.TextColumn("Date and time", width=220),
                "subject": st.column_config.TextColumn("Subject", width="medium"),
            },
        )
        wanted = FIELDS["header"]
        header = st.text_area(wanted.label, case.ticket.get("header", ""), height=130, help=plain(wanted.hint))
        notes = st.text_area("Notes, and what was tried already", case.notes, height=90)
        if st.form_submit_button("Save", type="primary", icon=":material/save:"):
            typed = {"reference": reference, "header": header} | typed_in(rows, shown)
            changed = replace(case, title=title or "", asks=asks or "", question=question or "", notes=notes or "")
            save_case(workspace, replace(changed, ticket=filled(case.ticket, typed)))
            st.toast("Saved.")
            st.rerun()


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


def typed_in(edited: pd.DataFrame, shown: pd.DataFrame) -> dict[str, str]:
    """What a person changed in the rows, as fields of the ticket."""
    return {
        per_message(name, edited["message"][row]): text
        for row in range(len(edited))
        for name in _TYPED
        if (text := _text(edited[name][row])) != _text(shown[name][row])
    }


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


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
