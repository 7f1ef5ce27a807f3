"""Overview: what was sent, where it stands, what fails now."""

import streamlit as st

from lasthop.app import data_health, failing, state
from lasthop.app.frame import frame
from lasthop.app.progress import load_samples, show_report
from lasthop.app.safe_text import counted
from lasthop.draw import draw_outcomes_by_day
from lasthop.measure import failing_now, health, outcomes_by_day, standing

EVERYTHING, TROUBLE = "All messages", "All but the accepted ones"
SHOWN_DAYS = 60
FAILING_DAYS = 7

with frame("Overview", "Where did this e-mail get to, why did it stop there, and who can fix it?") as screen:
    if screen.is_empty:
        st.subheader("Nothing is loaded yet", anchor=False)
        st.markdown(
            "1. **Export** the mail log from Kuroco and the Email Activity from SendGrid. One will do to begin.\n"
            "2. **Load** the files. CSV, JSON, Excel, .gz and .zip are read; nothing leaves this machine.\n"
            "3. **Open** the message that did not arrive: its page says what happened and what to do."
        )
        with st.container(horizontal=True):
            if st.button("Go to Sources", type="primary", key="go_to_sources"):
                st.switch_page("pages/sources.py")
            wants_samples = st.button("Load the samples", key="load_samples", help="Five weeks of an invented shop.")
        if wants_samples:
            load_samples(screen.workspace)
        st.stop()

    if done := state.report():
        show_report(done, screen.zone)
        state.set_report(None)

    data_health.strip(health(screen.workspace, screen.snapshot), screen.zone)

    st.subheader("Messages by day of sending", anchor=False)
    days = outcomes_by_day(screen.snapshot, screen.zone, SHOWN_DAYS)
    total = int(days["n"].sum())
    if total:
        view = st.segmented_control(
            "Show", [EVERYTHING, TROUBLE], default=EVERYTHING, required=True, key="shown", label_visibility="collapsed"
        )
        shown = days[days["outcome"] != "accepted"] if view == TROUBLE else days
        st.plotly_chart(
            draw_outcomes_by_day(shown),
            key="outcomes_by_day",
            config={"displayModeBar": False},
            alt=f"{total} messages by day of sending and outcome",
        )
        st.caption(
            f"{counted(total, 'message')}, one per recipient, on the day they were sent ({screen.zone}). "
            "Waiting is hatched, unknown an outline: what is not settled may still change."
        )
    else:
        st.text("No message was loaded: stop lists alone tell of addresses, not of messages.")

    st.subheader("What fails now", anchor=False)
    st.caption(failing.sentence(standing(screen.snapshot, FAILING_DAYS), FAILING_DAYS))
    failing.table(failing_now(screen.snapshot, FAILING_DAYS), FAILING_DAYS, screen.zone)
