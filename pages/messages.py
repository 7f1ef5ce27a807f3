"""Messages: find by address, subject, id, outcome, reason and time."""

from dataclasses import replace

import streamlit as st

from lasthop.app import case_basket, filters, state, views
from lasthop.app.frame import frame
from lasthop.app.safe_text import counted, one_line
from lasthop.app.silence import why_nothing
from lasthop.app.tables import messages_table
from lasthop.explain import in_words
from lasthop.pack.csv import csv_bytes
from lasthop.trace import Query, count_by_outcome, find_messages

with frame("Messages") as screen:
    if screen.is_empty:
        st.text("Nothing is loaded yet. Load a mail log or SendGrid activity, and every message can be found here.")
        st.page_link("pages/sources.py", label="Go to Sources", icon=":material/database:")
        st.stop()

    edge_ms = int(screen.snapshot.value("SELECT as_of_ms FROM edge") or 0)
    for note in views.follow(st.query_params.to_dict(), edge_ms):
        st.text(one_line(note))
    (span,) = screen.snapshot.rows("SELECT min(sent_ms) AS first, max(sent_ms) AS last, count(*) AS n FROM messages")
    query = views.narrowed(filters.text_and_period(edge_ms, screen.zone), screen.zone)
    filters.linked_chips(query)
    counts = count_by_outcome(screen.snapshot, query)
    chosen = filters.outcome_chips(counts)
    query = replace(query, outcomes=chosen)
    view = views.current(query, screen.zone)
    views.keep_address(view)
    views.menu(screen.workspace, view, edge_ms)

    fitting = sum(counts[outcome] for outcome in chosen or counts)
    if not fitting:
        st.subheader("No message fits", anchor=False)
        if span["first"] is None:
            st.text("Only stop lists were loaded: they tell of addresses, not of messages.")
        else:
            first, last = (in_words(span[end], screen.zone) for end in ("first", "last"))
            st.text(
                f"Messages sent from {first} to {last} are loaded. What was sent before or after is not known here."
            )
        st.button("Take all filters away", on_click=filters.clear, key="clear_filters")
        why_nothing(query.text)
        st.stop()

    found = find_messages(screen.snapshot, query)
    bar = st.container(horizontal=True, vertical_alignment="center")
    with bar:
        newest = f", the newest {len(found):,} shown" if len(found) < fitting else ""
        st.text(f"{fitting:,} of {counted(span['n'], 'message')}{newest}", width="stretch")
        if query != Query():
            st.button("Take all filters away", on_click=filters.clear, key="clear_filters", type="tertiary")
    picked = messages_table(
        found, screen.zone, key=filters.table_key(query), alt="Messages that fit the filters, newest first", height=560
    )
    if picked.clicked is not None:
        state.set_opened(found["message"][picked.clicked])
        st.switch_page("pages/message.py", query_params={"message": found["message"][picked.clicked]})

    ids = [found["message"][row] for row in picked.ticked]
    with bar:
        st.download_button(
            "Download as CSV",
            data=lambda: csv_bytes(found),
            file_name="messages.csv",
            mime="text/csv",
            on_click="ignore",
            key="download_messages",
            icon=":material/download:",
        )
        if len(ids) == 1 and st.button("Open", key="open_message", icon=":material/route:"):
            state.set_opened(ids[0])
            st.switch_page("pages/message.py", query_params={"message": ids[0]})
        case_basket.put_button(screen.workspace, ids)
    st.caption("Click a row to open the message. Tick rows to put them into the case.")
