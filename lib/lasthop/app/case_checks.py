"""What people checked for a case: a list to choose from, what came out, who looked and when."""

from dataclasses import asdict, replace

import pandas as pd
import streamlit as st

from lasthop.app.safe_text import counted, one_line
from lasthop.app.screen import Screen
from lasthop.app.tables import picked
from lasthop.pack.case import Case, Check, add_check, change_case

SUGGESTED = (
    "Kuroco's mail log says 202 Accepted for the message",
    "Kuroco's SendGrid log says delivered for the message",
    "The address stands in Bounces, or on another stop list of SendGrid",
    "The spam folder and the other folders of the mailbox",
    "Filters, forwarding and allow lists of the mailbox",
    "The receiver's administrator was asked for the log of the receiving server",
    "The address is spelt right in the form or the member's data",
    "The thank-you mail or notification is switched on in the form",
    "The sender's domain has SPF, DKIM and DMARC",
    "Another address at the same domain gets the mail",
)
"""In the order in which Kuroco's help looks for mail that did not arrive, then what support asks next."""


def checks_part(screen: Screen, case: Case) -> None:
    """The checks that were done, and a form for one more."""
    if case.checks:
        _done(screen, case)
    with st.form(f"check {case.id}", clear_on_submit=True, border=False):
        what = st.selectbox(
            "What was checked",
            SUGGESTED,
            index=None,
            key=f"check what {case.id}",
            accept_new_options=True,
            placeholder="Choose, or type what you looked at",
        )
        with st.container(horizontal=True, vertical_alignment="bottom"):
            result = st.text_input("What came out", key=f"check result {case.id}", placeholder="Not there")
            by = st.text_input("By", key=f"check by {case.id}", width=150)
            when = st.text_input("When", key=f"check when {case.id}", width=150, placeholder="As you would say it")
            sent = st.form_submit_button("Add the check")
    if sent and (what or "").strip():
        add_check(screen.workspace, case.id, Check(str(what).strip(), result.strip(), by.strip(), when.strip()))
        st.rerun()
    if sent:
        st.text("Say what was checked.")


def _done(screen: Screen, case: Case) -> None:
    chosen = st.dataframe(
        pd.DataFrame([{name: one_line(text) for name, text in asdict(one).items()} for one in case.checks]),
        hide_index=True,
        on_select="rerun",
        selection_mode="multi-row",
        key=f"checks {case.id} {len(case.checks)}",
        alt="Checks done for the case",
        column_config={
            "what": st.column_config.TextColumn("Checked", width="large"),
            "result": st.column_config.TextColumn("What came out", width="medium"),
            "by": st.column_config.TextColumn("By", width="small"),
            "when": st.column_config.TextColumn("When", width="small"),
        },
    )
    out = [case.checks[row] for row in picked(chosen, len(case.checks)).ticked]
    if out and st.button(f"Take {counted(len(out), 'check')} out", key="take_checks_out"):
        change_case(
            screen.workspace,
            case.id,
            lambda now: replace(now, checks=tuple(one for one in now.checks if one not in out)),
        )
        st.rerun()
