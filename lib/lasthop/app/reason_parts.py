"""The parts of the reasons page: its filters, the pictures, the table of reasons."""

from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
import streamlit as st

from lasthop.app import filters, state
from lasthop.app.frame import Screen
from lasthop.app.safe_text import counted, one_line, plain
from lasthop.app.tables import instants, picked, time_column
from lasthop.draw import draw_reason_map
from lasthop.measure import NO_REPLY, REQUEST_REFUSED, Failures, counted_outcomes, meaning_of, title_of
from lasthop.measure.local import DAY_MS
from lasthop.measure.rate import FEW
from lasthop.model.outcomes import MEANINGS, Outcome
from lasthop.pack.csv import csv_bytes
from lasthop.trace import Query

UNCLASSIFIED = "unclassified"
ALL_RECEIVERS = "All receivers"
BY_RECEIVER, BY_DOMAIN = "By receiver", "By domain"
PERIODS = {name: words for name, words in (
    (filters.period_of(7), "in the last 7 days of the data"),
    (filters.period_of(30), "in the last 30 days of the data"),
    (filters.ANY, "in the loaded data"),
)}  # fmt: skip
_SHOWN_REASONS, _SHOWN_NAMES = 12, 3
_APART = {REQUEST_REFUSED: "Request refused", NO_REPLY: "No reply"}  # titles short enough for a picture
_CONTROL = 32  # pixels of a segmented control: what stands beside one is as high, so that the rows below are level


@dataclass(frozen=True)
class Asked:
    """What the filters of the page ask for; ``period`` is the name of the same period on the messages page."""

    query: Query
    period: str
    waiting: bool

    def open_messages(self, reason: str, reply_form: str = "") -> None:
        """Go to the messages behind a number."""
        refused = reason == REQUEST_REFUSED
        query = replace(
            self.query,
            outcomes=(Outcome.NOT_HANDED_OVER,) if refused else counted_outcomes(self.waiting),
            reason="" if reason in _APART else reason,
            no_reason=reason == NO_REPLY,
            reply_form=reply_form,
        )
        state.show_messages(query, period=self.period)
        st.switch_page("pages/messages.py")


def filter_bar(screen: Screen) -> Asked:
    """Draw period, receiver, domain and whether waiting messages count too."""
    known = screen.snapshot.rows("SELECT DISTINCT receiver FROM messages WHERE receiver IS NOT NULL ORDER BY receiver")
    receivers = [ALL_RECEIVERS, *(row["receiver"] for row in known)]
    if st.session_state.get(state.WHY_RECEIVER) not in receivers:
        st.session_state[state.WHY_RECEIVER] = ALL_RECEIVERS
    st.session_state.setdefault(state.WHY_PERIOD, filters.period_of(30))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        period = st.selectbox(
            "Sent", list(PERIODS), key=state.WHY_PERIOD, persist_state="session", width=170,
            help="Counted back from the newest data.",
        )  # fmt: skip
        receiver = st.selectbox(
            "Receiver", receivers, key=state.WHY_RECEIVER, persist_state="session", width=190,
            help="Who runs the receiving server, by its host, else by the domain; other is everybody else.",
        )  # fmt: skip
        domain = st.text_input(
            "Receiving domain", key=state.WHY_DOMAIN, persist_state="session", width=230, placeholder="example.com"
        )
        waiting = st.toggle("Also those still waiting", key=state.WHY_WAITING, persist_state="session")
    days, edge = filters.PERIODS[period], screen.snapshot.value("SELECT as_of_ms FROM edge") or 0
    query = Query(
        since_ms=edge - days * DAY_MS if days else None,
        domain=(domain or "").strip().lower(),
        receiver="" if receiver == ALL_RECEIVERS else receiver,
    )
    return Asked(query, period, waiting)


def sentence(found: Failures, asked: Asked) -> str:
    """How many were sent and how many failed, as text."""
    to = f" to {asked.query.domain}" if asked.query.domain else ""
    to += f" at {asked.query.receiver}" if asked.query.receiver else ""
    what = "failed or wait" if asked.waiting else "failed"
    line = f"Of {counted(found.sent, 'message')} sent {PERIODS[asked.period]}{one_line(to)}, {found.total:,} {what}"
    n = dict(zip(found.rows["reason"], found.rows["n"], strict=True))
    apart = {
        UNCLASSIFIED: "with a reply that no rule understands",
        REQUEST_REFUSED: "because SendGrid refused the request",
        NO_REPLY: "without any reply in the loaded data",
    }
    parts = [f"{found.total - sum(n.get(reason, 0) for reason in apart):,} for a known reason"]
    parts += [f"{n[reason]:,} {words}" for reason, words in apart.items() if reason in n]
    return f"{line}: {', '.join(parts)}." if found.total else f"{line}."


def pictures(found: Failures) -> None:
    """Reasons by receiver or domain, and reasons over time, side by side where there is room."""
    left, right = st.columns(2, gap="medium")
    with left:
        one = found.by_receiver.shape[1] < 2
        view = st.segmented_control(
            "Columns", [BY_RECEIVER, BY_DOMAIN], default=BY_DOMAIN if one else BY_RECEIVER, required=True,
            key="why_columns", label_visibility="collapsed",
        )  # fmt: skip
        st.plotly_chart(
            draw_reason_map(condensed(found.by_receiver if view == BY_RECEIVER else found.by_domain)),
            key="reason_map",
            config={"displayModeBar": False},
            alt=f"{found.total} messages by reason and {'receiver' if view == BY_RECEIVER else 'domain'}",
        )
    with right:
        with st.container(height=_CONTROL, border=False, vertical_alignment="center"):
            st.text(_spans(found).capitalize())
        st.plotly_chart(
            draw_reason_map(condensed(found.by_time)),
            key="reason_days",
            config={"displayModeBar": False},
            alt=f"{found.total} messages by reason and time of sending, {_spans(found)}",
        )


def condensed(counts: pd.DataFrame) -> pd.DataFrame:
    """The most frequent reasons by their titles, all the others in one row, what has no reason in rows of its own."""
    apart = [name for name in counts.index if name in (REQUEST_REFUSED, NO_REPLY)]
    named = [name for name in counts.index if name not in apart]
    kept = named if len(named) <= _SHOWN_REASONS + 1 else named[:_SHOWN_REASONS]
    shown = counts.loc[kept].rename(index=title_of)
    if rest := named[len(kept) :]:
        shown.loc[f"{len(rest)} other reasons"] = counts.loc[rest].sum()
    return pd.concat([shown, counts.loc[apart].rename(index=_APART)])


def reason_table(found: Failures, zone: str) -> str | None:
    """The table of reasons; returns the one that was clicked."""
    shown = pd.DataFrame(
        {
            "reason": found.rows["reason"].map(title_of),
            "n": found.rows["n"],
            "share": found.rows["share"] * 100,
            "trend": [counts.tolist() for counts in found.by_time.to_numpy()],
            "who": [meaning_of(reason).who for reason in found.rows["reason"]],
            "receivers": [_named(found.receivers, reason) for reason in found.rows["reason"]],
            "domains": [_named(found.domains, reason) for reason in found.rows["reason"]],
            "first": instants(found.rows["first_ms"]),
            "last": instants(found.rows["last_ms"]),
            "next": [meaning_of(reason).next_step for reason in found.rows["reason"]],
        }
    )
    chosen = st.dataframe(
        shown,
        key="reasons_table",
        alt="Failed messages by reason",
        height="content",
        hide_index=True,
        on_select="rerun",
        selection_mode=["single-row", "single-cell"],
        column_config={
            "reason": st.column_config.TextColumn("Reason", width=200, pinned=True),
            "n": st.column_config.NumberColumn("Messages", width=80, format="localized"),
            "share": st.column_config.NumberColumn("Share", width=70, format="%.1f%%") if found.total >= FEW else None,
            "trend": st.column_config.BarChartColumn(_spans(found).capitalize(), width=150, y_min=0),
            "who": st.column_config.TextColumn("Who can fix it", width=130),
            "receivers": st.column_config.TextColumn("Receivers", width=150),
            "domains": st.column_config.TextColumn("Domains", width=240),
            "first": time_column("First sent", zone),
            "last": time_column("Last sent", zone),
            "next": st.column_config.TextColumn("What to do", width="large"),
        },
    )
    here = picked(chosen, len(shown))
    row = here.clicked if here.clicked is not None else next(iter(here.ticked), None)
    return None if row is None else str(found.rows["reason"][row])


def formulas(found: Failures, asked: Asked) -> str:
    """How the numbers of the table are made, as Markdown."""
    outcomes = ", ".join(MEANINGS[outcome].title.lower() for outcome in counted_outcomes(asked.waiting))
    share = (
        f"Share = messages of the reason / {found.total:,}."
        if found.total >= FEW
        else f"No share is shown: {counted(found.total, 'message')} make no percentage."
    )
    return plain(
        f"Click a row for its replies. Messages = sent in the period, one per recipient, whose outcome is one of: "
        f"{outcomes}. A message has one reason: that of the reply that decides its outcome. {share} "
        "First and last are times of sending."
    )


def table_csv(found: Failures) -> bytes:
    """The table with one column for each span of days; times in UTC."""
    rows = found.rows
    table = pd.DataFrame(
        {
            "reason": rows["reason"],
            "title": rows["reason"].map(title_of),
            "messages": rows["n"],
            "share": rows["share"],
            "who_can_fix_it": [meaning_of(reason).who for reason in rows["reason"]],
            "receivers": [_named(found.receivers, reason) for reason in rows["reason"]],
            "domains": [_named(found.domains, reason) for reason in rows["reason"]],
            "first_sent": instants(rows["first_ms"]),
            "last_sent": instants(rows["last_ms"]),
            "what_to_do": [meaning_of(reason).next_step for reason in rows["reason"]],
        }
    )
    spans = found.by_time.reset_index(drop=True).rename(columns=lambda day: f"sent_from_{day:%Y-%m-%d}")
    return csv_bytes(pd.concat([table, spans], axis="columns"))


def download(data: Any, name: str, key: str) -> None:
    """A button that hands out ``data`` (bytes, or what makes them) as a CSV file."""
    st.download_button(
        "Download as CSV", data=data, file_name=f"{name}.csv", mime="text/csv", on_click="ignore", key=key,
        icon=":material/download:",
    )  # fmt: skip


def _named(tops: pd.DataFrame, reason: str) -> str:
    """``google 12, microsoft 3, 4 more``."""
    here = tops[tops["reason"] == reason]
    names = [
        f"{one_line(name) if isinstance(name, str) else '(none)'} {n:,}"
        for name, n in zip(here["name"][:_SHOWN_NAMES], here["n"], strict=False)
    ]
    more = int(here["names"].max()) - len(names) if len(here) else 0
    return ", ".join([*names, f"{more:,} more"] if more > 0 else names)


def _spans(found: Failures) -> str:
    return "sent per day" if found.step == 1 else f"sent per {found.step} days"
