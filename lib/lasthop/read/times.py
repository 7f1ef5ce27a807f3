"""Times that the engine's own shapes do not fit: the date formats of Kuroco's screens, and their like.

Kuroco's management screen knows ``11月 22, 2023 (水)``, ``2023/11/22 (水)``, ``22-11月-2023 (水)``, ``22-11-2023 (水)``
and ``Nov 22, 2023 (Wed)``, ``22-Nov-2023 (Wed)``; which of them its export uses is not documented. Distinct texts
are few, so they are parsed in Python one by one.
"""

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass

_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: number for number, name in enumerate(_NAMES, 1)}
_MONTH = r"(?P<month>\d{1,2}(?=月)|[a-z]{3})[a-z]*月?"
_DATES = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?P<year>\d{4})(?P<gap>[-/.])(?P<month>\d{1,2})(?P=gap)(?P<day>\d{1,2})",
        r"(?P<year>\d{4})年 ?(?P<month>\d{1,2})月 ?(?P<day>\d{1,2})日",
        rf"{_MONTH} ?(?P<day>\d{{1,2}}), ?(?P<year>\d{{4}})",
        rf"(?P<day>\d{{1,2}})-{_MONTH}-(?P<year>\d{{4}})",
        r"(?P<day>\d{1,2})-(?P<month>\d{1,2})-(?P<year>\d{4})",
    )
)
_CLOCK = re.compile(
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(:(?P<second>\d{2})([.,](?P<fraction>\d{1,9}))?)? ?(?P<half>am|pm)? ?"
    r"(?P<zone>z|utc|gmt|jst|[+-]\d{2}:?(?:\d{2})?)?"
)
_WEEKDAY = re.compile(r"\([^()]{1,9}\)")
_EPOCH = re.compile(r"(\d{10})\.(\d{1,9})")
_NAMED_ZONES = {"z": 0, "utc": 0, "gmt": 0, "jst": 540}


@dataclass(frozen=True)
class Moment:
    """A time that was understood: on the clock as written, with its offset in minutes where it says one."""

    clock: dt.datetime
    offset: int | None
    basis: str | None
    """``explicit`` or ``offset_given``; None when the zone comes from elsewhere."""

    @property
    def epoch_ms(self) -> int | None:
        """Epoch milliseconds UTC; None without an offset."""
        if self.offset is None:
            return None
        utc = self.clock.replace(tzinfo=dt.UTC) - dt.timedelta(minutes=self.offset)
        return round(utc.timestamp() * 1000)


def parse_time(text: str) -> Moment | None:
    """Understand one time text, or None. A date without an hour is not a time."""
    plain = " ".join(_WEEKDAY.sub(" ", unicodedata.normalize("NFKC", text)).lower().split())
    epoch = _EPOCH.fullmatch(plain)
    if epoch:
        milliseconds = int(epoch[1]) * 1000 + int(epoch[2][:3].ljust(3, "0"))
        moment = dt.datetime(1970, 1, 1) + dt.timedelta(milliseconds=milliseconds)
        return Moment(moment, 0, "explicit")
    for pattern in _DATES:
        date = pattern.match(plain)
        clock = date and _CLOCK.fullmatch(plain[date.end() :].lstrip(" t"))
        if date and clock:
            return _moment(date, clock)
    return None


def _moment(date: re.Match[str], clock: re.Match[str]) -> Moment | None:
    month = date["month"]
    hour = int(clock["hour"])
    if clock["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if clock["half"] == "pm" else 0)
    try:
        moment = dt.datetime(  # the zone is settled by the caller
            int(date["year"]),
            int(month) if month.isdigit() else _MONTHS[month[:3]],
            int(date["day"]),
            hour,
            int(clock["minute"]),
            int(clock["second"] or 0),
            int((clock["fraction"] or "0")[:6].ljust(6, "0")),
        )
    except (ValueError, KeyError):
        return None
    return Moment(moment, *_offset(clock["zone"]))


def _offset(zone: str | None) -> tuple[int | None, str | None]:
    if zone is None:
        return None, None
    if zone in _NAMED_ZONES:
        return _NAMED_ZONES[zone], "offset_given" if zone == "jst" else "explicit"
    digits = zone[1:].replace(":", "").ljust(4, "0")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    return (-minutes if zone[0] == "-" else minutes), "offset_given"
