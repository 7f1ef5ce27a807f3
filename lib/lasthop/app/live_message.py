"""Message, the live part: SendGrid asked about this message now, and about the stop lists of its address."""

import pandas as pd
import streamlit as st

from lasthop.app import downloads
from lasthop.app.frame import show_error
from lasthop.app.live_account import account_choice, key_found
from lasthop.app.safe_text import counted, one_line
from lasthop.app.screen import Screen
from lasthop.app.tables import instants, time_column
from lasthop.errors import LasthopError
from lasthop.live.asking import ask_about, ask_about_mail_to, ask_stop_lists
from lasthop.live.sendgrid import connect
from lasthop.load import LoadReport
from lasthop.pull import Records, SendGrid, time_of_row
from lasthop.trace import Message, look, resolve

_TOLD = "asked_now"
_LISTS = {
    "bounces": "Bounces",
    "blocks": "Blocks",
    "invalid_emails": "Invalid emails",
    "spam_reports": "Spam reports",
    "unsubscribes": "Global unsubscribes",
    "group_unsubscribes": "Group unsubscribes",
}


def ask_now(screen: Screen, message: Message) -> None:
    """Draw it. Nothing is asked before a button is pressed."""
    told = st.session_state.pop(_TOLD, None)
    told = told[1] if told and told[0] == message.recipient else None
    with st.expander("Ask SendGrid about this message now", icon=":material/cloud_sync:", expanded=bool(told)):
        if key_found() is None:
            return
        host, subuser = account_choice("ask")
        with st.container(horizontal=True):
            about = st.button("Ask about the message", key="ask_message", disabled=not _can_be_named(message))
            lists = st.button("Ask for the stop lists", key="ask_lists", disabled=not message.recipient)
        if told:
            st.success(told, title="SendGrid was asked")
        try:
            if about:
                _ask_about(screen, connect(host, subuser), message)
            if lists and message.recipient:
                _show_lists(connect(host, subuser), message.recipient, screen.zone)
        except LasthopError as error:
            show_error(error)


def _can_be_named(message: Message) -> bool:
    return bool(message.provider_message_id or message.recipient)


def _ask_about(screen: Screen, account: SendGrid, message: Message) -> None:
    """Load what SendGrid says, and draw the page anew with it."""
    with st.spinner("Asking SendGrid"):
        if message.provider_message_id:
            report = ask_about(screen.workspace, account, message.provider_message_id)
        else:
            report = ask_about_mail_to(screen.workspace, account, message.recipient or "", message.sent_ms // 1000)
    st.session_state[_TOLD] = (message.recipient, _words(report))
    with look(screen.workspace) as snapshot:
        if not resolve(snapshot, message.message):  # the application's row is part of SendGrid's message now
            st.query_params.from_dict({"message": message.recipient or ""})
    st.rerun()


def _words(report: LoadReport) -> str:
    events, added = (sum(getattr(source, name) for source in report.sources) for name in ("events", "added"))
    return f"It tells {counted(events, 'event')}, {added:,} of them new. They are on this page now."


def _show_lists(account: SendGrid, address: str, zone: str) -> None:
    """A line for each list; what could not be asked says why."""
    with st.spinner("Asking SendGrid"):
        answers = ask_stop_lists(account, address)
    lines = [_line(_LISTS[name], answer) for name, answer in answers.items()]
    told = pd.DataFrame(lines, columns=["list", "holds", "since", "says"])
    shown = told.assign(since=instants(told["since"].astype("Int64")))
    st.dataframe(
        shown,
        hide_index=True,
        alt="Stop lists of the address as SendGrid tells them now",
        column_config={
            "list": "Stop list",
            "holds": "Holds the address",
            "since": time_column("Since", zone),
            "says": st.column_config.TextColumn("Says", width="large"),
        },
    )
    notes = {"n": counted(len(shown), "stop list"), "address": one_line(address), "zone": zone}
    downloads.table_as_csv(shown, "stop_lists_now", notes)
    st.caption("As of now, and not kept: pull the stop lists on Sources to keep them.")


def _line(name: str, answer: Records | LasthopError) -> tuple[str, str, int | None, str]:
    if isinstance(answer, LasthopError):
        return name, "not known", None, one_line(str(answer))
    if not answer.rows:
        return name, "no", None, ""
    row = answer.rows[0]
    since = time_of_row(row, "created")
    said = [one.get("reason") or one.get("name") or one.get("ip") for one in answer.rows if isinstance(one, dict)]
    return (
        name,
        "yes",
        since * 1000 if since is not None else None,
        one_line("; ".join(str(one) for one in said if one)),
    )
