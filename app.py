"""Overview: what was sent, where it stands, what changed, what fails now."""

import streamlit as st

from lasthop.app import (
    data_health,
    downloads,
    empty_period,
    failing,
    findings,
    headline,
    overview_parts,
    state,
    views,
    withheld,
)
from lasthop.app.frame import frame
from lasthop.app.progress import load_samples, show_report
from lasthop.app.remembered import remembered
from lasthop.measure import FORMULAS, delay, failing_now, funnel, outcomes_by, standing
from lasthop.measure.views import query_of

RECENT_DAYS = 7

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

    findings.strip(screen)

    edge_ms = int(screen.snapshot.value("SELECT as_of_ms FROM edge") or 0)
    query = query_of(views.choose(screen, "overview"), edge_ms)
    asked = f"{query} {screen.zone}"
    days = remembered(screen, f"days {asked}", lambda: outcomes_by(screen.snapshot, "day", query, screen.zone))
    st.subheader("Messages by day of sending", anchor=False)
    if days.empty:
        empty_period.say(screen, "overview", query)
    else:
        steps = remembered(screen, f"funnel {asked}", lambda: funnel(screen.snapshot, query))
        notes = downloads.made_with(screen, query, int(days["n"].sum()), FORMULAS)
        waited = remembered(screen, f"delay {asked}", lambda: delay(screen.snapshot, query))
        missing = withheld.missing(data_health.of(screen), days["key"], screen.zone)
        headline.show(days, steps, waited, missing, notes)
        overview_parts.by_day(days, screen, query, notes)
        overview_parts.what_changed(screen, query, RECENT_DAYS)

    st.subheader("What fails now", anchor=False)
    st.caption(failing.sentence(standing(screen.snapshot, RECENT_DAYS, query), RECENT_DAYS))
    failing.table(screen, failing_now(screen.snapshot, RECENT_DAYS, query), RECENT_DAYS, query)

    if not days.empty:
        overview_parts.when_sent(screen, query)
