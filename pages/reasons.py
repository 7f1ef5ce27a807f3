"""Reasons: why mail fails, by receiver and time, with the replies, what to do, and what is not understood yet."""

import streamlit as st

from lasthop.app import downloads, empty_period, reason_detail, reason_parts, reason_pictures
from lasthop.app.frame import frame
from lasthop.measure import failures

with frame("Reasons", "Why mail fails: what was answered, by whom, since when, and what to do.") as screen:
    if screen.is_empty:
        st.text("Nothing is loaded yet. Load SendGrid activity or webhook events: they hold the replies.")
        st.page_link("pages/sources.py", label="Go to Sources", icon=":material/database:")
        st.stop()

    asked = reason_parts.filter_bar(screen)
    found = failures(screen.snapshot, asked.query, screen.zone, waiting=asked.waiting)
    reason = asked.reason

    if reason:
        if st.button("All reasons", key="all_reasons", icon=":material/arrow_back:"):
            asked.show("")
        reason_detail.heading(found, reason, asked, screen.zone)
        if reason in set(found.rows["reason"]):
            reason_detail.when_and_where(found, reason, asked, reason_parts.notes(screen, found, asked))
            st.subheader("Replies", anchor=False)
            reason_detail.replies(screen, reason, asked)
        st.stop()

    st.text(reason_parts.sentence(found, asked))
    if not found.total:
        st.subheader("Nothing failed" if found.sent else "Nothing was sent", anchor=False)
        if found.sent:
            st.text("Choose a longer period, or take the receiver and the domain away.")
        else:
            empty_period.say(screen, "reasons", asked.query)
        st.stop()

    notes = reason_parts.notes(screen, found, asked)
    reason_pictures.pictures(found, asked, notes)
    clicked = reason_parts.reason_table(found, screen.zone)
    if clicked is not None:
        asked.show(clicked)
    st.caption(reason_parts.formulas(found, asked))
    downloads.table_as_csv(reason_parts.as_table(found), "reasons", notes)

    if reason_parts.UNCLASSIFIED in set(found.rows["reason"]):
        st.subheader("Replies that no rule understands", anchor=False)
        reason_detail.replies(screen, reason_parts.UNCLASSIFIED, asked)
