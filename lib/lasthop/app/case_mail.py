"""The pasted support mail: what it names, which messages may be meant, and what of it goes into the case."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import streamlit as st

from lasthop.app import case_current
from lasthop.app.case_mail_found import findings, fitting
from lasthop.app.remembered import remembered
from lasthop.app.safe_text import counted, plain
from lasthop.app.screen import Screen
from lasthop.pack.candidates import Candidates, candidates
from lasthop.pack.case import Case, change_case, with_messages
from lasthop.pack.pasted import LONGEST, Pasted, find_in
from lasthop.pack.ticket import per_message

_DONE = "mail_taken"
_SENTENCE = re.compile(r"[^\r\n。？?！!]{8,300}[。？?！!.]?")
_SENTENCES = 40


def mail_part(screen: Screen, case: Case) -> None:
    """Draw the field for the mail, and below it what was found in the mail that was looked at last."""
    if done := st.session_state.pop(_DONE, None):
        st.success(plain(done), title="Taken from the mail")
    key = f"mail {case.id}"
    looked_at: tuple[str, date] | None = st.session_state.get(key)
    first = not case.messages
    with st.expander(
        "Paste the support mail", expanded=first or looked_at is not None, icon=":material/content_paste:"
    ):
        with st.form(f"form {key}", border=False):
            text = st.text_area(
                "The mail, in any language, with or without its header",
                height=170,
                key=f"text {key}",
                placeholder="Order mail to hanako@example.jp of 12 November did not arrive. Inquiry no. 1024.",
            )
            with st.container(horizontal=True, vertical_alignment="bottom"):
                written = st.date_input(
                    f"Written on ({screen.zone})",
                    _last_day(screen),
                    key=f"day {key}",
                    width=190,
                    help="Dates without a year or month are taken as the last ones up to this day.",
                )
                sent = st.form_submit_button("Find the messages", type="primary" if first else "secondary")
        if sent:
            looked_at = (text[: LONGEST + 1], written) if text.strip() else None
            st.session_state[key] = looked_at
        if looked_at is not None:
            _found(screen, case, *looked_at)
        elif sent:
            st.text("Paste the text of the mail first.")


def _last_day(screen: Screen) -> date:
    """The day of the newest data, in the zone of the page; today when there is none."""
    edge_ms = screen.snapshot.value("SELECT as_of_ms FROM edge")
    now = datetime.now(UTC) if edge_ms is None else datetime.fromtimestamp(int(edge_ms) / 1000, UTC)
    return now.astimezone(ZoneInfo(screen.zone)).date()


def _found(screen: Screen, case: Case, text: str, written: date) -> None:
    noon_ms = int(datetime.combine(written, time(12), ZoneInfo(screen.zone)).timestamp() * 1000)
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    which = f"{digest} {noon_ms} {screen.zone}"
    with st.spinner("Looking for the messages", show_time=True):
        pasted: Pasted = remembered(screen, f"pasted {which}", lambda: find_in(text, noon_ms, screen.zone))
        fits: Candidates = remembered(screen, f"candidates {which}", lambda: candidates(screen.snapshot, pasted))
    findings(pasted, text, screen.zone)
    for note in fits.notes:
        st.caption(plain(note))
    chosen = fitting(screen, case, fits, which)
    question = st.selectbox(
        "Question for the ticket",
        sentences(text),
        index=None,
        key=f"question {case.id} {digest[:12]}",
        placeholder="Leave it, or take a sentence of the mail",
    )
    _take_in(screen, case, pasted, chosen, question or "")


def _take_in(screen: Screen, case: Case, pasted: Pasted, chosen: Sequence[str], question: str) -> None:
    told = {name: pasted.of(name) for name in ("reference", "number")}
    label = f"Put {len(chosen)} into the case" if len(chosen) > 1 else "Put into the case"
    if not chosen:
        label = "Fill the ticket alone"
    with st.container(horizontal=True, vertical_alignment="center"):
        pressed = st.button(
            label,
            key="take_mail",
            type="primary" if chosen else "secondary",
            disabled=not (chosen or question or told["reference"]),
            icon=":material/folder_open:",
        )
        if not chosen:
            st.text("No message is ticked: tick the ones that are meant.")
    if not pressed:
        return
    saved = case_current.started(screen.workspace, case)
    said: list[str] = []

    def change(now: Case) -> Case:
        after, notes = taken_in(now, chosen, told, question)
        said[:] = notes
        return after

    change_case(screen.workspace, saved.id, change)
    st.session_state[_DONE] = " ".join(said)
    st.session_state.pop(f"mail {case.id}", None)
    case_current.show(saved.id)


def taken_in(
    case: Case, chosen: Sequence[str], told: Mapping[str, Sequence[str]], question: str
) -> tuple[Case, list[str]]:
    """The case with what was chosen, and what was done, a sentence each. Nothing that is filled in is replaced."""
    fresh = [message for message in chosen if message not in case.messages]
    said = [f"{counted(len(fresh), 'message')} put into the case."] if chosen else []
    ticket = dict(case.ticket)
    if told.get("reference"):
        taken = not ticket.get("reference")
        ticket["reference"] = ticket.get("reference") or "\n".join(told["reference"])
        said.append("The reference was taken." if taken else "The ticket keeps the reference that it had.")
    numbers = told.get("number", ())
    if numbers and chosen:
        if len(numbers) == 1 or len(chosen) == 1:
            for message in chosen:
                ticket.setdefault(per_message("number", message), ", ".join(numbers))
            said.append(f"Inquiry no. {', '.join(numbers)} was filled in where none stood.")
        else:
            said.append(
                f"Inquiry nos. {', '.join(numbers)}: the mail does not tell which is whose, so type them below."
            )
    if question:
        said.append("The ticket keeps its question." if case.question else "The question was taken.")
    case = replace(case, ticket=ticket, question=case.question or question)
    return with_messages(case, chosen), said


def sentences(text: str) -> list[str]:
    """Sentences of the mail that may be its question, those with a question mark first."""
    found = list(dict.fromkeys(one[0].strip() for one in _SENTENCE.finditer(text[:100_000])))
    found.sort(key=lambda one: not one.endswith(("?", "？", "か。")))
    return [one for one in found if len(one) >= 8][:_SENTENCES]
