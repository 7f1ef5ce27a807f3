"""The parts of the Overview: the picture by day, what changed, when mail is sent."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from lasthop.app import charts, downloads, marked_days, views
from lasthop.app.filter_state import within
from lasthop.app.remembered import remembered
from lasthop.app.safe_text import counted, one_line
from lasthop.app.screen import Screen
from lasthop.app.tables import picked
from lasthop.draw import draw_outcomes_by_day, draw_rhythm
from lasthop.explain import in_words
from lasthop.measure import changes, rhythm, title_of
from lasthop.measure.changes import Change
from lasthop.measure.marks import marks
from lasthop.measure.rate import FEW, SOME
from lasthop.measure.usual import WEEKS
from lasthop.measure.views import View
from lasthop.model.outcomes import FAILED, RETRY_WINDOW_H, Outcome
from lasthop.trace import Query

EVERYTHING, TROUBLE = "All messages", "All but the accepted ones"
_BY_DAY = (
    "bars: messages by day of sending and the outcome known now; accepted: taken by the receiving server / attempted "
    "and finished, 95 % Wilson interval, for young days the range if all that are open end as refused or as accepted"
)


def by_day(frame: pd.DataFrame, screen: Screen, query: Query, notes: Mapping[str, str]) -> None:
    """The picture: outcomes by send day and the accepted share; a click on a bar opens its messages."""
    with st.container(horizontal=True):
        view = st.segmented_control(
            "Show", [EVERYTHING, TROUBLE], default=EVERYTHING, required=True, key="shown", label_visibility="collapsed"
        )
        marked_days.menu(screen)
    shown = [outcome for outcome in Outcome if view == EVERYTHING or outcome is not Outcome.ACCEPTED]
    marked = {mark.day: mark.words for mark in marks(screen.workspace)}
    chosen = charts.picture(
        draw_outcomes_by_day(frame, shown=shown, marks=marked, edge=_edge_of(screen, query)),
        "outcomes_by_day",
        alt=f"{int(frame['n'].sum())} messages by day of sending and outcome, and the accepted share of each day",
        data=frame,
        notes=notes,
        formula=_BY_DAY,
        selects=True,
    )
    _open_selected(chosen, query, screen.zone)
    st.caption(
        f"One message per recipient, on the day it was sent ({screen.zone}). Waiting is hatched, unknown an outline. "
        f"Below: the accepted share with its 95 % interval, in grey below {SOME} attempted; days younger than "
        f"{RETRY_WINDOW_H} hours have the range that is still possible, days with fewer than {FEW} have none. The line "
        "at the right is where the data ends. Click a bar, or draw a box, to open its messages."
    )


def _edge_of(screen: Screen, query: Query) -> datetime | None:
    """When the data ends, on the clock of the zone; None where the period ends before."""
    edge_ms = screen.snapshot.value("SELECT as_of_ms FROM edge")
    if edge_ms is None or (query.until_ms is not None and query.until_ms <= edge_ms):
        return None
    return datetime.fromtimestamp(int(edge_ms) / 1000, UTC).astimezone(ZoneInfo(screen.zone)).replace(tzinfo=None)


def _open_selected(chosen: Any, query: Query, zone: str) -> None:
    """Go to the messages behind the bars that were clicked or boxed."""
    bars = [(str(day), str(outcome)) for day, outcome in charts.selected(chosen) if outcome in set(Outcome)]
    if not bars:
        return
    days = sorted(date.fromisoformat(day) for day, _ in bars)
    outcomes = tuple(dict.fromkeys(Outcome(outcome) for _, outcome in bars))
    views.open_messages(View(query=within(replace(query, outcomes=outcomes), days[0], days[-1], zone)), zone)


def what_changed(screen: Screen, query: Query, days: int) -> None:
    """Reasons and domains that are new or clearly up; a click opens the messages."""
    st.subheader("What changed", anchor=False)
    reasons = remembered(screen, f"reasons {days} {query}", lambda: changes(screen.snapshot, "reason", days, query))
    domains = remembered(screen, f"domains {days} {query}", lambda: changes(screen.snapshot, "domain", days, query))
    both = (reasons, domains)
    found = [change for one in both for change in one.found]
    looked = f"{counted(both[0].looked_at, 'reason')} and {counted(both[1].looked_at, 'domain')}"
    narrowed = replace(query, since_ms=None, until_ms=None, zone="UTC") != Query()
    among = f"{looked} looked at" + (" with the filters above" if narrowed else "")
    if not found:
        st.text(f"Nothing fails newly or clearly more often than on the same weekdays before, among {among}.")
    else:
        st.text(f"{counted(len(found), 'row')} below: what fails newly or clearly more often, among {among}.")
        _change_table(screen, found, query, days)
    since = in_words(both[0].since_ms, screen.zone)
    st.caption(
        f"Failures of the last {days} days of the data (since {since}), whatever period is chosen above, against the "
        f"same weekdays of {WEEKS} weeks before. Clearly more: chance alone would hardly give as many (Fisher's exact "
        f"test), with at most 5 % false findings among the {looked} looked at (Benjamini and Hochberg); fewer than "
        f"{FEW} messages on either side are not looked at. New: it failed in none of the weeks before."
    )


def _change_table(screen: Screen, found: Sequence[Change], query: Query, days: int) -> None:
    shown = pd.DataFrame(
        {
            "what": ["Reason" if change.what == "reason" else "Domain" for change in found],
            "name": [title_of(c.key) if c.what == "reason" else one_line(c.key) for c in found],
            "is": ["new" if change.new else "clearly more" for change in found],
            "now": [f"{change.pair.part:,} of {change.pair.whole:,}" for change in found],
            "before": [f"{change.pair.before:,} of {change.pair.whole_before:,}" for change in found],
        }
    )
    event = st.dataframe(
        shown, key="changes", hide_index=True, on_select="rerun", selection_mode="single-cell", alt="What changed",
        column_config={"what": "What", "name": "Which", "is": "Is", "now": "Failed now", "before": "Before"},
    )  # fmt: skip
    how = {
        "compared": f"failures of the last {days} days of the data with the same weekdays of the {WEEKS} weeks before",
        "clearly more": "Fisher's exact test, one-sided, at most 5 % false findings (Benjamini and Hochberg)",
    }
    notes = downloads.made_with(screen, replace(query, since_ms=None, until_ms=None), "in every cell") | how
    downloads.table_as_csv(shown, "what_changed", notes)
    clicked = picked(event, len(shown)).clicked
    if clicked is not None:
        change = found[clicked]
        failed = replace(query, outcomes=FAILED)
        asked = replace(failed, reason=change.key) if change.what == "reason" else replace(failed, domain=change.key)
        views.open_messages(View(query=asked, days=days), screen.zone)


def when_sent(screen: Screen, query: Query) -> None:
    """Hours of the day by weekday: how much is sent, or how much of it is refused; a click opens the messages."""
    st.subheader("When mail is sent", anchor=False)
    kinds = {"Messages sent": "sent", "Share refused": "refused"}
    view = st.segmented_control(
        "Shows", list(kinds), default="Messages sent", required=True, key="rhythm_shows", label_visibility="collapsed"
    )
    cells = remembered(screen, f"rhythm {query} {screen.zone}", lambda: rhythm(screen.snapshot, query, screen.zone))
    share = "share refused = (bounced + blocked + expired) / attempted and finished"
    shown = share if kinds[view] == "refused" else "messages by weekday and hour of sending"
    refused = {"share refused": f"{share}; weekday 0 is Monday"}
    chosen = charts.picture(
        draw_rhythm(cells, "refused" if kinds[view] == "refused" else "sent"),
        "rhythm",
        alt=f"{view} by weekday and hour, {screen.zone}",
        data=cells,
        notes=downloads.made_with(screen, query, int(cells["n"].sum()), refused),
        formula=shown,
        selects=True,
    )
    st.caption(
        f"Weekday and hour of sending ({screen.zone}). Share refused: (bounced + blocked + expired) / attempted and "
        f"finished; hours with fewer than {FEW} attempted are left empty, with fewer than {SOME} grey. Click an hour, "
        "or draw a box, to open its messages."
    )
    places = sorted({int(day) * 24 + int(hour) for day, hour in charts.selected(chosen)})
    if places:
        asked = replace(query, week_hours=tuple(places), zone=screen.zone)
        views.open_messages(View(query=asked), screen.zone)
