"""Reasons: why mail fails, by receiver and time, with the replies, what to do, and what is not understood yet."""

import streamlit as st

from lasthop.app import reason_detail, reason_parts
from lasthop.app.frame import frame
from lasthop.measure import failures, is_reason

with frame("Reasons", "Why mail fails: what was answered, by whom, since when, and what to do.") as screen:
    if screen.is_empty:
        st.text("Nothing is loaded yet. Load SendGrid activity or webhook events: they hold the replies.")
        st.page_link("pages/sources.py", label="Go to Sources", icon=":material/database:")
        st.stop()

    asked = reason_parts.filter_bar(screen)
    found = failures(screen.snapshot, asked.query, screen.zone, waiting=asked.waiting)
    reason = st.query_params.get("reason", "")

    if is_reason(reason):
        if st.button("All reasons", key="all_reasons", icon=":material/arrow_back:"):
            st.query_params.clear()
            st.rerun()
        reason_detail.heading(found, reason, asked, screen.zone)
        if reason in set(found.rows["reason"]):
            reason_detail.when_and_where(found, reason)
            st.subheader("Replies", anchor=False)
            reason_detail.replies(screen, reason, asked)
        st.stop()

    st.text(reason_parts.sentence(found, asked))
    if not found.total:
        st.subheader("Nothing failed" if found.sent else "Nothing was sent", anchor=False)
        st.text("Choose a longer period, or take the receiver and the domain away.")
        st.stop()

    reason_parts.pictures(found)
    clicked = reason_parts.reason_table(found, screen.zone)
    if clicked is not None:
        st.query_params["reason"] = clicked
        st.rerun()
    st.caption(reason_parts.formulas(found, asked))
    reason_parts.download(lambda: reason_parts.table_csv(found), "reasons", "download_reasons")

    if reason_parts.UNCLASSIFIED in set(found.rows["reason"]):
        st.subheader("Replies that no rule understands", anchor=False)
        reason_detail.replies(screen, reason_parts.UNCLASSIFIED, asked)
