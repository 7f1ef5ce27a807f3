"""When no accepted share is shown, on any page: on days for which the source that tells of acceptance is missing."""

from collections.abc import Iterable
from datetime import date

import pandas as pd
import streamlit as st

from lasthop.app import data_health
from lasthop.app.filter_state import day_of
from lasthop.app.remembered import remembered
from lasthop.app.safe_text import counted
from lasthop.app.screen import Screen
from lasthop.measure import Health, outcomes_by
from lasthop.measure.local import DAY_MS, midnight_ms
from lasthop.trace import Query

TITLE = "No accepted share is shown"


def missing(health: Health, days: Iterable[str], zone: str) -> str:
    """Why messages sent on these ``days`` (ISO dates in ``zone``) can have no accepted share; empty when they can."""
    if health.as_of_ms is None:
        return "No SendGrid event is loaded: what became of the messages is not known. Load SendGrid's activity."
    shown = set(days)
    gaps = [day for day in health.days_without_data.get("provider", ()) if shown & _touched(day, zone)]
    if gaps:
        return (
            f"SendGrid's data has no event on {counted(len(gaps), 'day')} (UTC) of these, the first {gaps[0]}: "
            "messages may seem unknown that were delivered. Load the missing days."
        )
    return ""


def _touched(day: date, zone: str) -> set[str]:
    """The days of ``zone`` that a day in UTC, as events are filed, reaches into."""
    begins_ms = midnight_ms(day, "UTC")
    return {day_of(begins_ms, zone).isoformat(), day_of(begins_ms + DAY_MS - 1, zone).isoformat()}


def missing_of(screen: Screen, *queries: Query) -> str:
    """The same for the messages of some queries; empty when all of them can have their share."""
    days = [str(day) for query in queries for day in _by_day(screen, query)["key"]]
    return missing(data_health.of(screen), days, screen.zone)


def count_of(screen: Screen, query: Query) -> int:
    """How many messages the query chooses."""
    return int(_by_day(screen, query)["n"].sum())


def _by_day(screen: Screen, query: Query) -> pd.DataFrame:
    return remembered(
        screen, f"days {query} {screen.zone}", lambda: outcomes_by(screen.snapshot, "day", query, screen.zone)
    )


def say(why: str) -> None:
    """Say that the share is withheld, and why; nothing when it is not."""
    if why:
        st.warning(why, title=TITLE)


def is_accepted_share(name: str) -> bool:
    """Whether a share of the funnel or of a comparison, by its name, is one of those that are withheld."""
    return name.startswith("Accepted")
