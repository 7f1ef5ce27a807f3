"""Tables of messages, events and sources: columns named for people, times in the chosen zone, outcomes as badges."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import pandas as pd
import streamlit as st

from lasthop.app.safe_text import one_line
from lasthop.draw import outcome_colours
from lasthop.measure import title_of
from lasthop.model.outcomes import MEANINGS, Outcome
from lasthop.trace import Message

WRAPPED = 66
"""Height of rows in which long text goes over several lines; Streamlit wraps none in lower ones."""

_TITLES = [MEANINGS[outcome].title for outcome in Outcome]


@dataclass(frozen=True)
class Picked:
    """What a person did in a table: the rows that are ticked, and the row of which a cell was clicked."""

    ticked: list[int]
    clicked: int | None


def outcome_column(label: str = "Outcome") -> Any:
    """A column of outcome titles, each in the colour of its outcome."""
    return st.column_config.MultiselectColumn(label, options=_TITLES, color=outcome_colours(), width=160)


def badges(outcomes: "pd.Series[str]") -> "pd.Series[Any]":
    """Outcomes as the values that ``outcome_column`` shows."""
    return outcomes.map(lambda name: [MEANINGS[Outcome(name)].title])


def time_column(label: str, zone: str) -> Any:
    """A column of instants, shown in ``zone``, which its head names."""
    return st.column_config.DatetimeColumn(f"{label} ({zone})", timezone=zone, format="YYYY-MM-DD HH:mm:ss")


def instants(milliseconds: "pd.Series[Any]") -> "pd.Series[Any]":
    """Epoch milliseconds as the values that ``time_column`` shows."""
    return pd.to_datetime(milliseconds, unit="ms", utc=True)


def readable(texts: "pd.Series[Any]") -> "pd.Series[Any]":
    """Texts from mail with invisible characters made visible; missing ones are empty."""
    return texts.fillna("").map(one_line)


def as_frame(messages: Sequence[Message]) -> pd.DataFrame:
    """Messages as rows for ``messages_table``, in the order given."""
    frame = pd.DataFrame([asdict(message) for message in messages], columns=list(Message.__dataclass_fields__))
    return frame.assign(sent=instants(frame["sent_ms"]))


def messages_table(
    frame: pd.DataFrame, zone: str, *, key: str, alt: str, height: int | Literal["auto"] = "auto"
) -> Picked:
    """The rows of ``find_messages``; clicking a cell opens a message, ticking rows picks several."""
    shown = pd.DataFrame(
        {
            "sent": frame["sent"],
            "outcome": badges(frame["outcome"]),
            "reason": [title_of(reason) if isinstance(reason, str) else "" for reason in frame["reason"]],
            "recipient": readable(frame["recipient"]),
            "subject": readable(frame["subject"]),
            "last_reply": readable(frame["last_reply"]),
            "attempts": frame["attempts"],
            "sender": readable(frame["sender"]),
            "link": frame["link_confidence"],
        }
    )
    state = st.dataframe(
        shown,
        key=key,
        alt=alt,
        height=height,
        hide_index=True,
        on_select="rerun",
        selection_mode=["multi-row", "single-cell"],
        column_config={
            "sent": time_column("Sent", zone),
            "recipient": st.column_config.TextColumn("To", width="medium"),
            "subject": st.column_config.TextColumn("Subject", width="medium"),
            "outcome": outcome_column(),
            "reason": st.column_config.TextColumn("Reason", width=130),
            "last_reply": st.column_config.TextColumn("Last reply", width="medium"),
            "attempts": st.column_config.NumberColumn("Attempts", width="small"),
            "sender": st.column_config.TextColumn("From", width="medium"),
            "link": st.column_config.TextColumn("Tie to app row", width="small"),
        },
    )
    return picked(state, len(shown))


def picked(state: Any, rows: int) -> Picked:
    """The selection of a table; rows that are no longer there do not count."""
    chosen = state["selection"]
    cells = [row for row, _ in chosen.get("cells", []) if row < rows]
    return Picked([row for row in chosen.get("rows", []) if row < rows], cells[0] if cells else None)
