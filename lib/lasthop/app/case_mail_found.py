"""What a pasted mail names, with its places, and the messages that fit it, to be ticked."""

from bisect import bisect_right

import pandas as pd
import streamlit as st

from lasthop.app.safe_text import counted, one_line, plain
from lasthop.app.screen import Screen
from lasthop.app.tables import as_frame, badges, outcome_column, readable, time_column
from lasthop.explain import in_words
from lasthop.pack.candidates import Candidates
from lasthop.pack.case import Case
from lasthop.pack.pasted import Found, Pasted
from lasthop.trace import messages_of

_KINDS = {
    "address": "Address",
    "message_id": "Message-ID",
    "sg_message_id": "sg_message_id",
    "x_message_id": "X-Message-Id",
    "request_id": "Request id",
    "time": "Date and time",
    "reference": "Management URL",
    "number": "Inquiry no.",
}
SHOWN = 100
_TALL = 7


def findings(pasted: Pasted, text: str, zone: str) -> None:
    """A table of what was recognised: as it stands in the mail, where, and what it was taken for."""
    if not pasted.found:
        st.text("Nothing was recognised: no address, id, date, management URL or inquiry number.")
        return
    starts = [0, *(at + 1 for at, letter in enumerate(text) if letter == "\n")]
    st.dataframe(
        pd.DataFrame([_finding(one, starts, zone) for one in pasted.found]),
        hide_index=True,
        height="auto" if len(pasted.found) <= _TALL else 300,
        alt="What was recognised in the mail, in its order",
        column_config={
            "In the mail": st.column_config.TextColumn(width="medium"),
            "Read as": st.column_config.TextColumn(width=370),
            "Place": st.column_config.TextColumn(width=150),
        },
    )
    for note in pasted.notes:
        st.caption(plain(note))


def _finding(one: Found, starts: list[int], zone: str) -> dict[str, str]:
    line = bisect_right(starts, one.start)
    said = one_line(one.value)
    if one.from_ms is not None and one.until_ms is not None:
        said = f"{in_words(one.from_ms, zone)} until {in_words(one.until_ms, zone)}"
    return {
        "What": _KINDS.get(one.kind, one.kind),
        "In the mail": one_line(one.text),
        "Read as": said,
        "Place": f"line {line}, character {one.start - starts[line - 1] + 1}",
        "Note": one_line(one.note),
    }


def fitting(screen: Screen, case: Case, fits: Candidates, which: str) -> list[str]:
    """The messages that fit, the best first; returns the ticked ones: at first those whose id stands in the mail."""
    if not fits.found:
        st.text("No message of this workspace fits. Look for it on Messages, or see on Sources what is loaded.")
        return []
    shown = fits.found[:SHOWN]
    rows = as_frame(messages_of(screen.snapshot, [one.message for one in shown])).set_index("message", drop=False)
    rows = rows.reindex([one.message for one in shown if one.message in rows.index])
    told = {one.message: one for one in shown}
    exact = sum(one.exact for one in shown)
    st.text(
        f"{counted(len(fits.found), 'message')} may be meant. "
        + (
            f"Ticked: {exact}, whose id stands in the mail."
            if exact
            else "None is ticked: no id of one is in the mail."
        )
        + (f" The first {SHOWN} are shown." if len(fits.found) > SHOWN else "")
    )
    edited = st.data_editor(
        pd.DataFrame(
            {
                "take": [told[each].exact for each in rows["message"]],
                "why": [one_line("; ".join(told[each].why)) for each in rows["message"]],
                "sent": rows["sent"],
                "outcome": badges(rows["outcome"]),
                "recipient": readable(rows["recipient"]),
                "subject": readable(rows["subject"]),
                "there": ["yes" if each in case.messages else "" for each in rows["message"]],
            }
        ),
        hide_index=True,
        num_rows="fixed",
        disabled=["why", "sent", "outcome", "recipient", "subject", "there"],
        key=f"fitting {case.id} {which}",
        alt="Messages that fit the mail, the best first",
        column_config={
            "take": st.column_config.CheckboxColumn("Put in", width=70),
            "why": st.column_config.TextColumn("Why it fits", width="large"),
            "sent": time_column("Sent", screen.zone),
            "outcome": outcome_column(),
            "recipient": st.column_config.TextColumn("To", width="medium"),
            "subject": st.column_config.TextColumn("Subject", width="medium"),
            "there": st.column_config.TextColumn("In the case", width=90),
        },
    )
    return [message for message, take in zip(rows["message"], edited["take"], strict=True) if take]
