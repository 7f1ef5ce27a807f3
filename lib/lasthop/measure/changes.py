"""What is new, or clearly up, against the same weekdays before."""

from dataclasses import dataclass, replace
from typing import Literal

from lasthop.measure.local import DAY_MS
from lasthop.measure.rate import Pair, clearly_up, looked_at
from lasthop.measure.usual import Counts, Window, now_and_before
from lasthop.model.outcomes import FAILED
from lasthop.store import Snapshot
from lasthop.trace import Query

What = Literal["reason", "domain"]


@dataclass(frozen=True)
class Change:
    """A reason or domain with failures now. ``pair`` counts failures and messages now and before.

    ``new``: it never failed so in the weeks before; that is a fact and no test. ``up``: clearly more than before, with
    the false discoveries among all groups looked at held to 5 %. Both need 20 messages or more, now and before.
    """

    what: What
    key: str
    pair: Pair
    new: bool
    up: bool


@dataclass(frozen=True)
class Changes:
    """The changes, most failures first, and among how many groups they were looked for.

    Looked at is every group with a failure now or before: one without any can be neither new nor up.
    """

    found: tuple[Change, ...]
    looked_at: int
    since_ms: int


def changes(snapshot: Snapshot, what: What, days: int = 7, query: Query | None = None) -> Changes:
    """What fails in the last ``days`` (up to 7) before the edge of the data and is new or clearly up.

    Compared with the same weekdays of the four weeks before: a weekly batch is no change. Failures of the newest days
    are those so far, which can only grow: what is clearly up now stays so. The period of ``query`` does not count: it
    would cut the weeks before off.
    """
    query = replace(query or Query(), since_ms=None, until_ms=None)
    as_of_ms = int(snapshot.value("SELECT as_of_ms FROM edge") or 0)
    counted = now_and_before(snapshot, Counts(what, FAILED, least=1), Window(as_of_ms, days * 24), query)
    pairs = [pair for _, pair in counted]
    found = [
        Change(what, key, pair, pair.part > 0 and pair.before == 0 and pair.enough, up)
        for (key, pair), up in zip(counted, clearly_up(pairs), strict=True)
    ]
    told = tuple(change for change in found if change.new or change.up)
    return Changes(told, looked_at(pairs), as_of_ms - days * DAY_MS + 1)
