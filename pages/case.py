"""Case: the messages of one ticket, what support asks for, and the evidence pack."""

import streamlit as st

from lasthop.app import case_checks, case_files, case_mail, case_pack, case_parts
from lasthop.app.case_choice import chosen_case
from lasthop.app.frame import frame
from lasthop.app.ticket_form import ticket_form
from lasthop.pack.case import presence
from lasthop.trace import messages_of

with frame("Case", "Collect the messages of one ticket and hand them over as one file.") as screen:
    case = chosen_case(screen)
    if case is None:
        st.stop()
    if not screen.is_empty:
        case_mail.mail_part(screen, case)
    if not case.messages:
        case_parts.how_to_begin()
    if not case.revision:
        st.stop()

    there = presence(screen.snapshot, case.messages)
    messages = messages_of(screen.snapshot, list(there.messages[: case_parts.SHOWN]))
    if case.messages:
        st.subheader("Messages", anchor=False)
        case_parts.notice(there)
    case_parts.messages_in_case(screen, case, messages, len(there.messages))

    st.subheader("Ticket", anchor=False)
    saved = ticket_form(screen.workspace, case, messages, screen.zone, len(there.messages))

    st.subheader("Originals and logs", anchor=False)
    case_files.files_part(screen, case)

    st.subheader("Checks done", anchor=False)
    case_checks.checks_part(screen, case)

    if messages:
        case_pack.show_missing(screen, case, there.messages)
        st.subheader("Evidence pack", anchor=False)
        case_pack.pack_part(screen, case, there.messages, saved=saved)
