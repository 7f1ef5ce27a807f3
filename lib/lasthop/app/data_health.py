"""The data-health strip: what was loaded, how far it reaches, and what is missing; it opens to the details."""

from datetime import date

import pandas as pd
import streamlit as st

from lasthop.app.safe_text import counted, one_line
from lasthop.app.tables import WRAPPED
from lasthop.explain import in_words
from lasthop.measure import Health

_VANTAGES = {"app": "application", "provider": "SendGrid", "receiver": "receiving server", "original": "original"}


def strip(health: Health, zone: str) -> None:
    """One line that opens to every number with what it means."""
    with st.expander(_line(health, zone), icon=":material/fact_check:"):
        st.dataframe(
            pd.DataFrame(facts(health, zone)),
            hide_index=True,
            alt="How complete the loaded data is",
            row_height=WRAPPED,
            column_config={
                "What": st.column_config.TextColumn(width=220),
                "Is": st.column_config.TextColumn(width=330),
            },
        )
        if health.assumed_zones:
            names = ", ".join(one_line(source.file) for source in health.assumed_zones)
            st.text(f"Time zone not confirmed by anyone: {names}")


def _line(health: Health, zone: str) -> str:
    parts = [
        counted(len(health.sources), "source"),
        f"{_day(health.first_ms, zone)} to {_day(health.last_ms, zone)}",
        f"as of {in_words(health.as_of_ms, zone)}" if health.as_of_ms else "no SendGrid event is loaded",
        f"{health.duplicates:,} duplicates",
        f"{health.rejected:,} rejected",
        f"{health.unlinked_app:,} unlinked",
    ]
    return "Data: " + " · ".join(parts)


def _day(time_ms: int | None, zone: str) -> str:
    return in_words(time_ms, zone)[:10] if time_ms is not None else "no events"


def facts(health: Health, zone: str) -> list[dict[str, str]]:
    """Each number of the strip: ``What``, ``Is``, ``Means``."""
    first, last = (in_words(ms, zone) if ms is not None else "none" for ms in (health.first_ms, health.last_ms))
    rows = [
        ("Mail events", f"{first} to {last}", "Stop-list entries do not count: some are years old."),
        (
            "Outcomes are stated as of",
            in_words(health.as_of_ms, zone) if health.as_of_ms else "no SendGrid event is loaded",
            "The newest SendGrid event that was loaded. What happened later is not known.",
        ),
        (
            "Days without data (UTC)",
            _gaps(health.days_without_data),
            "Between the first and the last day of each system.",
        ),
        ("Duplicates", f"{health.duplicates:,}", "Records that repeat an event of another source; counted once."),
        ("Rejected lines", f"{health.rejected:,}", "Could not be read. Sources shows each with its reason."),
        (
            "Unlinked application rows",
            f"{health.unlinked_app:,}",
            "Handed over while SendGrid data is loaded, and no SendGrid message fits.",
        ),
        (
            "Rows outside the SendGrid data",
            f"{health.app_outside:,}",
            "Handed over before its first or after its last event: nothing can be said of them.",
        ),
        (
            "Ambiguous ties",
            f"{health.ambiguous:,}",
            "Messages for which several partners fit as well. Nothing was decided.",
        ),
        (
            "SendGrid messages without a row",
            "no application log loaded" if health.provider_only is None else f"{health.provider_only:,}",
            "Sent while the application log was kept, but not in it.",
        ),
        (
            "Events without an id",
            f"{health.idless:,}",
            "SendGrid names no message in them: bounces that came later do so.",
        ),
        (
            "Time zones nobody confirmed",
            f"{len(health.assumed_zones):,}",
            "Times of these sources may be off by hours.",
        ),
    ]
    return [{"What": what, "Is": value, "Means": means} for what, value, means in rows]


def _gaps(gaps: dict[str, tuple[date, ...]]) -> str:
    if not gaps:
        return "none"
    return "; ".join(
        f"{_VANTAGES.get(vantage, vantage)}: {counted(len(days), 'day')} from {days[0]} to {days[-1]}"
        for vantage, days in gaps.items()
    )
