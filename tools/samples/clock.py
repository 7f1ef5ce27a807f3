"""When things happen: the five weeks of the samples, and the pulse of a Japanese shop within them."""

from datetime import UTC, datetime, timedelta, timezone
from random import Random

JST = timezone(timedelta(hours=9), "JST")
BEGIN = datetime(2026, 10, 16, tzinfo=UTC)
END = datetime(2026, 11, 20, 8, tzinfo=UTC)
LAST_SUBMISSION = END - timedelta(minutes=3)

_WEEKDAYS = (1.12, 1.06, 1.0, 1.04, 1.1, 0.82, 0.76)
_HOURS = (5, 3, 2, 1, 1, 2, 4, 8, 12, 15, 17, 18, 22, 17, 15, 15, 16, 18, 20, 24, 29, 31, 24, 13)


def utc(text: str) -> datetime:
    """Read `2026-11-05 12:30` as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def after(moment: datetime, rng: Random, low: float, high: float) -> datetime:
    """A moment between low and high seconds later, to the millisecond as the activity export prints it."""
    return moment + timedelta(milliseconds=rng.randrange(int(low * 1000), int(high * 1000) + 1))


def everyday_moments(rng: Random, per_day: int) -> list[datetime]:
    """Submission times in UTC: quiet nights and Sundays in Tokyo, a peak in the evening."""
    moments: list[datetime] = []
    day = BEGIN.astimezone(JST).replace(hour=0)
    while day <= END:
        count = round(per_day * _WEEKDAYS[day.weekday()] * rng.uniform(0.9, 1.1))
        hours = rng.choices(range(24), weights=_HOURS, k=count)
        moments += [after(day + timedelta(hours=hour), rng, 0, 3599).astimezone(UTC) for hour in hours]
        day += timedelta(days=1)
    return sorted(moment for moment in moments if BEGIN <= moment <= LAST_SUBMISSION)
