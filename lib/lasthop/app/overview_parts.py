"""The parts of the Overview: the headline, the picture by day, what changed, when mail is sent."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from lasthop.app import cohort_filter, filters, state
from lasthop.app.frame import Screen
from lasthop.app.remembered import remembered
from lasthop.app.safe_text import counted, one_line
from lasthop.app.tables import picked
from lasthop.draw import draw_outcomes_by_day, draw_rhythm
from lasthop.measure import FORMULAS, Health, changes, rhythm, title_of
from lasthop.measure.changes import Change
from lasthop.measure.cohort import TAKEN
from lasthop.measure.funnel import Step
from lasthop.measure.marks import LONGEST, Mark, marks, save_marks
from lasthop.measure.rate import FEW, Rate
from lasthop.measure.usual import WEEKS
from lasthop.model.outcomes import FAILED, RETRY_WINDOW_H, Outcome
from lasthop.trace import Query

EVERYTHING, TROUBLE = "All messages", "All but the accepted ones"


def in_share(rate: Rate) -> str:
    """A share for people: with its interval from 20 on, as a count below."""
    if rate.share is None:
        return f"{rate.part:,} of {rate.whole:,}"
    few = ", few" if rate.faint else ""
    return f"{rate.share:.1%} of {rate.whole:,} (95 %: {rate.low:.1%} to {rate.high:.1%}{few})"


def headline(frame: pd.DataFrame, steps: Sequence[Step], health: Health) -> None:
    """How many were sent, what share was accepted, what is open; the share only where the data can carry it."""
    n, waiting, unknown = (int(frame[name].sum()) for name in ("n", Outcome.WAITING, Outcome.UNKNOWN))
    taken = int(frame[list(TAKEN)].sum().sum())
    truncated = int(frame["truncated"].sum())
    accepted = next(step for step in steps if step.name == "Accepted")
    withheld = missing(health, frame)
    share = "" if withheld else f" Of those attempted and finished: {in_share(accepted.rate)} accepted."
    st.text(
        f"{counted(n, 'message')} sent: {taken:,} accepted, {n - taken - waiting - unknown:,} failed, "
        f"{waiting:,} waiting, {unknown:,} unknown.{share}"
    )
    if withheld:
        st.warning(withheld, title="No accepted share is shown")
    with st.expander("How this is counted", icon=":material/calculate:"):
        st.dataframe(
            pd.DataFrame(
                [
                    {"Share": s.name, "Is": in_share(s.rate) if s.rate.whole else "not known", "Formula": s.formula}
                    for s in steps
                ]
            ),
            hide_index=True,
            alt="Shares with their denominators",
        )
        for name, formula in FORMULAS.items():
            st.caption(f"**{name}**: {formula}")
        if truncated:
            st.caption(f"Of {counted(truncated, 'message')} no source tells the start: they count in no share.")


def missing(health: Health, frame: pd.DataFrame) -> str:
    """Why no headline rate can be given for these days; empty when it can."""
    if health.as_of_ms is None:
        return "No SendGrid event is loaded: what became of the messages is not known. Load SendGrid's activity."
    shown = set(frame["key"])
    gaps = [day for day in health.days_without_data.get("provider", ()) if day.isoformat() in shown]
    if gaps:
        return (
            f"SendGrid's data has no event on {counted(len(gaps), 'day')} of these, the first {gaps[0]}: "
            "messages may seem unknown that were delivered. Load the missing days."
        )
    return ""


def by_day(frame: pd.DataFrame, screen: Screen, query: Query) -> None:
    """The picture: outcomes by send day and the accepted share; a click on a bar opens its messages."""
    view = st.segmented_control(
        "Show", [EVERYTHING, TROUBLE], default=EVERYTHING, required=True, key="shown", label_visibility="collapsed"
    )
    shown = [outcome for outcome in Outcome if view == EVERYTHING or outcome is not Outcome.ACCEPTED]
    chosen = st.plotly_chart(
        draw_outcomes_by_day(
            frame,
            shown=shown,
            marks={m.day: m.words for m in marks(screen.workspace)},
            footnote=f"n = {int(frame['n'].sum()):,} messages, {frame['key'].min()} to {frame['key'].max()}, "
            f"{screen.zone}, {cohort_filter.in_words(query)}",
        ),
        key="outcomes_by_day",
        on_select="rerun",
        selection_mode=("points", "box"),
        config={
            "displaylogo": False,
            "modeBarButtonsToRemove": ["lasso2d", "autoScale2d"],
            "toImageButtonOptions": {"format": "png", "filename": "outcomes-by-day", "scale": 2},
        },
        alt=f"{int(frame['n'].sum())} messages by day of sending and outcome, and the accepted share of each day",
    )
    _open_selected(chosen, query)
    st.caption(
        f"One message per recipient, on the day it was sent ({screen.zone}). Waiting is hatched, unknown an outline. "
        f"Below: the accepted share with its 95 % interval; days younger than {RETRY_WINDOW_H} hours have the range "
        f"that is still possible, days with fewer than {FEW} attempted have none. Click a bar, or draw a box, to open "
        "its messages."
    )


def _open_selected(chosen: Any, query: Query) -> None:
    """Go to the messages behind the bars that were clicked or boxed."""
    points = [point["customdata"] for point in chosen["selection"]["points"] if len(point.get("customdata") or ()) == 2]
    bars = [(str(day), str(outcome)) for day, outcome in points if outcome in set(Outcome)]
    if not bars:
        return
    days = sorted(date.fromisoformat(day) for day, _ in bars)
    outcomes = tuple(dict.fromkeys(Outcome(outcome) for _, outcome in bars))
    open_messages(replace(query, outcomes=outcomes), days=(days[0], days[-1]))


def open_messages(query: Query, *, period: str = filters.ANY, days: tuple[date, date] | None = None) -> None:
    """Go to the messages page with these filters."""
    state.show_messages(query, period=period, days=days)
    st.switch_page("pages/messages.py")


def what_changed(screen: Screen, query: Query, days: int) -> None:
    """Reasons and domains that are new or clearly up; a click opens the messages."""
    st.subheader("What changed", anchor=False)
    reasons = remembered(screen, f"reasons {days} {query}", lambda: changes(screen.snapshot, "reason", days, query))
    domains = remembered(screen, f"domains {days} {query}", lambda: changes(screen.snapshot, "domain", days, query))
    both = (reasons, domains)
    found = [change for one in both for change in one.found]
    looked = f"{counted(both[0].looked_at, 'reason')} and {counted(both[1].looked_at, 'domain')}"
    if not found:
        st.text(f"Nothing fails newly or clearly more often than on the same weekdays before: {looked} were looked at.")
    else:
        _change_table(found, query, days)
    st.caption(
        f"Failures of the last {days} days of the data against the same weekdays of the {WEEKS} weeks before. "
        f"Clearly more: Fisher's exact test, with at most 5 % false findings among the {looked} looked at (Benjamini "
        f"and Hochberg); fewer than {FEW} messages on either side are not looked at. New: it failed in none of the "
        "weeks before."
    )


def _change_table(found: Sequence[Change], query: Query, days: int) -> None:
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
    clicked = picked(event, len(shown)).clicked
    if clicked is not None:
        change = found[clicked]
        failed = replace(query, outcomes=FAILED)
        asked = replace(failed, reason=change.key) if change.what == "reason" else replace(failed, domain=change.key)
        open_messages(asked, period=filters.period_of(days))


def when_sent(screen: Screen, query: Query) -> None:
    """Hours of the day by weekday: how much is sent, or how much of it is refused."""
    st.subheader("When mail is sent", anchor=False)
    views = {"Messages sent": "sent", "Share refused": "refused"}
    view = st.segmented_control(
        "Shows", list(views), default="Messages sent", required=True, key="rhythm_shows", label_visibility="collapsed"
    )
    cells = remembered(screen, f"rhythm {query} {screen.zone}", lambda: rhythm(screen.snapshot, query, screen.zone))
    st.plotly_chart(
        draw_rhythm(cells, "refused" if views[view] == "refused" else "sent"),
        key="rhythm",
        config={"displayModeBar": False},
        alt=f"{view} by weekday and hour, {screen.zone}",
    )
    st.caption(
        f"Weekday and hour of sending ({screen.zone}). Share refused: (bounced + blocked + expired) / attempted and "
        f"finished; hours with fewer than {FEW} attempted are left empty."
    )


def mark_days(screen: Screen) -> None:
    """Type what happened on a day, so that the chart shows it; take marks away again."""
    kept = marks(screen.workspace)
    with st.popover("Mark a day", icon=":material/bookmark_add:"), st.form("mark", clear_on_submit=True, border=False):
        day = st.date_input("Day", value=None, key="mark_day")
        words = st.text_input("What happened", key="mark_words", max_chars=LONGEST, placeholder="DNS changed, deploy …")
        gone = st.multiselect(
            "Take away", kept, key="marks_gone", format_func=lambda mark: f"{mark.day} {one_line(mark.words)}"
        )
        if st.form_submit_button("Save", key="save_marks"):
            new = (Mark(day, words),) if isinstance(day, date) and words else ()
            save_marks(screen.workspace, (*(mark for mark in kept if mark not in gone), *new))
            st.rerun()
