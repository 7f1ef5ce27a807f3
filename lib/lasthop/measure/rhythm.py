"""When mail is sent and how it fares: hours of the day by weekday."""

import pandas as pd

from lasthop.measure.cohort import REFUSED, TAKEN
from lasthop.measure.tally import SLOT_MS, span, tally
from lasthop.store import Snapshot, named_sql, sql_list
from lasthop.trace import Query
from lasthop.trace.wall_clock import hour_of_week


def rhythm(snapshot: Snapshot, query: Query | None = None, zone: str = "UTC") -> pd.DataFrame:
    """Messages by weekday and hour of sending in ``zone``: ``weekday``, ``hour``, ``n``, ``attempted``, ``taken``.

    Monday is 0. Only cells in which something was sent are there; taken / attempted means nothing below 20.
    """
    tallied = tally(snapshot, query)
    ends = span(snapshot, tallied)
    if ends is None:
        return pd.DataFrame(
            {name: pd.array([], dtype="int64") for name in ("weekday", "hour", "n", "attempted", "taken")}
        )
    place, taken, refused = hour_of_week(f"slot * {SLOT_MS}", zone, *ends), sql_list(TAKEN), sql_list(REFUSED)
    sql = named_sql("measure", "rhythm").format(place=place, tally=tallied, taken=taken, refused=refused)
    return snapshot.frame(sql)
