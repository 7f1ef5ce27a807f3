"""Recipient: one address, how its mail fares, the stop lists that hold it, and how it comes off them."""

import streamlit as st

from lasthop.app import listed_addresses, recipient_parts, state, stop_list_parts, stop_list_removal
from lasthop.app.frame import frame
from lasthop.app.typo_hint import mistyped_hint, typo_hint
from lasthop.explain.recipient import recipient_dossier
from lasthop.store.sources import sources

with frame("Recipient") as screen:
    if screen.is_empty:
        st.text("Nothing is loaded yet. Load a mail log, SendGrid activity or stop lists, and every address is here.")
        st.page_link("pages/sources.py", label="Go to Sources", icon=":material/database:")
        st.stop()

    asked = st.query_params.get("recipient", "").strip()
    state.tell_browser("recipient", asked)
    with st.form("find_recipient", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        typed = st.text_input("Address", value=asked, type="search", placeholder="someone@example.com")
        sent = st.form_submit_button("Show")
    if sent and typed.strip() != asked:
        st.switch_page("pages/recipient.py", query_params={"recipient": typed.strip()} if typed.strip() else None)

    if not asked:
        listed_addresses.listed_addresses(screen)
        st.stop()

    known = recipient_dossier(screen.snapshot, asked, screen.zone)
    loaded = sources(screen.workspace)
    recipient_parts.standing(known, screen.zone)
    if not known.messages and not known.stop_lists:
        mistyped_hint(known.mistyped)
        recipient_parts.unknown(asked, loaded, screen.zone)
        st.stop()

    typo_hint(known.typo)
    mistyped_hint(known.mistyped)
    stop_list_parts.in_full(known.stop_lists, loaded, screen.zone)
    stop_list_removal.removal_part(screen, known.stop_lists, loaded)
    recipient_parts.domain_part(screen, known)
    recipient_parts.mail_part(screen, known)
    st.page_link("pages/recipient.py", label="All addresses on stop lists", icon=":material/list:")
