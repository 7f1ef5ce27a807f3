"""The data-health strip of every page: what was loaded, how far it reaches, what is missing.."""

from collections.abc import Sequence
from datetime import date

import pandas as pd
import streamlit as st

from lasthop.app import downloads
from lasthop.app.remembered import remembered
from lasthop.app.safe_text import counted, one_line
from lasthop.app.screen import Screen
from lasthop.app.tables import WRAPPED, instants, time_column
from lasthop.errors import LasthopError
from lasthop.explain import in_words
from lasthop.measure import Health, health
from lasthop.measure.overlap import overlaps
from lasthop.store.sources import Source

_VANTAGES = {"app": "application", "provider": "SendGrid", "receiver": "receiving server", "original": "original"}


_NAMED = 3


def of(screen: Screen) -> Health:
    """How complete the workspace is; asked once for each of its versions."""
    # Every load and removal commits to the events, also one that leaves the messages as they are.
    snapshot, version = screen.snapshot, screen.workspace.events.changed_ns()
    return remembered(screen, f"health {version}", lambda: health(screen.workspace, snapshot))


def strip(screen: Screen) -> None:
    """One line that opens to every number with what it means; nothing while nothing is loaded."""
    try:
        known = of(screen)
    except LasthopError:
        return  # the page says it where it needs the data; Sources has to stay usable for a file that is loaded anew
    if not known.empty:
        _strip(known, screen.zone)


@st.fragment
def _strip(health: Health, zone: str) -> None:
    """A fragment, and drawn when it is opened: pages wait neither for the tables nor, on a click, for themselves."""
    box = st.expander(_line(health, zone), icon=":material/fact_check:", on_change="rerun", key="data_health")
    if not box.open:
        return
    notes = {"zone": zone, "as of": _as_of(health, zone)}
    with box:
        shown = pd.DataFrame(facts(health, zone))
        st.dataframe(
            shown,
            hide_index=True,
            alt="How complete the loaded data is",
            row_height=WRAPPED,
            column_config={
                "What": st.column_config.TextColumn(width=190),
                "Is": st.column_config.TextColumn(width=230),
                "Means": st.column_config.TextColumn(width=390),
            },
        )
        named = source_table(health.sources)
        st.dataframe(
            named,
            hide_index=True,
            alt="Loaded sources and the time that each tells of",
            column_config={
                "source": st.column_config.TextColumn("Source", width=250),
                "first": time_column("First", zone),
                "last": time_column("Last", zone),
                "duplicates": st.column_config.NumberColumn("Duplicates", width=90, format="localized"),
                "overlaps": st.column_config.TextColumn("Overlaps with", width=330),
                "clock": st.column_config.TextColumn("Clock", width=170),
            },
        )
        with st.container(horizontal=True):
            downloads.table_as_csv(shown, "data_health", notes, label="Data health as CSV")
            downloads.table_as_csv(named, "source_ranges", notes, label="Sources as CSV")


def source_table(sources: Sequence[Source]) -> pd.DataFrame:
    """Each source with the time that it tells of, what it repeats, whom it overlaps, and in which zone it was read."""
    others = overlaps(sources)
    return pd.DataFrame(
        {
            "source": [one_line(source.file) for source in sources],
            "first": instants(pd.Series([source.first for source in sources], dtype="Int64")),
            "last": instants(pd.Series([source.last for source in sources], dtype="Int64")),
            "duplicates": [source.duplicates for source in sources],
            "overlaps": [_named(others[source.sha256]) for source in sources],
            "clock": [source.timezone + (", assumed" if source.zone_assumed else "") for source in sources],
        }
    )


def _named(sources: Sequence[Source]) -> str:
    names = [one_line(source.file) for source in sources[:_NAMED]]
    return ", ".join([*names, *([f"{len(sources) - _NAMED:,} more"] if len(sources) > _NAMED else [])])


def _line(health: Health, zone: str) -> str:
    parts = [
        counted(len(health.sources), "source"),
        _range(health, zone),
        f"as of {in_words(health.as_of_ms, zone)}" if health.as_of_ms else _as_of(health, zone),
        f"{health.duplicates:,} duplicates",
        f"{health.rejected:,} rejected",
        f"{health.unlinked_app:,} unlinked",
    ]
    return "Data: " + " · ".join(parts)


def _range(health: Health, zone: str) -> str:
    if health.first_ms is None or health.last_ms is None:
        return "no mail event"
    return f"{in_words(health.first_ms, zone)[:10]} to {in_words(health.last_ms, zone)[:10]}"


def _as_of(health: Health, zone: str) -> str:
    return in_words(health.as_of_ms, zone) if health.as_of_ms else "no SendGrid event is loaded"


def facts(health: Health, zone: str) -> list[dict[str, str]]:
    """Each number of the strip: ``What``, ``Is``, ``Means``."""
    first, last = (in_words(ms, zone) if ms is not None else "none" for ms in (health.first_ms, health.last_ms))
    rows = [
        ("Mail events", f"{first} to {last}", "Stop-list entries do not count: some are years old."),
        (
            "Outcomes are stated as of",
            _as_of(health, zone),
            "The newest SendGrid event that was loaded. What happened later is not known.",
        ),
        (
            "Days without data (UTC)",
            _gaps(health.days_without_data),
            "Between the first and the last day of each system.",
        ),
        (
            "Sources that overlap",
            f"{sum(bool(others) for others in overlaps(health.sources).values()):,} of {len(health.sources):,}",
            "Of one system and over the same time; the table of sources names them.",
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
            "Orphan events",
            f"{health.idless:,}",
            "SendGrid events without a message id: bounces that came later, exports without id columns.",
        ),
        (
            "Assumed clocks",
            counted(len(health.assumed_zones), "source"),
            "Nobody confirmed the zone in which they were read: their times may be off by hours.",
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
