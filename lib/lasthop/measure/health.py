"""How complete the loaded data is: what every other number should be read with."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from lasthop.store import Snapshot, Workspace, named_sql
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
    (events,) = snapshot.rows(named_sql("measure", "health_events"))
    (messages,) = snapshot.rows(named_sql("measure", "health_messages"))
    return Health(
        sources=loaded,
        first_ms=events["first_ms"],
        last_ms=events["last_ms"],
        as_of_ms=snapshot.value("SELECT max(provider_last_ms) FROM message_rows"),
        days_without_data=_gaps(snapshot),
        duplicates=sum(source.duplicates for source in loaded),
        rejected=sum(source.rejected for source in loaded),
        unlinked_app=messages["unlinked_app"],
        app_outside=messages["app_outside"],
        ambiguous=messages["ambiguous"],
        provider_only=messages["provider_only"] if events["app_sources"] else None,
        idless=events["idless"],
        assumed_zones=tuple(source for source in loaded if source.zone_assumed),
    )


def _gaps(snapshot: Snapshot) -> dict[str, tuple[date, ...]]:
    """The days that are missing between the first and the last day of each vantage."""
    seen: dict[str, list[int]] = {}
    for row in snapshot.rows(named_sql("measure", "event_days")):
        seen.setdefault(row["vantage"], []).append(row["day"])
    return {
        vantage: tuple(_day(n) for n in sorted(set(range(days[0], days[-1])) - set(days)))
        for vantage, days in seen.items()
        if days[-1] - days[0] >= len(days)
    }


def _day(number: int) -> date:
    return datetime.fromtimestamp(number * 86_400, UTC).date()
