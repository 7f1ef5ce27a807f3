"""The way of an original: its picture, its sentences, and a table of its hops."""

from typing import Any

import pandas as pd
import streamlit as st

from lasthop.app import charts, downloads
from lasthop.app.original_read import ReadOriginal
from lasthop.app.original_sentences import raw_line, sentences
from lasthop.app.safe_text import counted
from lasthop.app.tables import instants, picked, readable, time_column
from lasthop.draw.route import MOST, draw_route
from lasthop.explain.original.delay import after
from lasthop.original.stamps import Stamp

_ROWS = 500
_YEARS = range(1970, 2200)


def way_part(read: ReadOriginal, zone: str) -> None:
    """Picture, sentences and table; a sentence alone where no server left a note."""
    st.subheader("The way", anchor=False)
    legs = read.route.legs
    if not legs:
        sentences(read, read.way)
        return
    hops = hop_rows(read)
    notes = {"n": f"{counted(len(legs), 'hop')} of one message", "zone": zone}
    if any(leg.hop.stamp for leg in legs):
        charts.picture(
            draw_route(read.original, read.route, zone),
            "original_way",
            alt=" ".join(said.text for said in read.way[:4])[:600],
            formula="each bar is the time between the stamps of one server and the next",
            data=hops,
            notes=notes,
        )
    if any(leg.delay is not None and leg.low != leg.high for leg in legs[-MOST:]):
        st.caption("Hatched: the longest that it can have taken, because a clock is in doubt.")
    if len(legs) > MOST:
        st.caption(f"The oldest {MOST} of {len(legs)} hops are drawn.")
    said_first = " ".join(said.text for said in read.answer)
    sentences(read, [said for said in read.way if said.text not in said_first])
    _table(read, hops, zone)


def hop_rows(read: ReadOriginal) -> pd.DataFrame:
    """One row for each hop, the oldest first; at most 500. ``delay_s`` is by the stamps as they stand."""
    legs = read.route.legs[::-1][:_ROWS]
    hops = [leg.hop for leg in legs]
    frame = pd.DataFrame(
        {
            "hop": range(1, len(legs) + 1),
            "by": [hop.by or hop.local for hop in hops],
            "from": [hop.from_ for hop in hops],
            "time": instants(pd.Series([_ms(hop.stamp) for hop in hops], dtype="Int64")),
            "delay": [after(leg) for leg in legs],
            "share": pd.Series([leg.share for leg in legs], dtype="Float64"),
            "with": [hop.with_ for hop in hops],
            "tls": [str(hop.tls) if hop.tls else None for hop in hops],
            "helo": [hop.peer.helo for hop in hops],
            "ptr": [hop.peer.ptr for hop in hops],
            "ip": [hop.peer.ip for hop in hops],
            "id": [hop.id for hop in hops],
            "for": [hop.for_ for hop in hops],
            "via": [hop.via for hop in hops],
            "written": [hop.stamp.raw if hop.stamp else None for hop in hops],
            "defects": [" ".join(defect.says for defect in hop.defects) for hop in hops],
            "line": [hop.line for hop in hops],
        }
    )
    texts = ["by", "from", "with", "tls", "helo", "ptr", "ip", "id", "for", "via", "written"]
    frame[texts] = frame[texts].apply(lambda column: readable(column.map(shown, na_action="ignore")))
    return frame


def shown(text: str) -> str:
    """A value of the header as a cell holds it: short enough, and bytes that are no UTF-8 as replacement marks."""
    return text[:300].encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _ms(stamp: Stamp | None) -> int | None:
    """Epoch milliseconds; None too for a year that no clock of mail has: the date as written stands beside."""
    return int(stamp.time.timestamp() * 1000) if stamp and stamp.time.year in _YEARS else None


def _table(read: ReadOriginal, hops: pd.DataFrame, zone: str) -> None:
    state = st.dataframe(
        hops.dropna(axis="columns", how="all"),
        key=f"hops {read.sha256[:12]}",
        alt="Hops of the message, the oldest first",
        hide_index=True,
        on_select="rerun",
        selection_mode=["single-row", "single-cell"],
        column_config=_columns(zone),
    )
    done = picked(state, len(hops))
    row = done.clicked if done.clicked is not None else next(iter(done.ticked), None)
    with st.container(horizontal=True, vertical_alignment="center"):
        downloads.table_as_csv(hops, "hops", {"n": counted(len(read.route.legs), "hop"), "zone": zone})
        if row is None:
            st.caption("Click a hop to see its header line.")
    if row is not None:
        raw_line(read, "Received", int(hops["line"][row]))


def _columns(zone: str) -> dict[str, Any]:
    text = st.column_config.TextColumn
    return {
        "hop": st.column_config.NumberColumn("Hop", width=45),
        "by": text("Taken by", width=200),
        "from": text("From", width=170),
        "time": time_column("When", zone),
        "delay": text("After", width=110, help="Since the stamp before; a range where a clock is in doubt."),
        "share": st.column_config.ProgressColumn("Share", min_value=0, max_value=1, format="percent", width=90),
        "with": text("With", width=80),
        "tls": text(
            "TLS", width=110, help="Empty: the header says nothing of encryption. That is not: there was none."
        ),
        "helo": text("HELO name", width=150, help="What the other side called itself."),
        "ptr": text("PTR name", width=150, help="What its address was looked up to."),
        "ip": text("TCP address", width=120),
        "id": text("Id", width=150),
        "for": text("For", width=130),
        "via": text("Via", width=80),
        "written": text("Date as written", width=200),
        "defects": text("What is odd", width=200),
        "line": st.column_config.NumberColumn("Line", width=50),
    }
