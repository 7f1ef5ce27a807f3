"""Where there are messages, when a period has none."""

from dataclasses import replace

from lasthop.store import Snapshot
from lasthop.trace import Query, condition


def nearest_sent(snapshot: Snapshot, query: Query) -> tuple[int | None, int | None]:
    """When the last fitting message before the period of ``query`` was sent, and the first one after it.

    Epoch ms UTC; None where there is none, or where the period has no end on that side.
    """
    where, values = condition(replace(query, since_ms=None, until_ms=None))
    sql = (
        "SELECT max(CASE WHEN sent_ms < ? THEN sent_ms END) AS before, min(CASE WHEN sent_ms >= ? THEN sent_ms END) "
        f"AS after FROM messages WHERE {where}"
    )
    (row,) = snapshot.rows(sql, [query.since_ms, query.until_ms, *values])
    return row["before"], row["after"]
