"""The parts of the reasons page: its filters, the pictures, the table of reasons."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from lasthop.app import downloads, filters, views
from lasthop.app.chips import chips
from lasthop.app.filter_state import set_to, within
from lasthop.app.known_values import unknown_values
from lasthop.app.safe_text import counted, one_line, plain
from lasthop.app.screen import Screen
from lasthop.app.tables import instants, picked, time_column
from lasthop.explain import in_words
from lasthop.measure import (
    NO_REPLY,
    REQUEST_REFUSED,
    Failures,
    counted_outcomes,
    is_reason,
    meaning_of,
    title_of,
)
from lasthop.measure.rate import FEW
from lasthop.measure.views import View, query_of
from lasthop.model.outcomes import MEANINGS
from lasthop.trace import Query

UNCLASSIFIED = "unclassified"
_SHOWN_NAMES = 3
_WAITING = "reasons_waiting"


@dataclass(frozen=True)
class Asked:
    """What the filters of the page ask for; ``reason`` is the one that is opened, empty for the table of all.

    ``query`` is what to count: it leaves the reason open.
    """

    view: View
    query: Query
    zone: str

    @property
    def waiting(self) -> bool:
        """Whether messages that still wait count too."""
        return self.view.also_waiting

    @property
    def reason(self) -> str:
        """The reason that the address names."""
        return self.view.query.reason

    def show(self, reason: str) -> None:
        """Draw the page anew with this reason, or with the table of all for an empty one."""
        views.keep_address(replace(self.view, query=replace(self.view.query, reason=reason)))
        st.rerun()

    def open_messages(self, reason: str, days: tuple[date, date] | None = None, **narrower: str) -> None:
        """Go to the messages behind a number: of one or several reasons, of some ``days``, with further filters."""
        asked: dict[str, Any] = {"outcomes": counted_outcomes(self.waiting), "reason": reason, **narrower}
        view = View(query=replace(self.view.query, **asked), days=self.view.days)
        if days is not None:
            view = View(query=within(replace(self.query, **asked), days[0], days[1], self.zone))
        views.open_messages(view, self.zone)


def filter_bar(screen: Screen) -> Asked:
    """Draw the filters and whether waiting messages count too; the address follows them, and they follow a link."""
    if followed := views.follow("reasons"):
        set_to(followed, screen.zone)
        st.session_state[_WAITING] = followed.also_waiting
    row = st.container(horizontal=True, vertical_alignment="bottom")
    with row:
        view = filters.bar(screen, "reasons")
        waiting = st.toggle("Also those still waiting", key=_WAITING, persist_state="session")
    chips(view, screen.zone)
    unknown_values(screen, view)
    query = query_of(view, int(screen.snapshot.value("SELECT as_of_ms FROM edge") or 0))
    reason = st.query_params.get("reason", "")
    opened = replace(view.query, reason=reason if is_reason(reason) else "")
    view = replace(view, query=opened, also_waiting=waiting)
    views.keep_address(view)
    with row:
        views.menu(screen, view)
    return Asked(view, query, screen.zone)


def sentence(found: Failures, asked: Asked) -> str:
    """How many were sent and how many failed, as text."""
    to = f" to {asked.query.domain}" if asked.query.domain else ""
    to += f" at {asked.query.receiver}" if asked.query.receiver else ""
    what = "failed or wait" if asked.waiting else "failed"
    line = f"Of {counted(found.sent, 'message')} sent {_when(asked)}{one_line(to)}, {found.total:,} {what}"
    n = dict(zip(found.rows["reason"], found.rows["n"], strict=True))
    apart = {
        UNCLASSIFIED: "with a reply that no rule understands",
        REQUEST_REFUSED: "because SendGrid refused the request",
        NO_REPLY: "without any reply in the loaded data",
    }
    parts = [f"{found.total - sum(n.get(reason, 0) for reason in apart):,} for a known reason"]
    parts += [f"{n[reason]:,} {words}" for reason, words in apart.items() if reason in n]
    return f"{line}: {', '.join(parts)}." if found.total else f"{line}."


def _when(asked: Asked) -> str:
    """The period of sending, in words."""
    query = asked.view.query
    if asked.view.days:
        return f"in the last {counted(asked.view.days, 'day')} of the data"
    if query.since_ms is None and query.until_ms is None:
        return "in the loaded data"
    since = f"from {in_words(query.since_ms, asked.zone)}" if query.since_ms is not None else ""
    # The last instant that counts, not the first that does not.
    return f"{since} to {in_words(query.until_ms - 1, asked.zone)}".strip() if query.until_ms is not None else since


def notes(screen: Screen, found: Failures, asked: Asked) -> dict[str, str]:
    """What goes along with the files of the page."""
    formulas = {"n": _counted_in_words(asked.waiting), "share": f"messages of the reason / {found.total:,}"}
    n = f"{counted(found.total, 'message')} of {found.sent:,} sent, one per recipient"
    return downloads.made_with(screen, asked.query, n, formulas)


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
            "trend": st.column_config.BarChartColumn(spans(found).capitalize(), width=150, y_min=0),
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
    share = (
        f"Share = messages of the reason / {found.total:,}."
        if found.total >= FEW
        else f"No share is shown: {counted(found.total, 'message')} make no percentage."
    )
    return plain(
        f"Click a row for its replies. Messages = {_counted_in_words(asked.waiting)}. "
        f"A message has one reason: that of the reply that decides its outcome. {share} "
        "First and last are times of sending."
    )


def _counted_in_words(waiting: bool) -> str:
    outcomes = ", ".join(MEANINGS[outcome].title.lower() for outcome in counted_outcomes(waiting))
    return f"sent in the period, one per recipient, whose outcome is one of: {outcomes}"


def as_table(found: Failures) -> pd.DataFrame:
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
    return pd.concat([table, spans], axis="columns")


def _named(tops: pd.DataFrame, reason: str) -> str:
    """``google 12, microsoft 3, 4 more``."""
    here = tops[tops["reason"] == reason]
    names = [
        f"{one_line(name) if isinstance(name, str) else '(none)'} {n:,}"
        for name, n in zip(here["name"][:_SHOWN_NAMES], here["n"], strict=False)
    ]
    more = int(here["names"].max()) - len(names) if len(here) else 0
    return ", ".join([*names, f"{more:,} more"] if more > 0 else names)


def spans(found: Failures) -> str:
    """How long the spans are by which the messages are counted, in words."""
    return "sent per day" if found.step == 1 else f"sent per {found.step} days"
