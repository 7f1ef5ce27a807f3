"""Local days, hours and weekdays as plain integer arithmetic, so that the engine needs no time functions."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_DAY_MS = 86_400_000
ANY_TIME = (1_230_768_000_000, 4_102_444_800_000)
"""From 2009, when SendGrid began, to 2100: where nobody tells between which instants."""


@lru_cache(maxsize=256)
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
        right = min(left + _DAY_MS, last_ms)
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


def hour_of_week(column: str, zone: str, first_ms: int, last_ms: int) -> str:
    """SQL: weekday * 24 + hour on the wall clock of ``zone``, Monday's first hour is 0; bounds as in ``local_ms``."""
    local = local_ms(column, zone, first_ms, last_ms)
    return f"(({local} // {_DAY_MS} + 3) % 7 * 24 + {local} // 3600000 % 24)"
