"""The parts of the Overview: the headline, the picture by day, what changed, when mail is sent."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from lasthop.app import charts, downloads, views, withheld
from lasthop.app.filter_state import instants_of
from lasthop.app.remembered import remembered
from lasthop.app.safe_text import counted, one_line
from lasthop.app.screen import Screen
from lasthop.app.tables import picked
from lasthop.draw import draw_outcomes_by_day, draw_rhythm
from lasthop.measure import FORMULAS, changes, rhythm, title_of
from lasthop.measure.changes import Change
from lasthop.measure.cohort import TAKEN
from lasthop.measure.funnel import Step
from lasthop.measure.marks import LONGEST, Mark, marks, save_marks
from lasthop.measure.rate import FEW, Rate
from lasthop.measure.usual import WEEKS
from lasthop.measure.views import View
from lasthop.model.outcomes import FAILED, RETRY_WINDOW_H, Outcome
from lasthop.trace import Query

EVERYTHING, TROUBLE = "All messages", "All but the accepted ones"


def in_share(rate: Rate) -> str:
    """A share for people: with its interval from 20 on, as a count below."""
    if rate.share is None:
        return f"{rate.part:,} of {rate.whole:,}"
    few = ", few" if rate.faint else ""
    return f"{rate.share:.1%} of {rate.whole:,} (95 %: {rate.low:.1%} to {rate.high:.1%}{few})"


def headline(frame: pd.DataFrame, steps: Sequence[Step], missing: str, notes: Mapping[str, str]) -> None:
    """How many were sent, what share was accepted, what is open; ``missing`` says why there can be no share."""
    n, waiting, unknown = (int(frame[name].sum()) for name in ("n", Outcome.WAITING, Outcome.UNKNOWN))
    taken = int(frame[list(TAKEN)].sum().sum())
    truncated = int(frame["truncated"].sum())
    accepted = next(step for step in steps if step.name == "Accepted")
    share = "" if missing else f" Of those attempted and finished: {in_share(accepted.rate)} accepted."
    st.text(
        f"{counted(n, 'message')} sent: {taken:,} accepted, {n - taken - waiting - unknown:,} failed, "
        f"{waiting:,} waiting, {unknown:,} unknown.{share}"
    )
    withheld.say(missing)
    with st.expander("How this is counted", icon=":material/calculate:"):
        shares = pd.DataFrame(
            [
                {
                    "Share": step.name,
                    "Is": "withheld" if missing and withheld.is_accepted_share(step.name) else _known(step.rate),
                    "Formula": step.formula,
                }
                for step in steps
            ]
        )
        st.dataframe(shares, hide_index=True, alt="Shares with their denominators")
        for name, formula in FORMULAS.items():
            st.caption(f"**{name}**: {formula}")
        if truncated:
            st.caption(f"Of {counted(truncated, 'message')} no source tells the start: they count in no share.")
        downloads.table_as_csv(shares, "shares", {**notes, **({"withheld": missing} if missing else {})})


def _known(rate: Rate) -> str:
    return in_share(rate) if rate.whole else "not known"


def by_day(frame: pd.DataFrame, screen: Screen, query: Query, notes: Mapping[str, str]) -> None:
    """The picture: outcomes by send day and the accepted share; a click on a bar opens its messages."""
    view = st.segmented_control(
        "Show", [EVERYTHING, TROUBLE], default=EVERYTHING, required=True, key="shown", label_visibility="collapsed"
    )
    shown = [outcome for outcome in Outcome if view == EVERYTHING or outcome is not Outcome.ACCEPTED]
    picture, bar = st.container(), st.container(horizontal=True)
    with bar:
        mark_days(screen)
    with picture:
        chosen = charts.picture(
            draw_outcomes_by_day(frame, shown=shown, marks={m.day: m.words for m in marks(screen.workspace)}),
            "outcomes_by_day",
            alt=f"{int(frame['n'].sum())} messages by day of sending and outcome, and the accepted share of each day",
            data=frame,
            notes=notes,
            selects=True,
            bar=bar,
        )
    _open_selected(chosen, query, screen.zone)
    picture.caption(
        f"One message per recipient, on the day it was sent ({screen.zone}). Waiting is hatched, unknown an outline. "
        f"Below: the accepted share with its 95 % interval; days younger than {RETRY_WINDOW_H} hours have the range "
        f"that is still possible, days with fewer than {FEW} attempted have none. Click a bar, or draw a box, to open "
        "its messages."
    )


def _open_selected(chosen: Any, query: Query, zone: str) -> None:
    """Go to the messages behind the bars that were clicked or boxed."""
    points = [point["customdata"] for point in chosen["selection"]["points"] if len(point.get("customdata") or ()) == 2]
    bars = [(str(day), str(outcome)) for day, outcome in points if outcome in set(Outcome)]
    if not bars:
        return
    days = sorted(date.fromisoformat(day) for day, _ in bars)
    outcomes = tuple(dict.fromkeys(Outcome(outcome) for _, outcome in bars))
    span = instants_of(days[0], days[-1], zone)
    views.open_messages(View(query=replace(query, outcomes=outcomes, **span)), zone)


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
        _change_table(screen, found, query, days)
    st.caption(
        f"Failures of the last {days} days of the data against the same weekdays of the {WEEKS} weeks before. "
        f"Clearly more: Fisher's exact test, with at most 5 % false findings among the {looked} looked at (Benjamini "
        f"and Hochberg); fewer than {FEW} messages on either side are not looked at. New: it failed in none of the "
        "weeks before."
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
    """Hours of the day by weekday: how much is sent, or how much of it is refused."""
    st.subheader("When mail is sent", anchor=False)
    views = {"Messages sent": "sent", "Share refused": "refused"}
    view = st.segmented_control(
        "Shows", list(views), default="Messages sent", required=True, key="rhythm_shows", label_visibility="collapsed"
    )
    cells = remembered(screen, f"rhythm {query} {screen.zone}", lambda: rhythm(screen.snapshot, query, screen.zone))
    refused = {"share refused": "(bounced + blocked + expired) / attempted and finished; weekday 0 is Monday"}
    charts.picture(
        draw_rhythm(cells, "refused" if views[view] == "refused" else "sent"),
        "rhythm",
        alt=f"{view} by weekday and hour, {screen.zone}",
        data=cells,
        notes=downloads.made_with(screen, query, int(cells["n"].sum()), refused),
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
