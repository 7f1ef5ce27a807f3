"""Now beside the usual: the same hours of the same weekdays before, so that a weekly batch is no change."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lasthop.measure.local import DAY_MS, HOUR_MS
from lasthop.measure.rate import Pair
from lasthop.model.outcomes import Outcome
from lasthop.store import Snapshot, named_sql, sql_list
from lasthop.trace import Query, condition

WEEKS = 4
"""So many weeks before are what the present is compared with."""

_TOGETHER = ("domain", "reason")


@dataclass(frozen=True)
class Window:
    """The ``hours`` up to ``as_of_ms``, and the same ones of so many ``weeks`` before."""

    as_of_ms: int
    hours: int
    weeks: int = WEEKS


@dataclass(frozen=True)
class Counts:
    """What is counted: messages of these ``outcomes``, by group.

    ``by`` is SQL for the group, or ``reason``: a reason is a share of all messages, any other group's messages are a
    share of its own. ``whole`` is SQL for what the shares are taken of. Groups of which fewer than ``least`` are
    counted, now and before together, are left out.
    """

    by: str
    outcomes: Sequence[Outcome]
    whole: str = "true"
    least: int = 0


def now_and_before(snapshot: Snapshot, counts: Counts, window: Window, query: Query) -> list[tuple[str, Pair]]:
    """Each group with its counts in the window, most first.

    Groups without a name are left out. Messages whose start is not known count nowhere.
    """
    of_all = counts.by == "reason"
    sql = named_sql("measure", "now_and_before").format(
        recent=_recent(snapshot, counts, window, query),
        group=counts.by if counts.by in _TOGETHER else "one",
        share_of="" if of_all else "PARTITION BY key",
        least=counts.least,
    )
    rows: list[dict[str, Any]] = snapshot.rows(sql)
    return [(row["key"], Pair(row["part"], row["whole"], row["before"], row["whole_before"])) for row in rows]


def _recent(snapshot: Snapshot, counts: Counts, window: Window, query: Query) -> str:
    """The name of a temporary table, gone with the snapshot; see ``sql/recent.sql`` for what a row is.

    What changed asks for domains and for reasons: the messages are looked at once for both.
    """
    where, values = condition(query)
    counted, span_ms = sql_list(counts.outcomes), window.hours * HOUR_MS
    ends = [window.as_of_ms - week * 7 * DAY_MS for week in range(window.weeks + 1)]
    both = f"domain, CASE WHEN outcome IN ({counted}) THEN reason END AS reason"
    sql = named_sql("measure", "recent").format(
        groups=both if counts.by in _TOGETHER else f"{counts.by} AS one",
        now_ms=window.as_of_ms - span_ms,
        windows=" OR ".join(f"(sent_ms > {end - span_ms} AND sent_ms <= {end})" for end in ends),
        outcomes=counted,
        whole=counts.whole,
        condition=where,
    )
    name = "recent_" + hashlib.sha256(repr((sql, values)).encode()).hexdigest()[:16]
    return snapshot.kept(name, sql, values)
