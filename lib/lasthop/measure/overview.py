"""What was sent, where it stands, and what fails now. Every count is of messages: one submission to one recipient."""

from dataclasses import replace

import pandas as pd

from lasthop.measure.local import DAY_MS
from lasthop.model.outcomes import FAILED, Outcome
from lasthop.store import Snapshot, named_sql, sql_list
from lasthop.trace import Query, condition, count_by_outcome


def failing_now(snapshot: Snapshot, days: int = 7, query: Query | None = None) -> pd.DataFrame:
    """What failed among the messages of the last ``days`` before the edge of the data, by domain and outcome.

    Of those that ``query`` chooses, whatever its period.

    ``domain``, ``outcome``, ``n`` = messages to the domain with that failed outcome, ``in_all`` = messages to the
    domain, ``newest_reply`` = reply of the one with the newest event, ``first_ms`` and ``last_ms`` = when the first
    and the last of the ``n`` were sent. Most first. Counts only: few messages make no rate.
    """
    where, values = condition(_newest(snapshot, days, query))
    sql = named_sql("measure", "failing_now").format(condition=where, failed=sql_list(FAILED))
    return snapshot.frame(sql, values)


def standing(snapshot: Snapshot, days: int = 7, query: Query | None = None) -> dict[Outcome, int]:
    """Messages of the last ``days`` before the edge of the data, by outcome; outcomes without any are 0.

    Of those that ``query`` chooses, whatever its period.
    """
    return count_by_outcome(snapshot, _newest(snapshot, days, query))


def _newest(snapshot: Snapshot, days: int, query: Query | None) -> Query:
    """The query with the last ``days`` before the edge of the data as its period."""
    since_ms = int(snapshot.value("SELECT as_of_ms FROM edge") or 0) - days * DAY_MS
    return replace(query or Query(), since_ms=since_ms, until_ms=None)
