"""What is new, or clearly up, against the same weekdays before."""

from dataclasses import dataclass
from typing import Literal

from lasthop.measure.local import DAY_MS
from lasthop.measure.rate import Pair, clearly_up, looked_at
from lasthop.model.outcomes import MEANINGS
from lasthop.store import Snapshot, named_sql
from lasthop.trace import Query, condition

WEEKS = 4
"""So many weeks before are what the present is compared with."""

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


_GROUPS: dict[What, dict[str, str]] = {
    # A reason is a share of all messages, a domain's failures are one of the messages to it.
    "reason": {"group": "reason", "total_key": "1", "joined": "1", "told": "AND reason IS NOT NULL"},
    "domain": {"group": "nullif(domain, '')", "total_key": "key", "joined": "c.key", "told": ""},
}


def changes(snapshot: Snapshot, what: What, days: int = 7, query: Query | None = None) -> Changes:
    """What fails in the last ``days`` (up to 7) before the edge of the data and is new or clearly up.

    Compared with the same weekdays of the four weeks before: a weekly batch is no change. Failures of the newest days
    are those so far, which can only grow: what is clearly up now stays so.
    """
    end_ms = int(snapshot.value("SELECT as_of_ms FROM edge") or 0) + 1
    now_ms = end_ms - days * DAY_MS
    where, values = condition(query or Query())
    spans = [(now_ms - week * 7 * DAY_MS, end_ms - week * 7 * DAY_MS) for week in range(WEEKS + 1)]
    sql = named_sql("measure", "changes").format(
        now_ms=now_ms,
        windows=" OR ".join(f"(sent_ms >= {first} AND sent_ms < {last})" for first, last in spans),
        failed=", ".join(f"'{outcome}'" for outcome, meaning in MEANINGS.items() if meaning.failed),
        condition=where,
        **_GROUPS[what],
    )
    rows = snapshot.rows(sql, values)
    pairs = [Pair(row["part"], row["whole"], row["before"], row["whole_before"]) for row in rows]
    found = [
        Change(what, row["key"], pair, pair.part > 0 and pair.before == 0 and pair.enough, up)
        for row, pair, up in zip(rows, pairs, clearly_up(pairs), strict=True)
    ]
    return Changes(tuple(change for change in found if change.new or change.up), looked_at(pairs), now_ms)
