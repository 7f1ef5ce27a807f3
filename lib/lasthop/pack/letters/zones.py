"""The time zone of a receiver, and how it is known."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from lasthop.original.domains import registered_domain
from lasthop.pack.letters.quoting import stamp
from lasthop.reply.providers import provider
from lasthop.store import Snapshot

_OFFSET = re.compile(r"([+-])([01]\d):?([0-5]\d)(?:\s*\([^()]*\))?$")
_STAMPS = """
    SELECT split_part(recipient, '@', -1) AS domain, vantage, host, time_raw, extra FROM events
    WHERE vantage IN ('receiver', 'original') AND recipient IS NOT NULL AND time_raw IS NOT NULL
    ORDER BY time_ms, event_id
"""


def stamped_offsets(snapshot: Snapshot) -> dict[str, timedelta]:
    """Domain -> the offset from UTC of the newest stamp that one of its servers wrote, into whichever mail."""
    found: dict[str, timedelta] = {}
    for row in snapshot.batches(_STAMPS):
        offset = _OFFSET.search(row["time_raw"])
        if offset and _is_theirs(_server(row), row["domain"]):
            said = timedelta(hours=int(offset[2]), minutes=int(offset[3]))
            found[row["domain"]] = -said if offset[1] == "-" else said
    return found


def _server(row: Mapping[str, str | None]) -> str | None:
    """Who wrote the stamp: of a bounce mail the host it is about may be another's."""
    if row["vantage"] != "receiver":
        return row["host"]
    said = json.loads(row["extra"] or "{}").get("Reporting-MTA")
    return said if isinstance(said, str) else None


def _is_theirs(server: str | None, domain: str) -> bool:
    own = registered_domain(server)
    same_provider = provider(server) is not None and provider(server) == provider(domain)
    return same_provider or (own is not None and own == registered_domain(domain))


def receiver_zone(domain: str, chosen: Mapping[str, str], stamped: Mapping[str, timedelta]) -> tuple[tzinfo, str]:
    """The zone and a sentence on where it comes from: chosen, the receiver's own stamps, inferred from .jp, or UTC."""
    if domain in chosen:
        return ZoneInfo(chosen[domain]), f"Times are in {chosen[domain]} (chosen for this receiver) and in UTC."
    if (offset := stamped.get(domain)) is not None:
        # An offset changes with the seasons: it holds for the stamp that shows it.
        own = timezone(offset)
        named = f"in UTC and in {own}" if offset else "in UTC"
        return own, f"Times are {named}, the offset of your server's stamps."
    if domain.endswith(".jp"):
        return ZoneInfo("Asia/Tokyo"), "Times are in Asia/Tokyo (inferred from the domain) and in UTC."
    return UTC, "Times are in UTC: your time zone is not known to us."


def both(time_ms: int | None, zone: tzinfo) -> str:
    """The instant in the zone, and in UTC behind it where that is another."""
    said = stamp(time_ms, zone)
    if time_ms is None or zone is UTC:
        return said
    return f"{said} ({stamp(time_ms, UTC)})"
