"""Local days, hours and weekdays as plain integer arithmetic, so that the engine needs no time functions."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS


def local_ms(column: str, zone: str, first_ms: int, last_ms: int) -> str:
    """SQL: the instants of ``column`` (epoch ms UTC) as milliseconds on the wall clock of ``zone``.

    Right for instants from ``first_ms`` to ``last_ms``: the clock changes between them are cases of the expression.
    """
    place = ZoneInfo(zone)
    changes = _changes(place, first_ms, last_ms)
    cases = "".join(f" WHEN {column} < {at_ms} THEN {before}" for at_ms, before in changes)
    last = _offset_ms(place, last_ms)
    return f"({column} + CASE{cases} ELSE {last} END)" if cases else f"({column} + {last})"


def _changes(place: ZoneInfo, first_ms: int, last_ms: int) -> list[tuple[int, int]]:
    """Each clock change after ``first_ms`` up to ``last_ms``: its instant, and the offset before it, both in ms."""
    found = []
    left = first_ms
    while left < last_ms:
        right = min(left + DAY_MS, last_ms)
        before = _offset_ms(place, left)
        if before != _offset_ms(place, right):
            low, high = left, right  # the offset at low is the old one, at high the new one
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if _offset_ms(place, middle) == before else (low, middle)
            found.append((high, before))
        left = right
    return found


def _offset_ms(place: ZoneInfo, instant_ms: int) -> int:
    offset = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=instant_ms)).astimezone(place).utcoffset()
    return round((offset or timedelta()).total_seconds() * 1000)


def day_of(local_day: int) -> str:
    """The ISO date of a local day counted from 1970-01-01."""
    return (datetime(1970, 1, 1) + timedelta(days=local_day)).date().isoformat()


def midnight_ms(day: date, zone: str) -> int:
    """The instant at which ``day`` begins in ``zone``, epoch ms UTC."""
    return round(datetime.combine(day, time(), ZoneInfo(zone)).timestamp() * 1000)
