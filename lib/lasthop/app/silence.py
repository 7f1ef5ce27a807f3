"""Why there may be no message at all: what to look at when the log has no row."""

import streamlit as st

from lasthop.app.safe_text import plain
from lasthop.explain import reasons_for_silence


def why_nothing(address: str | None) -> None:
    """The causes of silence as a list to go through; only the one for a trigger address, which is no failure."""
    found = reasons_for_silence((address or "").strip().lower() or None)
    if len(found) == 1:
        st.info(plain(f"{found[0].says} {found[0].next_steps[0].in_words}"), title="Not a failure")
        return
    with st.expander("The mail log has no row for it either?", icon=":material/help:"):
        st.caption("No event tells of these: go through them in this order.")
        for number, cause in enumerate(found, 1):
            steps = " ".join(step.in_words for step in cause.next_steps)
            st.text(f"{number}. {cause.says}\n{steps}")
