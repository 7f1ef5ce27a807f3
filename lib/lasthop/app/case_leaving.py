"""Which addresses leave with the pack of a case, and as what: to be looked at before it is made."""

import hashlib
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from lasthop.app.remembered import remembered
from lasthop.app.safe_text import counted, one_line
from lasthop.app.screen import Screen
from lasthop.explain.dossier import dossiers
from lasthop.pack.attached import learn_people
from lasthop.pack.case import Case
from lasthop.pack.redact import Leaving, Level, Redaction, Redactor, preview, workspace_secret

SHOWN = 2_000


def leaving_part(screen: Screen, case: Case, messages: Sequence[str], redaction: Redaction, *, ask_first: bool) -> None:
    """The addresses that leave, one a row; ``ask_first`` for a large case, since all its messages are read."""
    with st.expander("Addresses that will leave", icon=":material/visibility:"):
        if ask_first and not st.toggle(
            f"Read all {counted(len(messages), 'message')} and list them", key=f"list_leaving {case.id}"
        ):
            return
        with st.spinner("Reading the messages", show_time=True):
            rows = leaving(screen, case, messages, redaction)
        masked = sum(row.leaves_as != row.what for row in rows)
        more = f" The {SHOWN:,} most frequent are shown." if len(rows) > SHOWN else ""
        st.text(
            f"{counted(len(rows), 'address or name', 'addresses and names')}, {masked:,} of them masked.{more} "
            f"Raw lines and attached files are not read for this list; what they hold {_of_files(redaction)}."
        )
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


def _of_files(redaction: Redaction) -> str:
    return {
        Level.FULL: "leaves as it is",
        Level.MASKED: "is masked, or left out where it cannot be",
        Level.METADATA: "does not leave",
    }[redaction.level]


def leaving(screen: Screen, case: Case, messages: Sequence[str], redaction: Redaction) -> list[Leaving]:
    """One row for each address and name that would leave, the most frequent first."""
    full = redaction.level is Level.FULL

    def ask() -> list[Leaving]:
        redactor = Redactor(redaction, b"" if full else workspace_secret(screen.workspace.root))
        learn_people(screen.workspace, case, redactor)
        return preview(redactor, dossiers(screen.snapshot, messages, screen.zone), case)

    which = hashlib.sha256(f"{case} {messages}".encode("utf-8", "replace")).hexdigest()
    return remembered(screen, f"leaving {which} {redaction} {screen.zone}", ask)
