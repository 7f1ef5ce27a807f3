"""Sources: load files, see what was read and what was refused, take one out again."""

import streamlit as st

from lasthop.app import source_list, state, uploads
from lasthop.app.frame import frame
from lasthop.app.live_pull import live_part
from lasthop.app.progress import load_samples, load_with_progress, show_report
from lasthop.app.questions import ask
from lasthop.app.safe_text import counted
from lasthop.store.sources import sources

with frame(
    "Sources", "Everything is kept in the workspace folder of this machine. Nothing is sent anywhere unasked."
) as screen:
    uploaded = st.file_uploader(
        "Files to load",
        accept_multiple_files=True,
        key=f"upload_{state.upload_round()}",
        help="Kuroco mail log and SendGrid log; SendGrid Email Activity, suppression lists and webhook dumps. "
        "CSV, JSON, .xlsx, also packed as .gz or .zip.",
    )
    if uploaded:
        folder = uploads.folder_of(screen.workspace, state.session_id())
        offers = [offer for upload in uploaded for offer in uploads.offers_of(upload, folder)]
        settled = ask(offers, folder)
        ready = sum(not isinstance(reading, Exception) for _, reading in settled)
        if st.button(f"Load {counted(ready, 'file')}", type="primary", disabled=not ready, key="load"):
            load_with_progress(screen.workspace, settled)

    if done := state.report():
        show_report(done, screen.zone)
        if st.button("Done", key="dismiss_report"):
            state.set_report(None)
            st.rerun()

    live_part(screen)

    loaded = sources(screen.workspace)
    if loaded:
        _ = screen.snapshot  # says so when its messages are not in yet
    if not loaded and not uploaded:
        st.subheader("What can be loaded", anchor=False)
        source_list.show_formats()
        if st.button("Load the samples", key="load_samples", help="Five weeks of an invented shop, to look around."):
            load_samples(screen.workspace)
    if loaded:
        st.subheader("Loaded", anchor=False)
        chosen = source_list.table(loaded, screen.zone)
        if chosen:
            source_list.details(screen.workspace, chosen, screen.zone)
        else:
            st.caption("Select a row to see its rejected lines or to remove it.")
