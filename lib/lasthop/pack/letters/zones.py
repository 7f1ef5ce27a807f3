"""The time zone of a receiver, and how it is known."""

import re
from collections.abc import Mapping
from datetime import UTC, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from lasthop.explain import Dossier
from lasthop.pack.letters.quoting import stamp

_OFFSET = re.compile(r"([+-])([01]\d):?([0-5]\d)$")


def receiver_zone(domain: str, known: Dossier, chosen: Mapping[str, str]) -> tuple[tzinfo, str]:
    """The zone and a sentence on where it comes from: chosen, the receiver's own stamps, inferred from .jp, or UTC."""
    if domain in chosen:
        return ZoneInfo(chosen[domain]), f"Times are in {chosen[domain]} (chosen for this receiver) and in UTC."
    for event in known.timeline:
        if event["vantage"] == "receiver" and (found := _OFFSET.search(event["time_raw"] or "")):
            own = timezone(_delta(found) * (-1 if found[1] == "-" else 1))
            # An offset changes with the seasons: it holds for the stamp that shows it.
            return (
                own,
                f"Times are in UTC and in UTC{found[1]}{found[2]}:{found[3]}, the offset of your server's stamps.",
            )
    if domain.endswith(".jp"):
        return ZoneInfo("Asia/Tokyo"), "Times are in Asia/Tokyo (inferred from the domain) and in UTC."
    return UTC, "Times are in UTC: your time zone is not known to us."


def _delta(found: re.Match[str]) -> timedelta:
    return timedelta(hours=int(found[2]), minutes=int(found[3]))


def both(time_ms: int | None, zone: tzinfo) -> str:
    """The instant in the zone, and in UTC behind it where that is another."""
    said = stamp(time_ms, zone)
    if time_ms is None or zone is UTC:
        return said
    return f"{said} ({stamp(time_ms, UTC)})"
