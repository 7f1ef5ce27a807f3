"""Messages: find by address, subject, id, outcome, reason and time."""

from dataclasses import replace

import streamlit as st

from lasthop.app import case_basket, downloads, filters, state, views
from lasthop.app.chips import chips
from lasthop.app.filter_state import clear, set_to
from lasthop.app.frame import frame
from lasthop.app.known_values import unknown_values
from lasthop.app.safe_text import counted
from lasthop.app.silence import why_nothing
from lasthop.app.tables import messages_table
from lasthop.explain import in_words
from lasthop.measure.views import query_of
from lasthop.trace import Query, count_by_outcome, find_messages

with frame("Messages") as screen:
    if screen.is_empty:
        st.text("Nothing is loaded yet. Load a mail log or SendGrid activity, and every message can be found here.")
        st.page_link("pages/sources.py", label="Go to Sources", icon=":material/database:")
        st.stop()

    edge_ms = int(screen.snapshot.value("SELECT as_of_ms FROM edge") or 0)
    if followed := views.follow("messages"):
        set_to(followed, screen.zone)
    (span,) = screen.snapshot.rows("SELECT min(sent_ms) AS first, max(sent_ms) AS last, count(*) AS n FROM messages")
    row = st.container(horizontal=True, vertical_alignment="bottom")
    with row:
        view = filters.bar(screen, "messages")
    chips(view, screen.zone)
    unknown_values(screen, view)
    counts = count_by_outcome(screen.snapshot, query_of(view, edge_ms))
    chosen = filters.outcome_chips(counts)
    view = replace(view, query=replace(view.query, outcomes=chosen))
    query = query_of(view, edge_ms)
    views.keep_address(view)
    with row:
        views.menu(screen, view)

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
        st.button("Take all filters away", on_click=clear, args=("messages",), key="clear_filters")
        why_nothing(query.text)
        st.stop()

    found = find_messages(screen.snapshot, query)
    bar = st.container(horizontal=True, vertical_alignment="center")
    with bar:
        newest = f", the newest {len(found):,} shown" if len(found) < fitting else ""
        st.text(f"{fitting:,} of {counted(span['n'], 'message')}{newest}", width="stretch")
        if query != Query():
            st.button("Take all filters away", on_click=clear, args=("messages",), key="clear_filters", type="tertiary")
    picked = messages_table(
        found, screen.zone, key=filters.table_key(query), alt="Messages that fit the filters, newest first", height=560
    )
    if picked.clicked is not None:
        state.set_opened(found["message"][picked.clicked])
        st.switch_page("pages/message.py", query_params={"message": found["message"][picked.clicked]})

    ids = [found["message"][row] for row in picked.ticked]
    with bar:
        n = f"{len(found):,} of {counted(fitting, 'message')} that fit, the newest first"
        downloads.table_as_csv(found, "messages", downloads.made_with(screen, query, n), type="secondary")
        if len(ids) == 1 and st.button("Open", key="open_message", icon=":material/route:"):
            state.set_opened(ids[0])
            st.switch_page("pages/message.py", query_params={"message": ids[0]})
        case_basket.put_button(screen.workspace, ids)
    st.caption("Click a row to open the message. Tick rows to put them into the case.")
