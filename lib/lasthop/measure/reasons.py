"""Why mail fails: messages by reason, receiver, domain and time. Every count is of messages, by when they were sent."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from lasthop.measure.rate import FEW
from lasthop.model.outcomes import FAILED, Outcome
from lasthop.reply import Meaning, reasons
from lasthop.store import Snapshot, named_sql
from lasthop.trace import Query, condition
from lasthop.trace.find import NO_REPLY, REQUEST_REFUSED
from lasthop.trace.wall_clock import local_ms

KEPT_NAMES, KEPT_TOPS = 6, 10
_MOST_BINS = 31
_WITHOUT_REASON = {
    REQUEST_REFUSED: (
        "Request refused by SendGrid",
        Meaning(
            REQUEST_REFUSED,
            "SendGrid's API refused the request of the application: it never had the message, no mail server saw it.",
            "soft",
            "sender config",
            "Read the answer: it names the field or the permission that is wrong. Correct that, then send again.",
        ),
    ),
    NO_REPLY: (
        "No reply in the loaded data",
        Meaning(
            NO_REPLY,
            "These messages failed, or wait, and no loaded source tells what the other side answered.",
            "unknown",
            "unknown",
            "Load SendGrid's Email Activity or webhook events for these days: they hold the replies.",
        ),
    ),
}


def title_of(reason: str) -> str:
    """What people call a reason: a label of ``lasthop.reply``, or one of the two groups that have none.

    KeyError for a word that is no reason.
    """
    if reason in _WITHOUT_REASON:
        return _WITHOUT_REASON[reason][0]
    return reasons()[reason].title


def titles_of(told: str) -> str:
    """The titles of one or several reasons with commas between them, as a query holds them."""
    return ", ".join(title_of(reason) for reason in told.split(","))


def meaning_of(reason: str) -> Meaning:
    """What it means, who can fix it and how; KeyError for a word that is no reason."""
    return _WITHOUT_REASON[reason][1] if reason in _WITHOUT_REASON else reasons()[reason]


def is_reason(text: str) -> bool:
    """Whether ``text`` is a label or one of the two groups without one."""
    return text in _WITHOUT_REASON or text in reasons()


@dataclass(frozen=True)
class Failures:
    """The messages of a period that failed, by reason. ``n`` is always a number of messages.

    ``sent``: all messages that the query leaves, whatever became of them; ``total``: those that count here.
    ``rows``: ``reason``, ``n``, ``share`` (n / total, 0 to 1, NA while total < 20), ``forms``, ``first_ms`` and
    ``last_ms`` (when the first and last of them were sent); most first, the two groups without a reason last.
    ``by_receiver``, ``by_domain``: one row for each of ``rows``, the most frequent names as columns, then the rest.
    ``receivers``, ``domains``: ``reason``, ``name``, ``n``, ``names`` (how many there are), the ten most frequent.
    ``by_time``: one row for each of ``rows``, a column (datetime.date) for each span of ``step`` days that begins then.
    """

    sent: int
    total: int
    rows: pd.DataFrame
    by_receiver: pd.DataFrame
    by_domain: pd.DataFrame
    receivers: pd.DataFrame
    domains: pd.DataFrame
    by_time: pd.DataFrame
    step: int


def failures(snapshot: Snapshot, query: Query, zone: str = "UTC", *, waiting: bool = False) -> Failures:
    """Count why messages failed, of those that ``query`` leaves.

    Its outcomes do not restrict: those that failed count. ``waiting`` counts those too that are still deferred or under
    way. Days begin in ``zone``. A message has one reason; share = messages of the reason / all messages that count.
    """
    where, values = condition(replace(query, outcomes=()))
    (span,) = snapshot.rows(named_sql("measure", "reason_span").format(condition=where), values)
    where, values = condition(replace(query, outcomes=counted_outcomes(waiting)))
    cohort = named_sql("measure", "reason_cohort").format(refused=REQUEST_REFUSED, untold=NO_REPLY, condition=where)
    snapshot.cursor.execute(f"CREATE OR REPLACE TEMP TABLE failure AS {cohort}", values)
    rows = snapshot.frame(named_sql("measure", "reason_rows"))
    rows = rows.sort_values("reason", key=lambda names: names.isin(_WITHOUT_REASON), kind="stable", ignore_index=True)
    total = int(rows["n"].sum())
    rows["share"] = (rows["n"] / total if total >= FEW else pd.Series(pd.NA, rows.index)).astype("Float64")
    step, by_time = _by_time(snapshot, span, zone, rows)
    tops = named_sql("measure", "reason_tops")
    return Failures(
        sent=span["n"],
        total=total,
        rows=rows,
        by_receiver=_by_name(snapshot, "receiver", rows),
        by_domain=_by_name(snapshot, "domain", rows),
        receivers=snapshot.frame(tops.format(column="receiver", kept=KEPT_TOPS)),
        domains=snapshot.frame(tops.format(column="domain", kept=KEPT_TOPS)),
        by_time=by_time,
        step=step,
    )


def counted_outcomes(waiting: bool = False) -> tuple[Outcome, ...]:
    """The outcomes of the messages that ``failures`` counts."""
    return (*FAILED, Outcome.WAITING) if waiting else FAILED


def rest_of(column: str) -> tuple[str, str]:
    """What the columns of ``by_receiver`` and ``by_domain`` are called that are no name: all others, and none."""
    return f"more {column}s", f"no {column}"


def _by_name(snapshot: Snapshot, column: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Reasons × the most frequent names; the last column is what is left, where something is."""
    counted = snapshot.frame(named_sql("measure", "reason_names").format(column=column, kept=KEPT_NAMES))
    places = counted.drop_duplicates("place").sort_values("place")
    wide = counted.pivot_table(index="reason", columns="place", values="n", aggfunc="sum", fill_value=0)
    wide = wide.reindex(index=rows["reason"], columns=places["place"], fill_value=0)
    more, none = rest_of(column)
    missing = [None if place <= KEPT_NAMES else more for place in places["place"]]
    wide.columns = pd.Index(
        [name if isinstance(name, str) else other or none for name, other in zip(places["name"], missing, strict=True)]
    )
    return wide


def _by_time(snapshot: Snapshot, span: dict[str, Any], zone: str, rows: pd.DataFrame) -> tuple[int, pd.DataFrame]:
    """Days a span, and reasons × the first days of the spans, from the first to the last message of the period."""
    if span["first_ms"] is None:
        return 1, pd.DataFrame(index=rows["reason"])
    wall = local_ms("sent_ms", zone, span["first_ms"], span["last_ms"])
    first, last = (_day(span[end], zone) for end in ("first_ms", "last_ms"))
    days = (last - first).days + 1
    step = next((step for step in (1, 7) if days <= step * _MOST_BINS), 28)
    begins = [first + timedelta(days=n) for n in range(0, days, step)]
    bins = named_sql("measure", "reason_bins")
    counted = snapshot.frame(bins.format(local_ms=wall, first_day=(first - date(1970, 1, 1)).days, step=step))
    wide = counted.pivot_table(index="reason", columns="place", values="n", aggfunc="sum", fill_value=0)
    wide = wide.reindex(index=rows["reason"], columns=range(len(begins)), fill_value=0)
    wide.columns = pd.Index(begins)
    return step, wide


def _day(time_ms: int, zone: str) -> date:
    return datetime.fromtimestamp(time_ms / 1000, UTC).astimezone(ZoneInfo(zone)).date()
