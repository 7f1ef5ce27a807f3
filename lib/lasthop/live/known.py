"""What the workspace already holds of records that a service lists, so that only what is new is brought."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lasthop.live.coverage import LATE_SECONDS
from lasthop.store import Workspace
from lasthop.store.sources import sources
from lasthop.store.table import DAY_MS, day_label


@dataclass(frozen=True)
class Held:
    """What earlier pulls stored of one message: kinds of all its events, of those with a time, and their number."""

    kinds: frozenset[str] = frozenset()
    timed: frozenset[str] = frozenset()
    events: int = 0
    latest: int = 0
    """When the newest of them happened, epoch seconds; 0 without one."""


class Known:
    """Looks records up among those that earlier pulls of one format stored."""

    def __init__(self, workspace: Workspace, format: str) -> None:
        self._workspace = workspace
        self._sources = [source.sha256 for source in sources(workspace) if source.format == format]

    def stored(self, hashes: Iterable[str]) -> None:
        """A batch was stored as these sources."""
        self._sources.extend(hashes)

    def messages(self, ids: Sequence[str], start: int, end: int) -> dict[str, Held]:
        """What is held of the messages with these provider's ids, made between two instants (epoch seconds)."""
        if not ids or not self._sources:
            return {}
        days = range(
            (start - LATE_SECONDS - 86_400) * 1000 // DAY_MS, (end + LATE_SECONDS + 86_400) * 1000 // DAY_MS + 1
        )
        relation = self._workspace.events.relation(self._workspace.events.open(), [day_label(day) for day in days])
        with self._workspace.cursor() as con:
            rows = con.execute(
                "SELECT provider_message_id, list(DISTINCT kind), "
                "list(DISTINCT kind) FILTER (time_basis <> 'of_message'), count(*) FILTER (time_basis = 'explicit'), "
                "max(time_ms) FILTER (time_basis = 'explicit') // 1000 "
                f"FROM {relation} WHERE provider_message_id IN (SELECT unnest($ids)) "
                "AND source_id IN (SELECT unnest($sources)) GROUP BY provider_message_id",
                {"ids": list(ids), "sources": self._sources},
            ).fetchall()
        return {
            one: Held(frozenset(kinds), frozenset(timed or ()), events, latest or 0)
            for one, kinds, timed, events, latest in rows
        }

    def entries(self, stop_list: str, addresses: Sequence[str]) -> set[tuple[str, int | None]]:
        """Address and time (epoch seconds) of the entries of a stop list that are held, from whatever source."""
        if not addresses:
            return set()
        relation = self._workspace.events.relation(self._workspace.events.open())
        with self._workspace.cursor() as con:
            rows = con.execute(
                f"SELECT recipient, time_ms // 1000 FROM {relation} WHERE kind = 'listed' AND stop_list = $name "
                "AND recipient IN (SELECT unnest($addresses))",
                {"name": stop_list, "addresses": list(addresses)},
            ).fetchall()
        return {(recipient, seconds) for recipient, seconds in rows}
