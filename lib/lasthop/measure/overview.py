"""What was sent, where it stands, and what fails now. Every count is of messages: one submission to one recipient."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pandas as pd

from lasthop.model.outcomes import MEANINGS, Outcome
from lasthop.store import Snapshot, named_sql

DAY_MS = 86_400_000

FAILED: tuple[Outcome, ...] = tuple(outcome for outcome, meaning in MEANINGS.items() if meaning.failed)


def outcomes_by_day(snapshot: Snapshot, zone: str = "UTC", days: int | None = None) -> pd.DataFrame:
    """Messages by day of sending in ``zone`` and outcome: ``day`` (datetime.date), ``outcome``, ``n``.

    ``n`` = number of messages with midnight of ``day`` <= ``sent_ms`` < next midnight, in the zone. Every day from the
    first to the last day of sending is there with every outcome, 0 where nothing was sent; ``days`` keeps the newest.
    """
    (span,) = snapshot.rows("SELECT min(sent_ms) AS first, max(sent_ms) AS last FROM messages")
    first, last = span["first"], span["last"]
    outcomes = [str(outcome) for outcome in Outcome]
    if first is None or last is None:
        return pd.DataFrame({"day": [], "outcome": [], "n": []}).astype({"n": "int64"})
    spans = _days_of(first, last, zone)[-days if days else 0 :]
    snapshot.cursor.execute(
        "CREATE OR REPLACE TEMP TABLE send_day AS SELECT unnest(?) AS day, unnest(?) AS from_ms, unnest(?) AS until_ms",
        [[day.isoformat() for day, *_ in spans], [span[1] for span in spans], [span[2] for span in spans]],
    )
    counted = snapshot.frame(named_sql("measure", "outcomes_by_day"))
    every = pd.MultiIndex.from_product([[day.isoformat() for day, *_ in spans], outcomes], names=["day", "outcome"])
    whole = counted.set_index(["day", "outcome"])["n"].reindex(every, fill_value=0).astype("int64").reset_index()
    whole["day"] = [date.fromisoformat(day) for day in whole["day"]]
    return whole


def _days_of(first_ms: int, last_ms: int, zone: str) -> list[tuple[date, int, int]]:
    """Each local day from the first to the last instant, with its midnights as epoch ms."""
    place = ZoneInfo(zone)
    day, end = (datetime.fromtimestamp(ms / 1000, UTC).astimezone(place).date() for ms in (first_ms, last_ms))
    spans = []
    while day <= end:
        spans.append((day, midnight_ms(day, zone), midnight_ms(day + timedelta(days=1), zone)))
        day += timedelta(days=1)
    return spans


def midnight_ms(day: date, zone: str) -> int:
    """The instant at which ``day`` begins in ``zone``, epoch ms UTC."""
    return round(datetime.combine(day, time(), ZoneInfo(zone)).timestamp() * 1000)


def failing_now(snapshot: Snapshot, days: int = 7) -> pd.DataFrame:
    """What failed among the messages of the last ``days`` before the edge of the data, by domain and outcome.

    ``domain``, ``outcome``, ``n`` = messages to the domain with that failed outcome, ``in_all`` = messages to the
    domain, ``newest_reply`` = reply of the one with the newest event, ``first_ms`` and ``last_ms`` = when the first
    and the last of the ``n`` were sent. Most first. Counts only: few messages make no rate.
    """
    failed = ", ".join(f"'{outcome}'" for outcome in FAILED)
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
