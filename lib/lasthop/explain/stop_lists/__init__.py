"""One address -> the stop lists that hold it, what put it there, and what became of mail to it since.

An entry of a loaded list is verified. A drop with a list's own words tells of an entry as well, where no loaded list
names the address: that is inferred, and since when is not known.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lasthop.explain.stop_lists.meanings import StopList, drop_reasons, stop_list_meanings
from lasthop.explain.stop_lists.origin import Asked, PutBy, put_by
from lasthop.store import Snapshot, named_sql
from lasthop.trace import Event, listed
from lasthop.trace.timeline import stop_list_entries_of

VERIFIED, INFERRED = "verified", "inferred"
_Key = tuple[str, str]
"""An address and the name of a list."""


@dataclass(frozen=True)
class Listing:
    """An address on one stop list. Instants are epoch milliseconds UTC.

    ``basis``: verified (a loaded list names it) or inferred (from drops alone). ``since_ms`` is None where the list has
    no date or none is loaded; ``reason`` is the list's own text. ``entries``: the entries of the loaded lists, newest
    first, with source and line. ``put_by`` is None when that event is not loaded. ``drops``: messages dropped since
    with this list's words, the first at ``first_drop_ms``. ``accepted``: messages sent since (an inferred entry: since
    the last drop) that a receiving server took. ``newest_ms``: the newest entry of any loaded export of the list: one
    of them is no older than this; None without one or without dates; ``exports`` counts them.
    """

    stop_list: str
    recipient: str
    basis: str
    since_ms: int | None
    reason: str | None
    entries: tuple[Event, ...]
    put_by: PutBy | None
    drops: int
    first_drop_ms: int | None
    last_drop_ms: int | None
    accepted: int
    last_accepted_ms: int | None
    exports: int
    newest_ms: int | None

    @property
    def meaning(self) -> StopList:
        """What this list means and how an address comes off it."""
        return stop_list_meanings()[self.stop_list]

    @property
    def probably_gone(self) -> bool:
        """Whether a message got through after the entry and after every drop: the list must have been changed since.

        Never said of a list that does not stop all mail, nor of an export that has entries newer than that message.
        """
        if not self.meaning.stops_mail or self.last_accepted_ms is None:
            return False
        later = max(self.last_drop_ms or 0, (self.newest_ms or 0) if self.basis == VERIFIED else 0)
        return self.last_accepted_ms > later


def stop_lists(snapshot: Snapshot, recipient: str | None) -> tuple[Listing, ...]:
    """Every stop list that holds the address, or held it when mail was dropped: newest first, undated ones last.

    ``recipient`` is an address in lower case. Empty means that nothing loaded tells of one, not that SendGrid's lists
    do not name it.
    """
    return stop_lists_of(snapshot, [recipient]).get(recipient or "", ())


def stop_lists_of(snapshot: Snapshot, recipients: Iterable[str | None]) -> dict[str, tuple[Listing, ...]]:
    """`stop_lists` of some hundreds of addresses in one look; an address without any is left out."""
    wanted = sorted({each for each in recipients if each})
    if not wanted:
        return {}
    entries: dict[_Key, list[Event]] = {}
    for recipient, found in stop_list_entries_of(snapshot, wanted).items():
        for entry in found:
            entries.setdefault((recipient, str(entry["stop_list"])), []).append(entry)
    since = {
        (recipient, name): entries[recipient, name][0]["time_ms"] if (recipient, name) in entries else None
        for recipient in wanted
        for name in stop_list_meanings()
    }
    mail = _mail(snapshot, since)
    told = [key for key in since if key in entries or mail.get(key, {}).get("dropped")]
    exports = _exports(snapshot) if told else {}
    asked = [Asked(*key, since[key], None if key in entries else mail[key]["first_dropped_ms"]) for key in told]
    listings: dict[str, list[Listing]] = {}
    for key, origin in zip(told, put_by(snapshot, asked), strict=True):
        listing = _listing(key, entries.get(key, []), mail.get(key, {}), exports.get(key[1], []), origin)
        listings.setdefault(key[0], []).append(listing)
    return {
        recipient: tuple(sorted(some, key=lambda listing: -(listing.since_ms or 0)))
        for recipient, some in listings.items()
    }


def keep_drop_reasons(snapshot: Snapshot) -> None:
    """Make the table ``drop_reason`` (reply, stop_list) that the queries on stop lists read."""
    rows = ", ".join(f"('{reason}', '{name}')" for reason, name in drop_reasons().items())
    snapshot.kept("drop_reason", f"SELECT * FROM (VALUES {rows}) AS told(reply, stop_list)")


def _mail(snapshot: Snapshot, since: Mapping[_Key, int | None]) -> dict[_Key, dict[str, Any]]:
    keep_drop_reasons(snapshot)
    rows = snapshot.rows(
        named_sql("explain", "stop_list_mail"),
        {
            "recipients": [recipient for recipient, _ in since],
            "lists": [name for _, name in since],
            "since": list(since.values()),
        },
    )
    return {(row["recipient"], row["stop_list"]): row for row in rows}


def _exports(snapshot: Snapshot) -> dict[str, list[int | None]]:
    """List -> the newest entry of each loaded export of it."""
    listed(snapshot)
    found: dict[str, list[int | None]] = {}
    for row in snapshot.rows(named_sql("explain", "stop_list_newest")):
        found.setdefault(row["stop_list"], []).append(row["newest_ms"])
    return found


def _listing(
    key: _Key, entries: Sequence[Event], mail: dict[str, Any], exports: Sequence[int | None], origin: PutBy | None
) -> Listing:
    newest = entries[0] if entries else None
    return Listing(
        stop_list=key[1],
        recipient=key[0],
        basis=VERIFIED if newest else INFERRED,
        since_ms=newest["time_ms"] if newest else None,
        reason=newest["reply"] if newest else None,
        entries=tuple(entries),
        put_by=origin,
        drops=mail.get("dropped", 0),
        first_drop_ms=mail.get("first_dropped_ms"),
        last_drop_ms=mail.get("last_dropped_ms"),
        accepted=mail.get("accepted", 0),
        last_accepted_ms=mail.get("last_accepted_ms"),
        exports=len(exports),
        newest_ms=max((each for each in exports if each is not None), default=None),
    )
