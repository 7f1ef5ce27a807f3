"""What a page counts, as a file: the table with the filter, zone, range, n and formulas that it was made with."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from lasthop.app import cohort_filter
from lasthop.app.frame import Screen
from lasthop.explain import in_words
from lasthop.pack.csv import csv_bytes
from lasthop.trace import Query


def table_as_csv(frame: pd.DataFrame, name: str, notes: Mapping[str, str]) -> None:
    """A button that hands out the table as CSV, with the notes below it."""
    st.download_button(
        "Download as CSV",
        lambda: csv_bytes(frame, notes=notes),
        f"{name}.csv",
        "text/csv",
        on_click="ignore",
        key=f"download_{name}",
        icon=":material/download:",
    )


def made_with(screen: Screen, query: Query, n: int | None, formulas: Mapping[str, str]) -> dict[str, str]:
    """What somebody needs who gets the file and not the page; ``n`` None: every cell has its own."""
    edge_ms = screen.snapshot.value("SELECT as_of_ms FROM edge")
    first, last = (in_words(ms, screen.zone) if ms is not None else "open" for ms in (query.since_ms, query.until_ms))
    return {
        "n": "in every cell" if n is None else f"{n:,} messages, one per recipient",
        "filter": cohort_filter.in_words(query),
        "sent": f"from {first} until {last}",
        "zone": screen.zone,
        "as of": in_words(int(edge_ms), screen.zone) if edge_ms is not None else "no event is loaded",
        **{f"formula of {name}": formula for name, formula in formulas.items()},
    }
