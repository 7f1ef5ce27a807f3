"""A bounce mail: what it reports of each recipient, and the message that it brings back."""

import pandas as pd
import streamlit as st

from lasthop.app import downloads
from lasthop.app.original_way import shown
from lasthop.app.safe_text import counted, one_line
from lasthop.app.tables import WRAPPED, instants, readable, time_column
from lasthop.measure import title_of
from lasthop.original.dsn import Dsn, Reported
from lasthop.pack.visible import visible
from lasthop.reply import Reason, Reply, classify

_ACTIONS = {
    "failed": "given up",
    "delayed": "put off, tried again",
    "delivered": "delivered",
    "relayed": "handed on, no further report",
    "expanded": "taken over by a list",
}
_ROWS = 500


def bounce_part(bounce: Dsn, zone: str) -> None:
    """One row for each recipient; the reply of each, unaltered, for the first few."""
    st.subheader("This is a bounce mail", anchor=False)
    reported = bounce.recipients[:_ROWS]
    _sentence(bounce)
    reasons = [_reason(one) for one in reported]
    told = pd.DataFrame(
        {
            "recipient": readable(pd.Series([shown(one.recipient or "") for one in reported])),
            "became": [_ACTIONS.get(one.action or "", "not told") for one in reported],
            "reason": [title_of(reason.label) if reason else "" for reason in reasons],
            "who": [reason.who if reason else "" for reason in reasons],
            "status": readable(pd.Series([one.status or "" for one in reported])),
            "reply": readable(pd.Series([shown(one.diagnostic or "") for one in reported])),
            "remote": readable(pd.Series([shown(one.remote_mta or "") for one in reported])),
            "reporting": readable(pd.Series([shown(one.reporting_mta or "") for one in reported])),
            "last": instants(pd.Series([_last_ms(one) for one in reported], dtype="Int64")),
            "form": [_FORMS[one.form] for one in reported],
            "line": [one.line for one in reported],
        }
    )
    st.dataframe(
        told,
        hide_index=True,
        alt="What the bounce mail reports of each recipient",
        row_height=WRAPPED if any(len(one.diagnostic or "") > 40 for one in reported) else None,
        column_config={
            "recipient": st.column_config.TextColumn("Recipient", width="medium"),
            "became": "What became of it",
            "reason": "Reason",
            "who": "Who can fix it",
            "status": "Status",
            "reply": st.column_config.TextColumn("Reply", width="large"),
            "remote": "Said by",
            "reporting": "Reported by",
            "last": time_column("Last try", zone),
            "form": "Read from",
            "line": st.column_config.NumberColumn("Line", width=50),
        },
    )
    n = f"{counted(len(reported), 'recipient')} of {len(bounce.recipients):,} in one bounce mail"
    downloads.table_as_csv(told, "bounce_mail", {"n": n, "zone": zone})
    for one in [each for each in reported if each.diagnostic][:3]:
        with st.container(gap="xxsmall"):
            st.text(f"{one_line(shown(one.recipient or 'a recipient'))}, line {one.line}")
            st.code(visible((one.diagnostic or "")[:2_000]), language=None, wrap_lines=True)


_FORMS = {"rfc3464": "delivery status (RFC 3464)", "words": "the words of the mail"}


def _sentence(bounce: Dsn) -> None:
    failed = sum(one.action == "failed" for one in bounce.recipients)
    told = [f"It reports of {counted(len(bounce.recipients), 'recipient')}"]
    told.append(
        f"{failed} of them given up." if len(bounce.recipients) > 1 else "given up." if failed else "see below."
    )
    returned = bounce.returned
    text = ", ".join(told)
    if returned and (returned.subject or returned.message_id):
        subject = one_line(shown(returned.subject or "(no subject)"))
        text += f"\nIt brings back the header of: {subject}"
        text += f"\n{one_line(shown(returned.message_id or '(no Message-ID)'))}"
    st.text(text)


def _reason(one: Reported) -> Reason | None:
    """The reason by the classifier; None where the reply says nothing or nothing failed."""
    if not (one.diagnostic or one.status) or one.action in ("delivered", "relayed", "expanded"):
        return None
    recipient = one.recipient or ""
    return classify(
        Reply(
            one.diagnostic or "",
            enhanced_code=one.status,
            remote_host=one.remote_mta,
            recipient_domain=recipient.rpartition("@")[2] or None,
        )
    )


def _last_ms(one: Reported) -> int | None:
    stamp = one.last_attempt or one.arrival
    return int(stamp.time.timestamp() * 1000) if stamp and 1970 <= stamp.time.year < 2200 else None
