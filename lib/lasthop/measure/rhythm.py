"""When mail is sent and how it fares: hours of the day by weekday."""

import pandas as pd

from lasthop.measure.cohort import REFUSED, TAKEN
from lasthop.measure.local import local_ms
from lasthop.store import Snapshot, named_sql, sql_list
from lasthop.trace import Query, condition


def rhythm(snapshot: Snapshot, query: Query | None = None, zone: str = "UTC") -> pd.DataFrame:
    """Messages by weekday and hour of sending in ``zone``: ``weekday``, ``hour``, ``n``, ``attempted``, ``taken``.

    Monday is 0. Only cells in which something was sent are there; taken / attempted means nothing below 20.
    """
    where, values = condition(query or Query())
    (span,) = snapshot.rows(named_sql("measure", "span").format(condition=where), values)
    if span["first_ms"] is None:
        return pd.DataFrame(
            {name: pd.array([], dtype="int64") for name in ("weekday", "hour", "n", "attempted", "taken")}
        )
    local = local_ms("sent_ms", zone, span["first_ms"], span["last_ms"])
    return snapshot.frame(
        named_sql("measure", "rhythm").format(
            local=local, condition=where, taken=sql_list(TAKEN), refused=sql_list(REFUSED)
        ),
        values,
    )
