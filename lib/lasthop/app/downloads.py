"""What a page shows, as a file: tables with the filter, zone, range, n and formulas that they were made with."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Literal

import pandas as pd
import streamlit as st

from lasthop.app.screen import Screen
from lasthop.explain import in_words
from lasthop.measure.views import View, to_params
from lasthop.pack.csv import csv_bytes
from lasthop.trace import Query

_IN_FOOTNOTE = ("n", "message", "address", "sent", "filter", "zone", "as of", "formula")


def file(
    label: str,
    data: bytes | Callable[[], bytes],
    file_name: str,
    *,
    mime: str = "text/csv",
    type: Literal["primary", "secondary", "tertiary"] = "secondary",
    help: str | None = None,
) -> None:
    """A button that hands out a file; what makes its bytes runs when it is pressed, after the page is drawn."""
    st.download_button(
        label,
        data=data,
        file_name=file_name,
        mime=mime,
        on_click="ignore",
        key=f"download_{file_name}",
        type=type,
        help=help,
        icon=":material/download:",
    )


def table_as_csv(
    frame: pd.DataFrame | Callable[[], pd.DataFrame],
    name: str,
    notes: Mapping[str, str],
    *,
    label: str = "Download as CSV",
    type: Literal["secondary", "tertiary"] = "tertiary",
) -> None:
    """A button that hands out the table as CSV, with the notes below it; instants in it are UTC.

    A function in place of the frame must not need the snapshot: it is closed when the button is pressed.
    """

    def made() -> bytes:
        return csv_bytes(frame() if callable(frame) else frame, notes=notes)

    file(label, made, f"{name}.csv", type=type)


def stated(screen: Screen) -> dict[str, str]:
    """The zone and the moment that everything on the page is stated for."""
    edge_ms = screen.snapshot.value("SELECT as_of_ms FROM edge")
    return {
        "zone": screen.zone,
        "as of": in_words(int(edge_ms), screen.zone) if edge_ms is not None else "no event is loaded",
    }


def made_with(screen: Screen, query: Query, n: int | str, formulas: Mapping[str, str] | None = None) -> dict[str, str]:
    """What somebody needs who gets the file and not the page; ``n`` in words where messages are not what is counted."""
    return {
        "n": n if isinstance(n, str) else f"{n:,} messages, one per recipient",
        "filter": _filter_in_words(query),
        "sent": _sent_in_words(query, screen.zone),
        **stated(screen),
        **{f"formula of {name}": formula for name, formula in (formulas or {}).items()},
    }


def beside(first: Mapping[str, str], second: Mapping[str, str]) -> dict[str, str]:
    """The notes of two sides as one; what differs is said of each."""
    return {
        name: words if second.get(name) == words else f"first {words}; second {second.get(name, 'not told')}"
        for name, words in first.items()
    }


def footnote(notes: Mapping[str, str]) -> str:
    """What a picture says of itself when it is seen without its page: n, range, filter, zone, as of, formula."""
    told = [
        f"{name} = {notes[name]}" if name == "n" else f"{name} {notes[name]}" for name in _IN_FOOTNOTE if name in notes
    ]
    return " · ".join(told)


def _filter_in_words(query: Query) -> str:
    """What is chosen beside the period."""
    params = to_params(View(query=replace(query, since_ms=None, until_ms=None)))
    return ", ".join(f"{'text' if name == 'q' else name} {value}" for name, value in params.items()) or "none"


def _sent_in_words(query: Query, zone: str) -> str:
    if query.since_ms is None and query.until_ms is None:
        return "at any time"
    since = f"from {in_words(query.since_ms, zone)} " if query.since_ms is not None else ""
    return since + (f"until {in_words(query.until_ms, zone)}" if query.until_ms is not None else "on")
