"""Which addresses leave with the pack of a case, and as what: to be looked at before it is made."""

import hashlib
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from lasthop.app.remembered import remembered
from lasthop.app.safe_text import as_code, counted, one_line
from lasthop.app.screen import Screen
from lasthop.pack.case import Case
from lasthop.pack.leaving import Preview, leaving
from lasthop.pack.redact import Redaction

SHOWN = 2_000


def leaving_part(screen: Screen, case: Case, messages: Sequence[str], redaction: Redaction, *, ask_first: bool) -> None:
    """The addresses that leave, one a row; ``ask_first`` for a large case, since all its messages are read."""
    box = st.expander("Addresses that will leave", icon=":material/visibility:", on_change="rerun", key="leaving")
    if not box.open:  # every line and file is read for it
        return
    with box:
        if ask_first and not st.toggle(
            f"Read all {counted(len(messages), 'message')} and list them", key=f"list_leaving {case.id}"
        ):
            return
        with st.spinner("Reading messages, lines and files", show_time=True):
            rows, unread = _of(screen, case, messages, redaction)
        masked = sum(row.leaves_as != row.what for row in rows)
        more = f" The {SHOWN:,} most frequent are shown." if len(rows) > SHOWN else ""
        st.text(
            f"{counted(len(rows), 'address or name', 'addresses and names')}, {masked:,} of them masked.{more} "
            "Read for this list: the messages, the lines that are cited, the attached files and what was typed."
        )
        if unread:
            named = ", ".join(as_code(name, 40) for name in unread[:10])
            st.warning(f"{named}: no text that can be read, so whom it names is not in the list. It leaves as it is.")
        st.dataframe(
            pd.DataFrame(
                {
                    "Address or name": [one_line(row.what) for row in rows[:SHOWN]],
                    "Leaves as": [one_line(row.leaves_as) for row in rows[:SHOWN]],
                    "Times": [row.times for row in rows[:SHOWN]],
                    "Where": [", ".join(row.where) for row in rows[:SHOWN]],
                }
            ),
            hide_index=True,
            alt="Addresses that leave with the pack, and as what",
            column_config={
                "Address or name": st.column_config.TextColumn(width="medium"),
                "Leaves as": st.column_config.TextColumn(width="medium"),
                "Times": st.column_config.NumberColumn(width="small", format="localized"),
            },
        )


def _of(screen: Screen, case: Case, messages: Sequence[str], redaction: Redaction) -> Preview:
    which = hashlib.sha256(f"{case} {messages}".encode("utf-8", "replace")).hexdigest()
    found: Preview = remembered(
        screen,
        f"leaving {which} {redaction} {screen.zone}",
        lambda: leaving(screen.snapshot, screen.workspace, case, messages, screen.zone, redaction),
    )
    return found
