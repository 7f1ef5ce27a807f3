"""Which texts a spreadsheet makes numbers, dates or logical values of when it opens a CSV file by itself.

Judged by form, for Japanese and English settings: an id is seldom of such a form, and one apostrophe too many does less
harm than an id that was changed. IPv4 addresses stay texts in both.
"""

import re
import unicodedata

RULE = (
    "A text cell also gets one in front when a spreadsheet would make something else of it: a number that is not "
    "written as one (leading zeros, more than 11 digits, a point, an exponent, full-width digits), a date or a time, "
    "TRUE or FALSE, an error value. Numbers, complete ISO 8601 instants and the days of day columns have none."
)
"""What `changed` is for, in words for the manifest."""

_MARKS = r"\d\s.,/:;\-+()%$¥€£₩−年月日時分秒午前後明治大正昭和平成令元"
_MONTH = (
    r"(?>january|jan|february|feb|march|mar|april|apr|may|june|jun|july|jul|august|aug|september|sept|sep|october|oct|"
    r"november|nov|december|dec)"
)
_CHANGED = re.compile(
    rf"""
      (?=.*\d)[{_MARKS}]+                                             # numbers, dates, times, fractions, amounts
    | [\d.,]+e[+\-]?\d+%?                                             # 1E5
    | (?=.*\d)[{_MARKS}]*{_MONTH}[{_MARKS}]*(?:[ap]m?)?               # 2-Nov-2026, MARCH1
    | \d[\d\s./:,\-]*(?:\s[ap]m?|[ap]m)                               # 9:30 PM
    | \d{{4}}-\d\d-\d\dt[\d:.,]+(?:z|[+\-][\d:]+)?                      # ISO 8601
    | [mtshr]\d{{1,2}}[./\-]\d{{1,2}}[./\-]\d{{1,2}}                        # R8.11.2, the year of an era
    | true | false | \#[a-z/\d]+[!?]?
    """,
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_WHOLE = re.compile(r"0|[1-9][0-9]{0,10}", re.ASCII)
"""A whole number that looks the same as text and as number; from 12 digits on a spreadsheet rounds what it shows."""
_IPV4 = re.compile(r"(?!\d{1,3}(?:\.\d{3}){3}$)\d{1,3}(?:\.\d{1,3}){3}", re.ASCII)
"""Not one that could be a number with points between its thousands."""
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)", re.ASCII)
"""RFC 3339 §5.6, as every instant of ours is written."""
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_OF_DAYS = re.compile(r"(?:.*[ _])?(?:day|date)", re.IGNORECASE)


def changed(text: str) -> bool:
    """Whether a spreadsheet that opens a file with this text in a cell shows or keeps something else."""
    if _WHOLE.fullmatch(text) or _IPV4.fullmatch(text) or _INSTANT.fullmatch(text):
        return False
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return _CHANGED.fullmatch(plain.strip()) is not None


def is_day(text: str) -> bool:
    """Whether this is a day as ISO 8601 writes it."""
    return _DAY.fullmatch(text) is not None


def holds_days(column: str) -> bool:
    """Whether a column is one of days by its name: there days stay days."""
    return _OF_DAYS.fullmatch(column) is not None
