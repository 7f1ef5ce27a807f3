"""The recipient page without an address: every address on a stop list, and the files to take some off again."""

import hashlib

import pandas as pd
import streamlit as st

from lasthop.app import downloads
from lasthop.app.safe_text import counted
from lasthop.app.screen import Screen
from lasthop.app.tables import instants, picked, readable, time_column
from lasthop.explain import iso
from lasthop.explain.stop_lists.addresses import ListQuery, bulk_delete, count_listed, find_listed
from lasthop.explain.stop_lists.meanings import stop_list_meanings
from lasthop.model.kinds import STOP_LISTS
from lasthop.pack.csv import csv_bytes

_CSV_COLUMNS = ("email", "list", "since UTC", "reason", "cause settled?")
_REMINDER = (
    "1. Settle the cause of each address first, and write it into the last column: confirmed by the recipient, "
    "corrected, or left on the list.\n"
    "2. Spam reports and unsubscribes come off only with that person's consent.\n"
    "3. Blocks stop no mail: they need not come off.\n"
    "4. On Kuroco's shared SendGrid account send the file to Kuroco's support; they alone can change its lists.\n\n"
    "The page of each address has the whole checklist with its sources."
)


def listed_addresses(screen: Screen) -> None:
    """Filters, the table of addresses, and what can be done with the ticked ones."""
    st.subheader("Addresses on stop lists", anchor=False)
    query, fitting = _filters(screen)
    found = find_listed(screen.snapshot, query)
    if found.empty:
        _nothing(query)
        return
    bar = st.container(horizontal=True, vertical_alignment="center")
    row, ticked = _table(found, screen.zone, query)
    if row is not None:
        st.switch_page("pages/recipient.py", query_params={"recipient": found["recipient"][row]})
    chosen = found.iloc[ticked]
    with bar:
        newest = f", the newest {len(found):,} shown" if len(found) < fitting else ""
        st.text(f"{counted(fitting, 'entry', 'entries')}{newest}, {len(chosen):,} ticked", width="stretch")
        downloads.table_as_csv(_export(found), "stop_lists", _notes(screen, query, len(found), fitting))
    st.caption(
        "Click a row to see its address. Tick rows to make the files for a removal. Inferred: SendGrid dropped mail "
        "with that list's words, and no loaded list names the address."
    )
    if len(chosen):
        _downloads(chosen)


def _filters(screen: Screen) -> tuple[ListQuery, int]:
    """What is asked for, and how many entries fit."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = st.text_input(
            "Find among them", key="listed_text", type="search", placeholder="Part of an address or of a reason"
        )
        domain = st.text_input("Domain", key="listed_domain", width=230, placeholder="example.com")
    query = ListQuery(text=text or "", domain=domain or "")
    counts = count_listed(screen.snapshot, query)
    lists = st.pills(
        "Stop list",
        list(STOP_LISTS),
        selection_mode="multi",
        key="listed_lists",
        format_func=lambda name: f"{stop_list_meanings()[name].title} {counts[name]:,}",
        wrap=True,
    )
    return ListQuery(tuple(lists), query.domain, query.text), sum(counts[name] for name in lists or counts)


def _nothing(query: ListQuery) -> None:
    if query != ListQuery():
        st.text("No entry fits these filters.")
        return
    st.text(
        "No stop list was loaded, and no loaded drop tells of one. At SendGrid open [Suppressions], choose a list, and "
        "use the gear to export it as CSV; then load the file here. On Kuroco's shared SendGrid account ask Kuroco's "
        "support for them."
    )
    st.page_link("pages/sources.py", label="Go to Sources", icon=":material/database:")


def _table(found: pd.DataFrame, zone: str, query: ListQuery) -> tuple[int | None, list[int]]:
    """The row that was clicked, and the rows that are ticked."""
    shown = pd.DataFrame(
        {
            "recipient": readable(found["recipient"]),
            "list": found["stop_list"].map(lambda name: stop_list_meanings()[name].title),
            "basis": found["basis"],
            "since": instants(found["since_ms"]),
            "drops": found["drops"],
            "why": readable(found["why"]),
        }
    )
    chosen = st.dataframe(
        shown,
        # Other filters make another table: one that keeps its key while its rows change swallows the first click.
        key="listed_addresses_" + hashlib.sha256(repr(query).encode()).hexdigest()[:12],
        alt="Addresses on stop lists, the newest entry first",
        height=420 if len(shown) > 11 else "auto",
        hide_index=True,
        placeholder="not known",
        on_select="rerun",
        selection_mode=["multi-row", "single-cell"],
        column_config={
            "recipient": st.column_config.TextColumn("Address", width=230),
            "list": st.column_config.TextColumn("Stop list", width=130),
            "basis": st.column_config.TextColumn("Known by", width=80),
            "since": time_column("Since", zone),
            "drops": st.column_config.NumberColumn("Dropped since", width=110),
            "why": st.column_config.TextColumn("Reason", width="large"),
        },
    )
    here = picked(chosen, len(shown))
    return here.clicked, here.ticked


def _export(found: pd.DataFrame) -> pd.DataFrame:
    since = instants(found["since_ms"])
    return found[["recipient", "stop_list", "basis", "drops", "why"]].assign(since=since)


def _notes(screen: Screen, query: ListQuery, shown: int, fitting: int) -> dict[str, str]:
    asked = {"text": query.text, "domain": query.domain, "list": ", ".join(query.lists)}
    return {
        "n": f"{shown:,} of {counted(fitting, 'entry', 'entries')} that fit, the newest first",
        "filter": ", ".join(f"{name} {value}" for name, value in asked.items() if value) or "none",
        **downloads.stated(screen),
    }


def _downloads(chosen: pd.DataFrame) -> None:
    st.warning(_REMINDER, title="Before anything is removed")
    since = [iso(None if pd.isna(ms) else int(ms)) for ms in chosen["since_ms"]]
    rows = list(zip(chosen["recipient"], chosen["stop_list"], since, chosen["why"], [None] * len(chosen), strict=True))
    with st.container(horizontal=True):
        # Plain, without notes: whoever removes the addresses feeds this file to a program.
        downloads.file(
            "Download addresses to remove",
            lambda: csv_bytes(rows, _CSV_COLUMNS),
            "addresses-to-remove.csv",
            type="primary",
        )
        for name, meaning in stop_list_meanings().items():
            addresses = list(chosen.loc[chosen["stop_list"] == name, "recipient"])
            body = bulk_delete(name, addresses) if addresses else None
            if body is not None:
                downloads.file(
                    f"{meaning.title} as JSON ({len(addresses):,})",
                    body,
                    f"delete-{name}.json",
                    mime="application/json",
                    help=f"The body of DELETE {meaning.bulk} (SendGrid API: suppressions).",
                )
    alone = [stop_list_meanings()[name].title for name in STOP_LISTS if name in set(chosen["stop_list"])]
    alone = [title for title in alone if title in {m.title for m in stop_list_meanings().values() if m.bulk is None}]
    if alone:
        st.caption(f"{' and '.join(alone)}: SendGrid's API takes these addresses one by one.")
