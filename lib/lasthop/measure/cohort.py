"""Messages by send cohort: every count is of messages, filed under the time they were sent, with what is open as open.

Dividing what was delivered on a day by what was sent on it mixes cohorts: after a campaign that gives more than 100 %.
Here a message counts once, where it was sent, and its outcome is that of today's knowledge.
"""

from typing import Literal

import pandas as pd

from lasthop.measure.local import DAY_MS, HOUR_MS, day_of
from lasthop.measure.rate import FEW, intervals
from lasthop.measure.tally import SLOT_MS, span, tally
from lasthop.model.outcomes import RETRY_WINDOW_H, Outcome
from lasthop.store import Snapshot, named_sql
from lasthop.trace import Query, condition
from lasthop.trace.wall_clock import local_ms

By = Literal["day", "hour", "domain", "provider", "reason", "sender", "template"]

TAKEN = (Outcome.ACCEPTED, Outcome.ACCEPTED_THEN_BOUNCED, Outcome.COMPLAINED)
"""Outcomes of messages that the receiving server took, whatever came later."""
REFUSED = (Outcome.BOUNCED, Outcome.BLOCKED, Outcome.EXPIRED)
"""Outcomes of messages that were tried and not taken."""
OPEN = (Outcome.WAITING, Outcome.UNKNOWN)
"""Outcomes that say nothing final."""

FORMULAS = {
    "n": "messages sent in the group: one per recipient, by the time of sending (application's row, else processed, "
    "else first event)",
    "finished": "n minus waiting and unknown",
    "rate": "accepted share: (accepted + accepted then bounced + complained) / (those + bounced + blocked + expired); "
    "without suppressed, not handed over, and messages whose start lies before the data; Wilson interval, 95 %",
    "floor, ceiling": "the lowest and the highest accepted share that can still come out: if all that wait or are "
    "unknown end as refused, and if all end as accepted",
    "mature": f"the newest message of the group is at least {RETRY_WINDOW_H} hours old, the time of retrying; before "
    "that the rate lacks the slow ones, which are mostly bad, so its interval is too kind: the range that is still "
    "possible holds",
}

_LENGTHS = {"day": DAY_MS, "hour": HOUR_MS}
_COLUMNS = {
    "domain": "nullif(domain, '')",
    "provider": "receiver",
    "reason": "reason",
    "sender": "sender",
    "template": "template",
}
_OUTCOMES = [str(outcome) for outcome in Outcome]


def outcomes_by(snapshot: Snapshot, by: By, query: Query | None = None, zone: str = "UTC") -> pd.DataFrame:
    """Outcomes by group, a row each, with rates as in ``FORMULAS``.

    Columns: ``key``, ``n``, one per outcome, ``truncated``, ``finished``, ``attempted``, ``taken``, ``rate``, ``low``,
    ``high``, ``floor``, ``ceiling``, ``mature``. ``by`` day or hour: the key is ``2026-11-02`` or ``2026-11-02T09`` in
    ``zone``, oldest first; groups without mail are not there. Else the key is the value, None where no source tells,
    most messages first. ``truncated`` counts messages whose start lies before the data: they are in ``n`` and in the
    outcomes, and in no rate. Rates and bounds are 0 to 1; ``rate``, ``low`` and ``high`` are NA below 20 attempted,
    ``floor`` and ``ceiling`` below 20 attempted or open. By reason the share is of messages that were refused or put
    off at least once, so it says how often a resend helps and nothing of acceptance at large.
    """
    counted = _by_time(snapshot, by, query, zone) if by in _LENGTHS else _by_value(snapshot, by, query)
    if counted.empty:
        return _shaped(counted, 0, by)
    return _shaped(counted, int(snapshot.value("SELECT as_of_ms FROM edge") or counted["last_ms"].max()), by)


def _by_time(snapshot: Snapshot, by: By, query: Query | None, zone: str) -> pd.DataFrame:
    tallied = tally(snapshot, query)
    ends = span(snapshot, tallied)
    key = f"{local_ms(f'slot * {SLOT_MS}', zone, *ends)} // {_LENGTHS[by]}" if ends else "slot"
    return snapshot.frame(named_sql("measure", "cohorts_by_time").format(key=key, tally=tallied))


def _by_value(snapshot: Snapshot, by: By, query: Query | None) -> pd.DataFrame:
    where, values = condition(query or Query())
    return snapshot.frame(named_sql("measure", "cohorts").format(key=_COLUMNS[by], condition=where), values)


def _shaped(counted: pd.DataFrame, as_of_ms: int, by: By) -> pd.DataFrame:
    """Counts by group and outcome as one row a group, with everything that follows from them."""
    counted = counted.assign(key=counted["key"].astype(object))
    known = counted[~counted["truncated"].astype(bool)]
    every = counted.groupby("key", sort=False, dropna=False).agg(n=("n", "sum"), last_ms=("last_ms", "max"))
    frame = pd.concat([every, _wide(counted), _wide(known).add_prefix("known_")], axis=1).fillna(0)
    frame = frame.rename_axis("key").reset_index()
    rest = frame.columns.drop("key")
    frame[rest] = frame[rest].astype("int64")
    frame["truncated"] = frame["n"] - frame[[f"known_{outcome}" for outcome in Outcome]].sum(axis=1)
    frame["finished"] = frame["n"] - frame[list(OPEN)].sum(axis=1)
    frame["taken"] = frame[[f"known_{outcome}" for outcome in TAKEN]].sum(axis=1)
    frame["attempted"] = frame["taken"] + frame[[f"known_{outcome}" for outcome in REFUSED]].sum(axis=1)
    _with_rates(frame, frame[[f"known_{outcome}" for outcome in OPEN]].sum(axis=1))
    frame["mature"] = as_of_ms - frame["last_ms"] >= RETRY_WINDOW_H * HOUR_MS
    named = _labelled(frame, by)
    columns = ["finished", "attempted", "taken", "rate", "low", "high", "floor", "ceiling", "mature"]
    return named[["key", "n", *_OUTCOMES, "truncated", *columns]].astype({"key": object}).reset_index(drop=True)


def _wide(counted: pd.DataFrame) -> pd.DataFrame:
    """One column per outcome, 0 where none; the groups as index."""
    wide = counted.pivot_table(index="key", columns="outcome", values="n", aggfunc="sum", dropna=False)
    return wide.reindex(columns=_OUTCOMES).fillna(0)


def _with_rates(frame: pd.DataFrame, still_open: "pd.Series[int]") -> None:
    enough = frame["attempted"] >= FEW
    bounds = intervals(frame["taken"].tolist(), frame["attempted"].tolist()) if len(frame) else []
    frame["rate"] = (frame["taken"] / frame["attempted"].where(enough)).astype("Float64")
    frame["low"] = pd.array([low for low, _ in bounds], dtype="Float64")
    frame["high"] = pd.array([high for _, high in bounds], dtype="Float64")
    frame.loc[~enough, ["low", "high"]] = pd.NA
    possible = (frame["attempted"] + still_open).astype("Float64")
    possible = possible.where(possible >= FEW)
    frame["floor"] = frame["taken"] / possible
    frame["ceiling"] = (frame["taken"] + still_open) / possible


def _labelled(frame: pd.DataFrame, by: By) -> pd.DataFrame:
    """Keys as they are shown, groups in their order."""
    if by == "day":
        frame = frame.sort_values("key")
        return frame.assign(key=[day_of(int(day)) for day in frame["key"]])
    if by == "hour":
        frame = frame.sort_values("key")
        return frame.assign(key=[f"{day_of(int(hour) // 24)}T{int(hour) % 24:02d}" for hour in frame["key"]])
    frame["key"] = frame["key"].astype(object).where(frame["key"].notna(), None)
    return frame.sort_values(["n", "key"], ascending=[False, True], na_position="last", kind="stable")
