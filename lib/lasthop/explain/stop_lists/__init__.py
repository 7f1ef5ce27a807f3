"""One address -> the stop lists that hold it, what put it there, and what became of mail to it since.

An entry of a loaded list is verified. A drop with a list's own words tells of an entry as well, where no loaded list
names the address: that is inferred, and since when is not known.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lasthop.explain.stop_lists.meanings import StopList, drop_reasons, stop_list_meanings
from lasthop.explain.stop_lists.origin import PutBy, put_by
from lasthop.store import Snapshot, named_sql
from lasthop.trace import Event, listed, stop_list_entries

VERIFIED, INFERRED = "verified", "inferred"


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
    if not recipient:
        return ()
    entries: dict[str, list[Event]] = {}
    for entry in stop_list_entries(snapshot, recipient):
        entries.setdefault(str(entry["stop_list"]), []).append(entry)
    since = {name: entries[name][0]["time_ms"] if name in entries else None for name in stop_list_meanings()}
    mail = _mail(snapshot, recipient, since)
    told = [name for name in since if name in entries or mail.get(name, {}).get("dropped")]
    exports = _exports(snapshot) if told else {}
    found = [
        _listing(snapshot, recipient, name, entries.get(name, []), mail.get(name, {}), exports.get(name, []))
        for name in told
    ]
    return tuple(sorted(found, key=lambda listing: -(listing.since_ms or 0)))


def keep_drop_reasons(snapshot: Snapshot) -> None:
    """Make the table ``drop_reason`` (reply, stop_list) that the queries on stop lists read."""
    rows = ", ".join(f"('{reason}', '{name}')" for reason, name in drop_reasons().items())
    snapshot.kept("drop_reason", f"SELECT * FROM (VALUES {rows}) AS told(reply, stop_list)")


def _mail(snapshot: Snapshot, recipient: str, since: dict[str, int | None]) -> dict[str, dict[str, Any]]:
    keep_drop_reasons(snapshot)
    rows = snapshot.rows(
        named_sql("explain", "stop_list_mail"),
        {"recipient": recipient, "lists": list(since), "since": list(since.values())},
    )
    return {row["stop_list"]: row for row in rows}


def _exports(snapshot: Snapshot) -> dict[str, list[int | None]]:
    """List -> the newest entry of each loaded export of it."""
    listed(snapshot)
    found: dict[str, list[int | None]] = {}
    for row in snapshot.rows(named_sql("explain", "stop_list_newest")):
        found.setdefault(row["stop_list"], []).append(row["newest_ms"])
    return found


def _listing(
    snapshot: Snapshot,
    recipient: str,
    name: str,
    entries: Sequence[Event],
    mail: dict[str, Any],
    exports: Sequence[int | None],
) -> Listing:
    newest = entries[0] if entries else None
    since_ms = newest["time_ms"] if newest else None
    first_drop_ms = mail.get("first_dropped_ms")
    return Listing(
        stop_list=name,
        recipient=recipient,
        basis=VERIFIED if newest else INFERRED,
        since_ms=since_ms,
        reason=newest["reply"] if newest else None,
        entries=tuple(entries),
        put_by=put_by(snapshot, recipient, name, since_ms, None if newest else first_drop_ms),
        drops=mail.get("dropped", 0),
        first_drop_ms=first_drop_ms,
        last_drop_ms=mail.get("last_dropped_ms"),
        accepted=mail.get("accepted", 0),
        last_accepted_ms=mail.get("last_accepted_ms"),
        exports=len(exports),
        newest_ms=max((each for each in exports if each is not None), default=None),
    )
