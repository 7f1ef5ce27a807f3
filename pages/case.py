"""Case: the messages of one ticket, what support asks for, and the evidence pack."""

import streamlit as st

from lasthop.app import case_parts
from lasthop.app.frame import frame
from lasthop.app.ticket_form import show_missing, ticket_form
from lasthop.pack.case import open_case, presence
from lasthop.trace import messages_of

with frame("Case", "Collect the messages of one ticket and hand them over as one file.") as screen:
    case = open_case(screen.workspace)
    if not case.messages:
        st.subheader("No message is in the case yet", anchor=False)
        st.text("Open a message and put it into the case, or tick several rows in the list of messages.")
        st.page_link("pages/messages.py", label="Go to Messages", icon=":material/mail:")
        st.stop()

    there = presence(screen.snapshot, case.messages)
    messages = messages_of(screen.snapshot, list(there.messages))

    st.subheader("Messages", anchor=False)
    case_parts.notice(there)
    case_parts.messages_in_case(screen, case, messages)

    st.subheader("Ticket", anchor=False)
    saved = ticket_form(screen.workspace, case, messages, screen.zone)
    show_missing(case, messages)

    st.subheader("Evidence pack", anchor=False)
    case_parts.download(screen, case, messages, saved=saved)
