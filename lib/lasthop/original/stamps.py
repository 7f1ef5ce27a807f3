"""Dates as mail servers write them: RFC 5322 §3.3 and what stands there instead. Nothing is invented.

A stamp that cannot be read for certain is None: a day and month that may be swapped, words, no year.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

LONGEST = 400
"""A stamp is looked for in so many characters: no date is longer, and a hostile header may be."""

CONTROLS = re.compile(r"[\0-\x08\x0e-\x1f\x7f]")
"""What RFC 5322 §4.1 lets nobody write: read as if it did not stand there, for it may lie inside a number."""

_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11,
    "dec": 12,
}  # fmt: skip

_ZONES = {
    # RFC 5322 §4.3
    "ut": 0, "utc": 0, "gmt": 0, "z": 0, "est": -300, "edt": -240, "cst": -360, "cdt": -300,
    "mst": -420, "mdt": -360, "pst": -480, "pdt": -420,
    # Names beyond it that mean one thing in mail; IST (three places) and others of several meanings are left out.
    "wet": 0, "west": 60, "bst": 60, "cet": 60, "cest": 120, "met": 60, "mest": 120, "eet": 120, "eest": 180,
    "eetdst": 180, "metdst": 120, "msk": 180, "msd": 240, "jst": 540, "kst": 540, "hkt": 480, "sgt": 480,
    "aest": 600, "aedt": 660, "acst": 570, "acdt": 630, "awst": 480, "nzst": 720, "nzdt": 780,
    "akst": -540, "akdt": -480, "hst": -600, "ast": -240, "adt": -180,
}  # fmt: skip
"""Minutes east of UTC."""

_CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::\ ?(?P<second>\d{1,2})(?:[.,](?P<fraction>\d{1,9}))?)?"
_ZONE = r"(?:(?:GMT|UTC)(?=[+-]\d))?(?P<zone>[+-]\d{2}:?\d{2}(?!\d)|[+-]\d{3}(?!\d)|[A-Za-z]{1,6}(?![\w.:=/@-]))?"
_NOON = r"(?:(?P<noon>[AaPp]\.?[Mm]\b\.?)\ )?"
_DAY = r"(?<![\w.-])(?P<day>0?\d{1,2})"
_MONTH = r"(?P<month>[A-Za-z]{3})[a-z]{0,6}"

_FORMS = tuple(
    re.compile(form, re.ASCII)
    for form in (
        # RFC 5322 §3.3, and §4.3 with its two-digit years: 22 Oct 2024 06:47:44.607 +0000
        rf"{_DAY}[ -]{_MONTH}\.?[ -](?P<year>\d{{2,4}}),? {_CLOCK} ?{_NOON}{_ZONE}",
        # Go, as SendGrid writes it (2024-10-22 06:47:44.619427743 +0000 UTC m=+3.4), and RFC 3339
        rf"(?<![\w.-])(?P<year>\d{{4}})[-/](?P<month>\d{{2}})[-/](?P<day>\d{{2}})[Tt ]{_CLOCK} ?{_ZONE}",
        # C's asctime, the zone before the year or after it: Fri Sep 6 18:13:52 2002 -0000
        rf"(?<![A-Za-z]){_MONTH} (?P<day>\d{{1,2}}) {_CLOCK} (?:(?P<before>[A-Z]{{1,5}}|[+-]\d{{4}}) )?"
        rf"(?P<year>\d{{4}})(?! ?:) ?{_ZONE}",
        # The month first: Aug, 22 2002 8:02:13 AM +0400
        rf"(?<![A-Za-z]){_MONTH},? (?P<day>\d{{1,2}}),? (?P<year>\d{{4}}),? {_CLOCK} ?{_NOON}{_ZONE}",
    )
)


@dataclass(frozen=True, slots=True)
class Stamp:
    """When a server says that it took the message."""

    time: datetime
    """UTC."""
    zone: str | None
    """As written: ``+0900``, ``PDT``; None: no zone stands there, or one of no known meaning, and UTC is assumed."""
    offset: int | None
    """Minutes east of UTC; None as for the zone."""
    raw: str
    """The date as it stands in the header."""

    @property
    def assumed(self) -> bool:
        """Whether UTC was assumed, for want of a zone."""
        return self.offset is None


def read_stamp(text: str) -> Stamp | None:
    """The last date in a text of at most ``LONGEST`` characters, else None. Comments are for the caller to remove."""
    text = " ".join(CONTROLS.sub("", text[:LONGEST]).split())
    found = [match for form in _FORMS for match in form.finditer(text)]
    stamps = (_stamp(match) for match in sorted(found, key=re.Match.end, reverse=True))
    return next((stamp for stamp in stamps if stamp), None)


def read_date(value: str) -> Stamp | None:
    """The date of a ``Date`` header (RFC 5322 §3.6.1), comments allowed; None where there is none to read."""
    return read_stamp(re.sub(r"\([^()]*\)", " ", value[:LONGEST]))


def read_epoch(text: str) -> datetime | None:
    """Seconds since 1970 as ``t=`` of DKIM (RFC 6376 §3.5) writes them; None where it is no such number."""
    if not (text.isascii() and text.isdigit() and len(text) <= 11):
        return None
    return datetime.fromtimestamp(int(text), UTC)


def _stamp(match: re.Match[str]) -> Stamp | None:
    part = match.groupdict()
    zone = part["zone"] or part.get("before")
    offset = _offset(zone) if zone else None
    try:
        local = datetime(
            _year(part["year"]),
            int(part["month"]) if part["month"].isdigit() else _MONTHS[part["month"].lower()],
            int(part["day"]),
            _hour(int(part["hour"]), part.get("noon")),
            int(part["minute"]),
            min(int(part["second"] or 0), 59),  # 60 is a leap second (RFC 5322 §3.3), which datetime does not know
            int((part["fraction"] or "0").ljust(6, "0")[:6]),
            tzinfo=UTC,
        )
        time = local - timedelta(minutes=offset or 0)
    except (KeyError, ValueError, OverflowError):
        return None
    return Stamp(time, zone if offset is not None else None, offset, match.group().strip())


def _offset(zone: str) -> int | None:
    """Minutes east of UTC; RFC 5322 §4.3: a name that nobody knows tells nothing."""
    if zone[0] not in "+-":
        return _ZONES.get(zone.lower())
    digits = zone[1:].replace(":", "").rjust(4, "0")
    hours, minutes = int(digits[:2]), int(digits[2:])
    if hours > 24 or minutes > 59:
        return None
    return (hours * 60 + minutes) * (-1 if zone[0] == "-" else 1)


def _year(digits: str) -> int:
    """RFC 5322 §4.3: 00 to 49 are of this century, 50 to 99 and three digits are years after 1900."""
    year = int(digits)
    if len(digits) == 2 and year < 50:
        return year + 2000
    return year + 1900 if len(digits) < 4 else year


def _hour(hour: int, noon: str | None) -> int:
    """Of a clock with twelve hours where ``noon`` says which half; 19:53 PM is 19:53."""
    if noon is None or hour > 12:
        return hour
    return hour % 12 + (12 if noon[0] in "Pp" else 0)
