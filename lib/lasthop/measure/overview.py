"""What was sent, where it stands, and what fails now. Every count is of messages: one submission to one recipient."""

import pandas as pd

from lasthop.measure.local import DAY_MS
from lasthop.model.outcomes import FAILED, Outcome
from lasthop.store import Snapshot, named_sql, sql_list


def failing_now(snapshot: Snapshot, days: int = 7) -> pd.DataFrame:
    """What failed among the messages of the last ``days`` before the edge of the data, by domain and outcome.

    ``domain``, ``outcome``, ``n`` = messages to the domain with that failed outcome, ``in_all`` = messages to the
    domain, ``newest_reply`` = reply of the one with the newest event, ``first_ms`` and ``last_ms`` = when the first
    and the last of the ``n`` were sent. Most first. Counts only: few messages make no rate.
    """
    failed = sql_list(FAILED)
    query = named_sql("measure", "failing_now").format(since_ms=_since(snapshot, days), failed=failed)
    return snapshot.frame(query)


def standing(snapshot: Snapshot, days: int = 7) -> dict[Outcome, int]:
    """Messages of the last ``days`` before the edge of the data, by outcome; outcomes without any are 0."""
    rows = snapshot.rows(
        "SELECT outcome, count(*) AS n FROM messages WHERE sent_ms >= ? GROUP BY outcome", [_since(snapshot, days)]
    )
    return {**dict.fromkeys(Outcome, 0), **{Outcome(row["outcome"]): row["n"] for row in rows}}


def _since(snapshot: Snapshot, days: int) -> int:
    return int(snapshot.value("SELECT as_of_ms FROM edge") or 0) - days * DAY_MS
