"""The address that may have been meant: a question to the recipient, never a finding."""

import streamlit as st

from lasthop.app.safe_text import as_code, plain
from lasthop.explain import Typo


def typo_hint(typo: Typo | None) -> None:
    """Which address may have been meant, and why; nothing without one."""
    if typo is None:
        return
    st.warning(
        f"Perhaps {as_code(typo.suggestion)} was meant. {plain(typo.why)} "
        "Ask the recipient before anything is changed.",
        title="A slip in the address?",
        icon=":material/spellcheck:",
    )
    st.page_link(
        "pages/recipient.py",
        label="See that address",
        icon=":material/person:",
        query_params={"recipient": typo.suggestion},
    )
