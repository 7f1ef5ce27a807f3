"""Original: one received message or bounce mail, where its time went, what was checked, and which message it is."""

import streamlit as st

from lasthop.app.frame import frame
from lasthop.app.original_bounce import bounce_part
from lasthop.app.original_given import attached_button, given_original
from lasthop.app.original_keep import keep_part
from lasthop.app.original_match import match_part
from lasthop.app.original_read import read_given
from lasthop.app.original_sentences import sentences
from lasthop.app.original_tables import checks_table, filters_table, header_table
from lasthop.app.original_way import way_part

with frame("Original", "Paste or drop a message as it was received. Nothing leaves this machine.") as screen:
    given = given_original()
    if given is None:
        st.stop()
    read = read_given(given)
    if not read.is_mail:
        st.subheader("No mail header was found in this text", anchor=False)
        st.text(
            "Lines such as Received:, From: and Message-ID: are what is read. The text of the mail alone has none:\n"
            "ask for the original, as told above under Where to find the original."
        )
        if read.forwarded:
            sentences(read, read.answer[:1], framed=True)
        header_table(read)
        st.stop()

    if read.bounce:
        bounce_part(read.bounce, screen.zone)
    else:
        st.subheader("In short", anchor=False)
        sentences(read, read.answer, framed=True)
    if read.forwarded and read.forwarded.content:
        attached_button(read.forwarded.content, given.name)
    keep_part(screen, read)
    match_part(screen, read)

    if read.bounce:
        st.caption("All below is about the bounce mail itself, not about the message that it returns.")
    way_part(read, screen.zone)

    st.subheader("SPF, DKIM and DMARC", anchor=False)
    sentences(read, read.checks)
    checks_table(read)
    if read.trail:
        st.subheader("Forwarding and lists", anchor=False)
        sentences(read, read.trail)

    if read.filters:
        st.subheader("What filters say", anchor=False)
        sentences(read, read.filters)
    filters_table(read)

    st.subheader("Who sent it", anchor=False)
    sentences(read, read.sender)

    if read.display:
        st.subheader("Why it may not show as it should", anchor=False)
        sentences(read, read.display)

    header_table(read)
