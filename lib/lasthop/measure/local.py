"""Days of a zone, and what a day and an hour are in milliseconds."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS


def day_of(local_day: int) -> str:
    """The ISO date of a local day counted from 1970-01-01."""
    return (datetime(1970, 1, 1) + timedelta(days=local_day)).date().isoformat()


def midnight_ms(day: date, zone: str) -> int:
    """The instant at which ``day`` begins in ``zone``, epoch ms UTC."""
    return round(datetime.combine(day, time(), ZoneInfo(zone)).timestamp() * 1000)
