"""The parameters of a link, one spelling on every page: what each is called, and its text as a value.

``q domain recipient receiver form sender template category reason outcome no_provider new_reasons waiting``
filter, and ``hour``: hours of the week on the clock of the zone, such as ``mon-9,thu-11``. ``since`` and ``until``
(exclusive; instants, UTC where they tell no zone) or ``days`` are the period: any time with ``days=all``, the page's
own (``OWN_DAYS``) where a link names none. ``view`` is a name, ``zone`` the time zone, ``by`` what is counted by.
Reasons has ``also=waiting``: those still waiting count too. Compare has ``compare``: by what its second side differs
from the first, ``period`` or a column; ``with`` is the column's value there, ``with_since`` and ``with_until`` the
period. All other parameters hold for both sides.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, get_args
from zoneinfo import available_timezones

from lasthop.measure.cohort import By
from lasthop.model.outcomes import Outcome
from lasthop.reply import LABELS
from lasthop.trace.find import NO_REPLY, REQUEST_REFUSED

Page = Literal["overview", "messages", "reasons", "compare"]
"""The pages that count messages."""
OWN_DAYS: dict[Page, int | None] = {"overview": 30, "messages": None, "reasons": 30, "compare": 30}
"""The period of a page that was asked for none: so many days before the newest data, None for any time."""
ALL = "all"
PERIOD = "period"
SIDES = (PERIOD, "domain", "receiver", "sender", "template")
"""What two sides can differ by."""

LONGEST = 2_000
"""No parameter is longer."""
MOST_DAYS, MOST_HOURS = 3_660, 9_999

TEXTS = {
    "q": "text", "domain": "domain", "recipient": "recipient", "receiver": "receiver", "form": "reply_form",
    "sender": "sender", "template": "template", "category": "category",
}  # fmt: skip
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FLAGS = {name: name for name in ("no_provider", "new_reasons")}
INSTANTS = {"since": "since_ms", "until": "until_ms"}
SECOND = {"compare": "of", "with": "value", "with_since": "since_ms", "with_until": "until_ms"}
_REASONS = (*LABELS, REQUEST_REFUSED, NO_REPLY)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_COHORT = frozenset({*TEXTS, *INSTANTS, "days", "reason", "view", "by", "zone"} - {"form"})
_MESSAGES = frozenset({*_COHORT, *FLAGS, "form", "outcome", "waiting", "hour"})
APPLIED: dict[Page, frozenset[str]] = {
    "overview": _COHORT,
    "messages": _MESSAGES,
    "reasons": _COHORT | {"also"},
    "compare": _COHORT | set(SECOND),
}
"""What each page can apply: shares of messages that were chosen by what became of them would say nothing."""
PARAMS = frozenset().union(*APPLIED.values())
"""The names of all parameters."""


def understood(name: str, text: str, page: Page) -> tuple[str, Any]:
    """A parameter as a field and its value. Raises ValueError that says what is wrong."""
    if not isinstance(text, str) or not text or len(text) > LONGEST:
        raise ValueError(f"it is not a text of 1 to {LONGEST:,} characters")
    if name not in PARAMS:
        raise ValueError("there is no such filter")
    if name not in APPLIED[page]:
        raise ValueError(f"the page {page.capitalize()} has no such filter")
    if name in TEXTS:
        return TEXTS[name], text
    if name in FLAGS:
        return FLAGS[name], one_of(text, ("1",)) == "1"
    if name in INSTANTS:
        return INSTANTS[name], _instant(text)
    if name == "reason":
        return "reason", one_of(text, _REASONS) if page == "reasons" else _reasons(text)
    return _OTHERS[name](text)


def written(instant_ms: int | None) -> str:
    """An instant (epoch ms UTC) as the text of a parameter; empty for None."""
    if instant_ms is None:
        return ""
    # Not by way of a float: from about the year 2400 on it would miss milliseconds.
    return (_EPOCH + timedelta(milliseconds=instant_ms)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def one_of(text: str, known: tuple[str, ...]) -> str:
    """The text, when it is known. Raises ValueError that says what there is."""
    if text not in known:
        raise ValueError(f"it can be {', '.join(known)}" if len(known) < 12 else "there is none of that name")
    return text


def _outcomes(text: str) -> tuple[Outcome, ...]:
    return tuple(dict.fromkeys(Outcome(one_of(each, tuple(Outcome))) for each in text.split(",")))


def _reasons(text: str) -> str:
    return ",".join(dict.fromkeys(one_of(each, _REASONS) for each in text.split(",")))


def hours_written(week_hours: tuple[int, ...]) -> str:
    """Hours of the week as the text of a parameter: ``mon-9,thu-11``."""
    return ",".join(f"{WEEKDAYS[place // 24]}-{place % 24}" for place in week_hours)


def _hours(text: str) -> tuple[int, ...]:
    return tuple(dict.fromkeys(_HOURS[one_of(each, tuple(_HOURS))] for each in text.split(",")))


def _whole(text: str, most: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 6 and 1 <= int(text) <= most):
        raise ValueError(f"it is no whole number from 1 to {most:,}")
    return int(text)


def _instant(text: str) -> int:
    try:
        when = datetime.fromisoformat(text)
        return ((when if when.tzinfo else when.replace(tzinfo=UTC)) - _EPOCH) // timedelta(milliseconds=1)
    except (ValueError, OverflowError) as error:
        raise ValueError("it is no time such as 2026-11-02T10:15:00Z") from error


_HOURS = {hours_written((place,)): place for place in range(7 * 24)}
_OTHERS: dict[str, Callable[[str], tuple[str, Any]]] = {
    "view": lambda text: ("name", text),
    "outcome": lambda text: ("outcomes", _outcomes(text)),
    "hour": lambda text: ("week_hours", _hours(text)),
    "waiting": lambda text: ("waiting_hours", _whole(text, MOST_HOURS)),
    "days": lambda text: ("days", None if text == ALL else _whole(text, MOST_DAYS)),
    "by": lambda text: ("by", one_of(text, get_args(By))),
    "zone": lambda text: ("zone", one_of(text, tuple(available_timezones()))),
    "also": lambda text: ("also_waiting", one_of(text, ("waiting",)) == "waiting"),
    "compare": lambda text: ("compare", one_of(text, SIDES)),
    "with": lambda text: ("with", text),
    "with_since": lambda text: ("with_since", _instant(text)),
    "with_until": lambda text: ("with_until", _instant(text)),
}
