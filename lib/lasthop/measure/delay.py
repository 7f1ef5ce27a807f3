"""Time from sending to acceptance, with what is still open as censored and refusals as the competing end."""

from dataclasses import dataclass, replace

import pandas as pd

from lasthop.measure.cohort import REFUSED, TAKEN
from lasthop.measure.local import HOUR_MS
from lasthop.measure.rate import FEW, Rate, rate
from lasthop.store import Snapshot, named_sql, sql_list
from lasthop.trace import Query, condition

FORMULA = (
    "how long after sending that share of the attempted messages is accepted; those still open count as not yet for as "
    "long as they were followed, refused ones as never (method: the estimate of Aalen and Johansen)"
)


@dataclass(frozen=True)
class Delay:
    """How long acceptance takes. ``n`` messages were attempted, ``accepted`` and ``open`` of them are.

    ``curve`` has ``seconds`` and ``accepted``, the share (0 to 1) of attempted messages that are accepted by then
    (Aalen and Johansen); empty below 20. ``median_s`` and ``p95_s`` are when half and 95 % of the attempted are
    accepted; None where the curve never gets there.
    """

    n: int
    accepted: int
    open: int
    median_s: float | None
    p95_s: float | None
    curve: pd.DataFrame


def delay(snapshot: Snapshot, query: Query | None = None) -> Delay:
    """Time to acceptance of the attempted messages that ``query`` chooses; messages without a known start are left out.

    A mean over what has finished would call a queue fast because its slow part is still waiting: open messages count as
    "not yet" for as long as they were followed: to the edge of the data, unknown ones to their last event.
    """
    counted = _durations(snapshot, query)
    n, accepted = int(counted["n"].sum()), int(counted.loc[counted["ending"] == 1, "n"].sum())
    curve = _curve(counted) if n >= FEW else pd.DataFrame({"seconds": [], "accepted": []})
    waiting = int(counted.loc[counted["ending"] == 0, "n"].sum())
    return Delay(n, accepted, waiting, _reached(curve, 0.5), _reached(curve, 0.95), curve)


def accepted_within(snapshot: Snapshot, hours: float, query: Query | None = None) -> Rate:
    """The share of attempted messages accepted in less than ``hours``, among those at least that old.

    This compares cohorts at the same age: a day-old one with a week-old one. Younger ones do not count, not even those
    that are accepted already; nor do unknown ones of which nothing was heard for that long.
    """
    counted = _durations(snapshot, at_least_old(snapshot, hours, query))
    early = counted["seconds"] < hours * 3600
    in_time, lost = counted[early & (counted["ending"] == 1)], counted[early & (counted["ending"] == 0)]
    return rate(int(in_time["n"].sum()), int(counted["n"].sum() - lost["n"].sum()))


def at_least_old(snapshot: Snapshot, hours: float, query: Query | None = None) -> Query:
    """The query without messages that were sent less than ``hours`` before the edge of the data."""
    query = query or Query()
    ripe_ms = int(snapshot.value("SELECT as_of_ms FROM edge") or 0) - round(hours * HOUR_MS) + 1
    return replace(query, until_ms=ripe_ms if query.until_ms is None else min(ripe_ms, query.until_ms))


def _durations(snapshot: Snapshot, query: Query | None) -> pd.DataFrame:
    where, values = condition(query or Query())
    as_of_ms = snapshot.value("SELECT as_of_ms FROM edge") or 0
    return snapshot.frame(
        named_sql("measure", "delays").format(
            as_of_ms=as_of_ms, condition=where, taken=sql_list(TAKEN), refused=sql_list(REFUSED)
        ),
        values,
    )


def _curve(counted: pd.DataFrame) -> pd.DataFrame:
    from statsmodels.duration.survfunc import CumIncidenceRight  # noqa: PLC0415

    found = CumIncidenceRight(
        counted["seconds"].to_numpy(float), counted["ending"].to_numpy(), freq_weights=counted["n"].to_numpy(float)
    )
    return pd.DataFrame({"seconds": found.times, "accepted": found.cinc[0] if found.cinc else 0.0})


def _reached(curve: pd.DataFrame, share: float) -> float | None:
    there = curve[curve["accepted"] >= share - 1e-9]  # ten of twenty add up to 0.49999999999999994
    return None if there.empty else float(there["seconds"].iloc[0])
