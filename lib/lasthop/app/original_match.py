"""Which message of the workspace an original is: every candidate, with what speaks for it and against it."""

import streamlit as st

from lasthop.app import case_basket, state
from lasthop.app.original_read import ReadOriginal
from lasthop.app.safe_text import counted, one_line
from lasthop.app.screen import Screen
from lasthop.app.tables import as_frame, messages_table
from lasthop.explain.original.candidate import Candidate
from lasthop.explain.original.match import find_message
from lasthop.trace import messages_of

_CONFIDENCE = {
    "exact": "Certain: an id and the recipient are the same.",
    "high": "Very likely: an id is the same.",
    "medium": "Likely: it fits, and no other message does, but no server of SendGrid noted its id.",
    "low": "Doubtful: an id is the same, and more speaks against it than for it.",
    "ambiguous": "Not decided.",
}


def match_part(screen: Screen, read: ReadOriginal) -> None:
    """The candidates as rows; a click opens one, ticked ones go into the case."""
    st.subheader("Which message it is", anchor=False)
    if screen.is_empty:
        st.text("Nothing is loaded here, so it cannot be found. Load the mail log or SendGrid's activity on Sources.")
        return
    returned = read.bounce.returned if read.bounce else None
    if read.bounce and returned is None:
        st.text("The bounce mail brings nothing back of the message, so it cannot be found by it.")
        return
    found = find_message(screen.snapshot, returned.original if returned else read.original)
    if not found:
        st.text(
            "No message of this workspace fits by any id, nor by recipient, subject and time.\n"
            "It may lie outside the loaded time: Sources says what is loaded."
        )
        return
    _sentences(found)
    rows = as_frame(messages_of(screen.snapshot, [one.message for one in found]))
    picked = messages_table(
        rows, screen.zone, key=f"original match {read.sha256[:12]}", alt="Messages that the original may be"
    )
    if picked.clicked is not None:
        state.set_opened(rows["message"][picked.clicked])
        st.switch_page("pages/message.py", query_params={"message": rows["message"][picked.clicked]})
    case_basket.put_button(screen.workspace, [rows["message"][row] for row in picked.ticked])
    st.caption("Click a row to open the message. Tick rows to put them into the case.")


def _sentences(found: list[Candidate]) -> None:
    """How sure it is, with the reasons of the first; of several, that they fit as well."""
    first = found[0]
    several = f" {counted(len(found), 'message')} fit." if len(found) > 1 else ""
    lines = [f"{_CONFIDENCE[first.confidence]}{several}", f"For it: {'; '.join(first.speaks_for)}."]
    if first.speaks_against:
        lines.append(f"Against it: {'; '.join(first.speaks_against)}.")
    st.text("\n".join(map(one_line, lines)))
