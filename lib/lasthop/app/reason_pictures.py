"""The pictures of the reasons page: reasons by receiver or domain and over time, and the messages behind a mark."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import pandas as pd
import streamlit as st

from lasthop.app import charts
from lasthop.app.reason_parts import Asked, spans
from lasthop.draw import draw_reason_map
from lasthop.measure import NO_REPLY, REQUEST_REFUSED, Failures, rest_of, title_of

BY_RECEIVER, BY_DOMAIN = "By receiver", "By domain"
_SHOWN_REASONS = 12
_APART = {REQUEST_REFUSED: "Request refused", NO_REPLY: "No reply"}  # titles short enough for a picture
_MAP = "messages that count, each under the reason of the reply that decides its outcome"
_CONTROL = 32  # pixels of a segmented control: what stands beside one is as high, so that the rows below are level


def pictures(found: Failures, asked: Asked, notes: Mapping[str, str]) -> None:
    """Reasons by receiver or domain, and over time, side by side where there is room; a click opens the messages."""
    left, right = st.columns(2, gap="medium")
    with left:
        alone = found.by_receiver.shape[1] < 2
        view = st.segmented_control(
            "Columns", [BY_RECEIVER, BY_DOMAIN], default=BY_DOMAIN if alone else BY_RECEIVER, required=True,
            key="why_columns", label_visibility="collapsed",
        )  # fmt: skip
        one, counts = ("receiver", found.by_receiver) if view == BY_RECEIVER else ("domain", found.by_domain)
        names = condensed(counts)
        chosen = charts.picture(
            draw_reason_map(names, dark=charts.on_dark()),
            "reason_map",
            alt=f"{found.total} messages by reason and {one}",
            formula=_MAP,
            data=names.rename_axis("reason").reset_index(),
            notes=notes,
            selects=True,
        )
        _open_cells(charts.selected(chosen), counts, one, asked)
    with right:
        with st.container(height=_CONTROL, border=False, vertical_alignment="center"):
            st.text(spans(found).capitalize())
        days = condensed(found.by_time)
        chosen = charts.picture(
            draw_reason_map(days),
            "reason_days",
            alt=f"{found.total} messages by reason and time of sending, {spans(found)}",
            formula=_MAP,
            data=days.rename_axis("reason").reset_index(),
            notes={**notes, "columns": f"the day on which {spans(found)} begins"},
            selects=True,
        )
        open_spans(charts.selected(chosen), found, list(grouped(found.by_time).values()), asked)
    st.caption(
        "Click a cell to open its messages. A box over the first picture opens those of whole rows, over the second "
        "those of its days."
    )


def _open_cells(cells: Sequence[tuple[int, int]], counts: pd.DataFrame, one: str, asked: Asked) -> None:
    """Go to the messages of the cell that was clicked, or of the rows that were boxed."""
    if not cells:
        return
    groups = list(grouped(counts).values())
    reasons = ",".join(reason for row in sorted({row for row, _ in cells}) for reason in groups[row])
    name = str(counts.columns[cells[0][1]])
    if len(cells) > 1:
        asked.open_messages(reasons)
    elif name in rest_of(one):
        st.text(f"The messages to {name} cannot be opened by themselves: click the reason in the table below.")
    else:
        asked.open_messages(reasons, None, **{one: name})


def open_spans(
    cells: Sequence[tuple[int, int]], found: Failures, groups: Sequence[Sequence[str]], asked: Asked
) -> None:
    """Go to the messages of the spans of days that were clicked or boxed, of the reasons in their rows."""
    if not cells:
        return
    columns: list[Any] = list(found.by_time.columns)
    begins = sorted(columns[place] for _, place in cells)
    reasons = ",".join(reason for row in sorted({row for row, _ in cells}) for reason in groups[row])
    asked.open_messages(reasons, (begins[0], begins[-1] + timedelta(days=found.step - 1)))


def grouped(counts: pd.DataFrame) -> dict[str, list[str]]:
    """The rows of a picture, by title: the most frequent reasons, all the others in one, then what has no reason."""
    apart = [name for name in counts.index if name in _APART]
    named = [name for name in counts.index if name not in _APART]
    kept = named if len(named) <= _SHOWN_REASONS + 1 else named[:_SHOWN_REASONS]
    rest = named[len(kept) :]
    return {
        **{title_of(reason): [reason] for reason in kept},
        **({f"{len(rest)} other reasons": rest} if rest else {}),
        **{_APART[reason]: [reason] for reason in apart},
    }


def condensed(counts: pd.DataFrame) -> pd.DataFrame:
    """The counts of the rows of ``grouped``."""
    rows = [counts.loc[reasons].sum() for reasons in grouped(counts).values()]
    return pd.DataFrame(rows, index=list(grouped(counts)), columns=counts.columns)
