"""How complete the loaded data is: what every other number should be read with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from lasthop.store import Snapshot, Workspace, named_sql, sql_list
from lasthop.store.sources import Source, sources


@dataclass(frozen=True)
class Health:
    """The state of a workspace's data. Instants are epoch ms UTC, None while nothing is loaded.

    ``first_ms``, ``last_ms``: oldest and newest mail event; stop-list entries do not count.
    ``as_of_ms``: newest provider event, None without any; outcomes are stated as of then.
    ``days_without_data``: vantage -> UTC days without any event between its first and its last.
    ``duplicates``: records that repeat an event of a source loaded before; counted once.
    ``rejected``: lines that could not be read.
    ``unlinked_app``: application rows handed over inside the provider's data, with no provider message tied to them.
    ``app_outside``: such rows before or after the provider's data: nothing can be said of them.
    ``ambiguous``: messages whose tie to an application row is one of several that fit as well.
    ``provider_only``: provider messages inside the application log's span without a row in it; None without such a log.
    ``idless``: provider events without an X-Message-Id (asynchronous bounces, exports without id columns).
    ``assumed_zones``: sources whose time zone nobody confirmed.
    """

    sources: tuple[Source, ...]
    first_ms: int | None
    last_ms: int | None
    as_of_ms: int | None
    days_without_data: dict[str, tuple[date, ...]]
    duplicates: int
    rejected: int
    unlinked_app: int
    app_outside: int
    ambiguous: int
    provider_only: int | None
    idless: int
    assumed_zones: tuple[Source, ...]

    @property
    def empty(self) -> bool:
        """Whether nothing has been loaded."""
        return not self.sources


def health(workspace: Workspace, snapshot: Snapshot) -> Health:
    """Count how complete the data is; see ``Health`` for what each number is."""
    loaded = tuple(sources(workspace))
    days = _days(snapshot)
    ends = _ends(snapshot, days)
    (first_ms, last_ms) = (min(e[0] for e in ends.values()), max(e[1] for e in ends.values())) if ends else (None, None)
    counted = _messages(snapshot, ends)
    return Health(
        sources=loaded,
        first_ms=first_ms,
        last_ms=last_ms,
        as_of_ms=snapshot.value("SELECT as_of_ms FROM edge") if "provider" in ends else None,
        days_without_data=_gaps(days),
        duplicates=sum(source.duplicates for source in loaded),
        rejected=sum(source.rejected for source in loaded),
        unlinked_app=counted["unlinked_app"],
        app_outside=counted["app_outside"],
        ambiguous=counted["ambiguous"],
        provider_only=counted["provider_only"] if "app" in ends else None,
        idless=snapshot.value(named_sql("measure", "health_idless")),
        assumed_zones=tuple(source for source in loaded if source.zone_assumed),
    )


def _days(snapshot: Snapshot) -> dict[str, list[date]]:
    """The UTC days with mail events of each vantage, oldest first."""
    found: dict[str, list[date]] = {}
    for row in snapshot.rows(named_sql("measure", "event_days")):
        found.setdefault(row["vantage"], []).append(date.fromisoformat(row["day"]))
    return found


def _ends(snapshot: Snapshot, days: Mapping[str, Sequence[date]]) -> dict[str, tuple[int, int]]:
    """First and last mail event of each vantage; only the days at the ends are looked at."""
    found = {}
    for vantage, held in days.items():
        sql = named_sql("measure", "event_ends").format(days=sql_list({str(held[0]), str(held[-1])}))
        (ends,) = [row for row in snapshot.rows(sql) if row["vantage"] == vantage]
        found[vantage] = (ends["first_ms"], ends["last_ms"])
    return found


def _messages(snapshot: Snapshot, ends: Mapping[str, tuple[int, int]]) -> dict[str, int]:
    """The counts of ``sql/health_messages.sql``."""
    bounds = {
        f"{vantage}_{end}_ms": ends[vantage][place] if vantage in ends else "NULL"
        for vantage in ("app", "provider")
        for place, end in enumerate(("first", "last"))
    }
    (row,) = snapshot.rows(named_sql("measure", "health_messages").format(**bounds))
    return row


def _gaps(days: Mapping[str, Sequence[date]]) -> dict[str, tuple[date, ...]]:
    """The days that are missing between the first and the last day of each vantage."""
    found = {}
    for vantage, held in days.items():
        span = (held[0] + timedelta(days=number) for number in range((held[-1] - held[0]).days))
        if missing := tuple(sorted(set(span) - set(held))):
            found[vantage] = missing
    return found
