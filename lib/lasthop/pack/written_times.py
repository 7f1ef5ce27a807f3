"""Dates and times as people write them in a mail, in Japanese and English, as spans of time.

A span is as wide as the text leaves it: a day, an hour, a minute or a second. What the text does not say (the year,
the month, the zone) is taken from the reference instant and the zone, and every such step is told in the note.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?![a-z])\.?"
)
_DATES = tuple(
    re.compile(pattern, re.ASCII | re.IGNORECASE)
    for pattern in (
        r"(?<![\d/.-])(?P<y>\d{4})(?P<s>[-/.])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})(?!\d|[/.-]\d)",
        r"(?<!\d)(?:(?P<y>\d{4})年\s?)?(?P<m>\d{1,2})月\s?(?P<d>\d{1,2})日",
        r"(?<![\w/.-])(?P<a>\d{1,2})/(?P<b>\d{1,2})(?:/(?P<y>\d{4}))?(?![\w/-])",
        rf"(?<![\w/.-])(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?(?P<mon>{_MONTH})(?:,?\s(?P<y>\d{{4}})(?!\d))?",
        rf"(?<!\w)(?P<mon>{_MONTH})\s(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?!\w)(?!:)(?:,?\s(?P<y>\d{{4}})(?!\d))?",
        r"(?<![\d月])(?<!月 )(?P<d>\d{1,2})日(?![間前後以目])",
        r"(?<!\w)(?:on|of|from|since)\sthe\s(?P<d>\d{1,2})(?:st|nd|rd|th)(?!\w)",
    )
)
_CLOCK = re.compile(
    r"(?:[T\s]|\s?(?:,|、|の|at)\s?|\s?\([^()\s]{1,4}\)\s?){0,2}(?P<half>午前|午後)?\s?(?P<h>\d{1,2})"
    r"(?:時(?!間)\s?(?:(?P<jm>\d{1,2})分|(?P<thirty>半))?|:(?P<mi>\d{2})(?::(?P<sec>\d{2})(?:\.\d{1,9})?)?(?!\d)|(?=\s?[ap]\.?m\b))"
    r"(?:\s?(?P<ampm>[ap]\.?m\b\.?))?(?:\s?(?P<zone>Z\b|UTC\b|GMT\b|JST\b|[+-]\d{2}:?\d{2}(?!\d)))?",
    re.ASCII | re.IGNORECASE,
)


@dataclass(frozen=True)
class WrittenTime:
    """A span from ``from_ms`` to before ``until_ms``, epoch ms UTC; ``start`` and ``end`` are its place in the text."""

    start: int
    end: int
    from_ms: int
    until_ms: int
    note: str


def written_times(text: str, reference_ms: int, zone: str) -> Iterator[WrittenTime]:
    """The dates in the text, form by form; no text is read as two dates."""
    reference = datetime.fromtimestamp(reference_ms / 1000, ZoneInfo(zone))
    taken: set[int] = set()
    for pattern in _DATES:
        for found in pattern.finditer(text):
            if found.start() in taken or found.end() - 1 in taken:
                continue
            one = _read(text, found, reference)
            if one:
                taken.update(range(one.start, one.end))
                yield one


def _read(text: str, found: re.Match[str], reference: datetime) -> WrittenTime | None:
    """None for what only looks like a date: the 40th, month 13."""
    parts = found.groupdict()
    notes: list[str] = []
    try:
        day = _day(parts, reference, notes)
        return _span(text, found, day, notes) if day else None
    except (ValueError, OverflowError):
        return None


def _day(parts: dict[str, str | None], reference: datetime, notes: list[str]) -> datetime | None:
    month, day = _month_and_day(parts, notes)
    if year := parts.get("y"):
        return reference.replace(year=int(year), month=month or 0, day=day, hour=0, minute=0, second=0, microsecond=0)
    last = reference + timedelta(days=1)  # a clock may be a little ahead
    midnight = reference.replace(hour=0, minute=0, second=0, microsecond=0)
    if month is None:
        days = (midnight - timedelta(days=back) for back in range(-1, 63))
        chosen = next((one for one in days if one.day == day and one <= last), None)
        said = "month" if chosen else ""
    else:
        chosen = _latest_year(midnight, month, day, last)
        said = "year"
    if chosen:
        notes.append(f"no {said} is written: the last one up to {reference:%Y-%m-%d} is taken, {chosen:%Y-%m-%d}")
    return chosen


def _latest_year(midnight: datetime, month: int, day: int, last: datetime) -> datetime | None:
    for year in range(last.year, last.year - 9, -1):  # 29 February comes every four or eight years
        try:
            one = midnight.replace(year=year, month=month, day=day)
        except ValueError:
            continue
        if one <= last:
            return one
    return None


def _month_and_day(parts: dict[str, str | None], notes: list[str]) -> tuple[int | None, int]:
    if parts.get("a"):
        first, second = int(parts["a"] or 0), int(parts["b"] or 0)
        if first > 12:
            notes.append("read as day/month")
            return second, first
        if second <= 12 and first != second:
            notes.append("read as month/day, it could be day/month")
        return first, second
    if name := parts.get("mon"):
        return _MONTHS.index(name[:3].lower()) + 1, int(parts["d"] or 0)
    return (int(parts["m"] or 0) if parts.get("m") else None), int(parts["d"] or 0)


def _span(text: str, found: re.Match[str], day: datetime, notes: list[str]) -> WrittenTime:
    clock = _CLOCK.match(text, found.end(), found.end() + 60)
    end, start, wide = found.end(), day, timedelta(days=1)
    if clock and (read := _clock(clock, day)):
        end, (start, wide) = clock.end(), read
    if not (clock and end == clock.end() and clock["zone"]):
        notes.append(f"no zone is written: read in {day.tzinfo}")
    first = start.astimezone(UTC)
    # A day is added on the wall clock, so that a day of 23 or 25 hours is whole.
    after = (start + wide).astimezone(UTC)
    return WrittenTime(
        found.start(), end, int(first.timestamp() * 1000), int(after.timestamp() * 1000), "; ".join(notes)
    )


def _clock(clock: re.Match[str], day: datetime) -> tuple[datetime, timedelta] | None:
    hour = int(clock["h"])
    half = {"午前": "a", "午後": "p"}.get(clock["half"] or "", (clock["ampm"] or " ")[0].lower())
    if half == "p" and hour < 12:
        hour += 12
    elif half == "a" and hour == 12:
        hour = 0
    minute = clock["jm"] or clock["mi"] or ("30" if clock["thirty"] else None)
    second = clock["sec"]
    if hour > 23 or int(minute or 0) > 59 or int(second or 0) > 59:
        return None
    start = day.replace(hour=hour, minute=int(minute or 0), second=int(second or 0))
    if clock["zone"]:
        start = start.replace(tzinfo=_zone(clock["zone"]))
    return start, timedelta(seconds=1) if second else timedelta(minutes=1) if minute else timedelta(hours=1)


def _zone(text: str) -> timezone:
    if text.upper() in ("Z", "UTC", "GMT"):
        return UTC
    if text.upper() == "JST":
        return timezone(timedelta(hours=9))
    sign = -1 if text[0] == "-" else 1
    digits = text[1:].replace(":", "")
    return timezone(sign * timedelta(hours=int(digits[:2]), minutes=int(digits[2:])))
