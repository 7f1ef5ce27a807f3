"""Message: one message, its verdict, its way, and what that is based on."""

import streamlit as st

from lasthop.app import case_basket, charts, message_parts, state, stop_list_parts
from lasthop.app.choose_message import chosen_message
from lasthop.app.frame import frame
from lasthop.app.live_message import ask_now
from lasthop.app.typo_hint import typo_hint
from lasthop.app.verdict_band import verdict_html
from lasthop.draw import draw_timeline
from lasthop.explain import dossier
from lasthop.model.outcomes import MEANINGS
from lasthop.store.sources import sources

with frame("Message") as screen:
    message_id = chosen_message(screen)
    if message_id is None:
        st.stop()
    state.set_opened(message_id)
    state.tell_browser("message", message_id)
    known = dossier(screen.snapshot, message_id, screen.zone)
    loaded = sources(screen.workspace)

    head, action = st.columns([4, 1])
    with head, st.container(gap="xsmall"):
        message_parts.heading(known.message)
    with action:
        case_basket.put_button(screen.workspace, [message_id])
    numbers = message_parts.line_numbers(known.timeline)
    st.html(verdict_html(known.verdict, numbers, message_parts.retried(known)))
    typo_hint(known.typo)
    message_parts.arrived_but(known.message.outcome)

    st.subheader("What happened", anchor=False)
    notes = message_parts.notes(screen, known)
    charts.picture(
        draw_timeline(known.timeline, screen.zone),
        "timeline",
        alt=f"The way of the message, outcome {MEANINGS[known.message.outcome].title.lower()}",
        formula="each mark is what one system said at that time",
        data=message_parts.steps(known, screen.zone),
        notes=notes,
    )
    message_parts.steps_table(known, screen.zone)
    message_parts.assumed_clock(known.timeline, loaded)

    message_parts.ties_table(known.ties, known.timeline, notes)

    left, right = st.columns(2, gap="large")
    with left:
        message_parts.last_reply(known.message)
        stop_list_parts.in_short(known.listings, loaded, known.message.recipient, screen.zone)
    with right:
        message_parts.ids(known.message, screen.zone)
    if known.message.recipient:
        to = {"q": known.message.recipient}
        st.page_link("pages/messages.py", label="All messages to this address", icon=":material/mail:", query_params=to)

    ask_now(screen, known.message)
    with st.expander("Raw rows with file and line", icon=":material/table_rows:"):
        message_parts.raw_rows(known.timeline, loaded, notes)
