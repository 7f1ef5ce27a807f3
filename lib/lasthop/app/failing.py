"""What fails now: a table by receiving domain that leads to the messages."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from lasthop.app import downloads, views
from lasthop.app.safe_text import counted
from lasthop.app.screen import Screen
from lasthop.app.tables import badges, instants, outcome_column, picked, readable, time_column
from lasthop.measure.views import View
from lasthop.model.outcomes import MEANINGS, Outcome
from lasthop.trace import Query


def sentence(standing: dict[Outcome, int], days: int) -> str:
    """How the messages of the last days stand, in one sentence of counts."""
    failed = sum(n for outcome, n in standing.items() if MEANINGS[outcome].failed)
    return (
        f"Of {counted(sum(standing.values()), 'message')} sent in the last {days} days of the data, {failed:,} failed, "
        f"{standing[Outcome.WAITING]:,} waiting, {standing[Outcome.UNKNOWN]:,} unknown. "
        "Click a row to see its messages."
    )


def table(screen: Screen, failing: pd.DataFrame, days: int, query: Query) -> None:
    """The rows of ``failing_now``; a click opens the messages of that domain and outcome in those days."""
    if failing.empty:
        st.text("Nothing failed.")
        return
    shown = pd.DataFrame(
        {
            "domain": readable(failing["domain"]),
            "outcome": badges(failing["outcome"]),
            "n": failing["n"],
            "in_all": failing["in_all"],
            "newest_reply": readable(failing["newest_reply"]),
            "first": instants(failing["first_ms"]),
            "last": instants(failing["last_ms"]),
        }
    )
    chosen = st.dataframe(
        shown,
        key="failing_now",
        alt="Failed messages by receiving domain and outcome",
        hide_index=True,
        on_select="rerun",
        selection_mode=["single-row", "single-cell"],
        column_config={
            "domain": st.column_config.TextColumn("Receiving domain", width="medium"),
            "outcome": outcome_column(),
            "n": st.column_config.NumberColumn("Failed", width="small"),
            "in_all": st.column_config.NumberColumn("All", width="small"),
            "newest_reply": st.column_config.TextColumn("Newest reply", width="large"),
            "first": time_column("First sent", screen.zone),
            "last": time_column("Last sent", screen.zone),
        },
    )
    counts = {"Failed": "messages to the domain with that outcome", "All": "messages to the domain"}
    n = f"{int(failing['n'].sum()):,} messages that failed, one per recipient"
    notes = downloads.made_with(screen, query, n, counts) | {"sent": f"in the last {days} days of the data"}
    downloads.table_as_csv(shown.assign(outcome=failing["outcome"]), "failing_now", notes)
    here = picked(chosen, len(shown))
    row = here.clicked if here.clicked is not None else next(iter(here.ticked), None)
    if row is not None:
        domain, outcome = failing["domain"][row] or "", failing["outcome"][row]
        asked = replace(query, domain=domain or query.domain, outcomes=(Outcome(outcome),))
        views.open_messages(View(query=asked, days=days), screen.zone)
