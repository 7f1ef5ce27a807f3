"""A view: which messages, of which time, counted by what; as the parameters of a link and back again."""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import resources
from typing import Any, get_args
from zoneinfo import available_timezones

from lasthop.measure.cohort import By
from lasthop.measure.local import DAY_MS
from lasthop.model.outcomes import Outcome
from lasthop.reply import LABELS
from lasthop.trace import Query

LONGEST = 2_000
"""No parameter is longer."""
MOST_DAYS, MOST_HOURS = 3_660, 9_999

_TEXTS = {
    "q": "text", "domain": "domain", "recipient": "recipient", "receiver": "receiver", "form": "reply_form",
    "sender": "sender", "template": "template", "category": "category",
}  # fmt: skip
_FLAGS = {name: name for name in ("no_provider", "no_reason", "new_reasons")}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_INSTANTS = {"since": "since_ms", "until": "until_ms"}


@dataclass(frozen=True)
class View:
    """A choice of messages that can be named, linked to and kept.

    ``query`` holds the filter. Its period is pinned when ``query`` has ``since_ms`` or ``until_ms``; with ``days`` it
    is the last so many days before the newest data, and the two instants do not count. ``zone`` and ``by`` are None
    where the view leaves them open. ``notes`` say what a link asked for that there is not.
    """

    name: str = ""
    query: Query = field(default_factory=Query)
    days: int | None = None
    by: By | None = None
    zone: str | None = None
    notes: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True)
class Preset:
    """A view that lasthop brings along: its id, what it is called, what it shows, in a sentence."""

    id: str
    says: str
    view: View


def to_params(view: View) -> dict[str, str]:
    """The view as parameters of a link; what it leaves open is not among them."""
    query = view.query
    told = {"view": view.name, **{name: str(getattr(query, key)) for name, key in _TEXTS.items()}}
    told |= {"outcome": ",".join(query.outcomes), "reason": query.reason}
    told |= {name: "1" if getattr(query, key) else "" for name, key in _FLAGS.items()}
    told["waiting"] = "" if query.waiting_hours is None else str(query.waiting_hours)
    told["days"] = "" if view.days is None else str(view.days)
    if view.days is None:
        told |= {name: _written(getattr(query, key)) for name, key in _INSTANTS.items()}
    told |= {"by": view.by or "", "zone": view.zone or ""}
    return {name: value for name, value in told.items() if value}


def from_params(params: Mapping[str, str]) -> View:
    """The view that a link asks for. What is unknown or wrong does not restrict; ``notes`` of the view say so."""
    notes = list[str]()
    values, view = dict[str, Any](), dict[str, Any]()
    for name, text in params.items():
        try:
            key, value = _understood(name, text)
        except ValueError as error:
            notes.append(f"{_short(name)} = {_short(text)} was left out: {error}.")
            continue
        (view if key in ("name", "days", "by", "zone") else values)[key] = value
    if "days" in view and (pinned := [key for key in _INSTANTS.values() if key in values]):
        notes.append("since and until were left out: the view has days.")
        values = {key: value for key, value in values.items() if key not in pinned}
    return View(query=Query(**values), notes=tuple(notes), **view)


def _understood(name: str, text: str) -> tuple[str, Any]:
    """A parameter as a field of a view or of its query. Raises ValueError that says what is wrong."""
    if not isinstance(text, str) or not text or len(text) > LONGEST:
        raise ValueError(f"it is not a text of 1 to {LONGEST:,} characters")
    if name in _TEXTS:
        return _TEXTS[name], text
    if name in _FLAGS:
        return _FLAGS[name], _one_of(text, ("1",)) == "1"
    if name in _INSTANTS:
        return _INSTANTS[name], _instant(text)
    if name in _OTHERS:
        return _OTHERS[name](text)
    raise ValueError("there is no such filter")


def _outcomes(text: str) -> tuple[Outcome, ...]:
    return tuple(dict.fromkeys(Outcome(_one_of(each, tuple(Outcome))) for each in text.split(",")))


def _one_of(text: str, known: tuple[str, ...]) -> str:
    if text not in known:
        raise ValueError(f"it can be {', '.join(known)}" if len(known) < 12 else "there is none of that name")
    return text


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


_OTHERS: dict[str, Callable[[str], tuple[str, Any]]] = {
    "view": lambda text: ("name", text),
    "outcome": lambda text: ("outcomes", _outcomes(text)),
    "reason": lambda text: ("reason", _one_of(text, tuple(LABELS))),
    "waiting": lambda text: ("waiting_hours", _whole(text, MOST_HOURS)),
    "days": lambda text: ("days", _whole(text, MOST_DAYS)),
    "by": lambda text: ("by", _one_of(text, get_args(By))),
    "zone": lambda text: ("zone", _one_of(text, tuple(available_timezones()))),
}


def _written(instant_ms: int | None) -> str:
    if instant_ms is None:
        return ""
    # Not by way of a float: from about the year 2400 on it would miss milliseconds.
    return (_EPOCH + timedelta(milliseconds=instant_ms)).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _short(text: object) -> str:
    return repr(str(text) if len(str(text)) <= 60 else str(text)[:59] + "…")


def query_of(view: View, as_of_ms: int) -> Query:
    """What to look for: days are counted back from ``as_of_ms``, the edge of the data."""
    if view.days is None:
        return view.query
    return replace(view.query, since_ms=as_of_ms - view.days * DAY_MS, until_ms=None)


def pinned(view: View, as_of_ms: int) -> View:
    """The view with the period that it has now, so that it shows the same messages when newer data is loaded."""
    query = query_of(view, as_of_ms)
    until_ms = as_of_ms + 1 if query.until_ms is None else query.until_ms
    return replace(view, days=None, query=replace(query, until_ms=until_ms))


@cache
def presets() -> tuple[Preset, ...]:
    """The views that lasthop brings along, in their order."""
    return tuple(_presets(resources.files("lasthop.measure").joinpath("views.toml").read_text(encoding="utf-8")))


def _presets(text: str) -> Iterator[Preset]:
    for entry in tomllib.loads(text)["view"]:
        view = from_params({"view": entry["name"], **entry["filter"]})
        if view.notes:
            raise ValueError(f"views.toml, {entry['id']}: {' '.join(view.notes)}")
        yield Preset(entry["id"], entry["says"], view)


PARAMS = frozenset({*_TEXTS, *_FLAGS, *_INSTANTS, *_OTHERS})
"""The names of the parameters that a link to messages may have."""
