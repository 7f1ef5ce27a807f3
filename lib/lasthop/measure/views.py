"""A view: which messages, of which time, counted by what, on which page; as the parameters of a link and back again."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from typing import Any

from lasthop.measure.cohort import By
from lasthop.measure.local import DAY_MS
from lasthop.measure.parameters import (
    ALL,
    FLAGS,
    INSTANTS,
    LONGEST,
    OWN_DAYS,
    PARAMS,
    PERIOD,
    SECOND,
    TEXTS,
    Page,
    hours_written,
    understood,
    written,
)
from lasthop.trace import Query

__all__ = [
    "LONGEST", "PARAMS", "Page", "Preset", "Second", "View", "from_params", "pinned", "presets", "query_of",
    "second_of", "to_params",
]  # fmt: skip

_OF_VIEW = ("name", "days", "by", "zone", "also_waiting")


@dataclass(frozen=True)
class Second:
    """What the second side of a comparison has instead of the first's.

    ``of`` a column: ``value``, empty while it is left open. ``of`` period: the two instants, epoch ms UTC, ``until_ms``
    exclusive, None while they are left open.
    """

    of: str = PERIOD
    value: str = ""
    since_ms: int | None = None
    until_ms: int | None = None


@dataclass(frozen=True)
class View:
    """A choice of messages that can be named, linked to and kept.

    ``query`` holds the filter. Its period is pinned when ``query`` has ``since_ms`` or ``until_ms``; with ``days`` it
    is the last so many days before the newest data, and the two instants do not count. ``zone`` and ``by`` are None
    where the view leaves them open. ``page`` is where it belongs; ``also_waiting`` is for Reasons, where the query's
    ``reason`` is the one that is opened; ``second`` is what Compare, and only it, has beside ``query``.
    ``notes`` say what a link asked for that there is not.
    """

    name: str = ""
    query: Query = field(default_factory=Query)
    days: int | None = None
    by: By | None = None
    zone: str | None = None
    page: Page = "messages"
    also_waiting: bool = False
    second: Second | None = None
    notes: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True)
class Preset:
    """A view that lasthop brings along: its id, what it is called, what it shows, in a sentence."""

    id: str
    says: str
    view: View


def to_params(view: View) -> dict[str, str]:
    """The view as parameters of a link to its page; what it leaves open is not among them."""
    query, second = view.query, view.second
    told = {"view": view.name, **{name: str(getattr(query, key)) for name, key in TEXTS.items()}}
    told |= {"outcome": ",".join(query.outcomes), "reason": query.reason}
    told |= {name: "1" if getattr(query, key) else "" for name, key in FLAGS.items()}
    told["hour"] = hours_written(query.week_hours)
    told["waiting"] = "" if query.waiting_hours is None else str(query.waiting_hours)
    told |= _period(view)
    told["also"] = "waiting" if view.also_waiting else ""
    if second is not None:
        told |= {"compare": second.of, "with": second.value}
        told |= {"with_since": written(second.since_ms), "with_until": written(second.until_ms)}
    told |= {"by": view.by or "", "zone": view.zone or (query.zone if query.week_hours else "")}
    return {name: value for name, value in told.items() if value}


def _period(view: View) -> dict[str, str]:
    if view.days is not None:
        return {"days": str(view.days)}
    fixed = {name: written(getattr(view.query, key)) for name, key in INSTANTS.items()}
    by_days = view.second is None or view.second.of != PERIOD
    return fixed if any(fixed.values()) or not by_days or OWN_DAYS[view.page] is None else {"days": ALL}


def from_params(params: Mapping[str, str], page: Page = "messages") -> View:
    """The view that a link to a page asks for.

    What is unknown, wrong, or nothing that the page can apply does not restrict; ``notes`` of the view say so.
    """
    notes, values = list[str](), dict[str, Any]()
    for name, text in params.items():
        try:
            key, value = understood(name, text, page)
        except ValueError as error:
            notes.append(f"{_short(name)} = {_short(text)} was left out: {error}.")
            continue
        values[key] = value
    second = _second(values, notes) if page == "compare" else None
    _settle_period(values, notes, None if second and second.of == PERIOD else page)
    view = {key: values.pop(key) for key in _OF_VIEW if key in values}
    if "week_hours" in values and "zone" in view:
        values["zone"] = view["zone"]
    return View(query=Query(**values), page=page, second=second, notes=tuple(notes), **view)


def _settle_period(values: dict[str, Any], notes: list[str], page: Page | None) -> None:
    """Leave days or instants among the values, or the page's own days; ``page`` is None for two periods."""
    fixed = [key for key in INSTANTS.values() if key in values]
    if page is None:
        if values.pop("days", None):
            notes.append("days was left out: each of the two periods has days of its own.")
    elif "days" not in values and not fixed:
        values["days"] = OWN_DAYS[page]
    elif "days" in values and fixed:
        notes.append("since and until were left out: the view has days.")
        for key in fixed:
            del values[key]


def _second(values: dict[str, Any], notes: list[str]) -> Second:
    """Takes the second side out of the values; notes what of it does not belong to what is compared."""
    told = {name: values.pop(name) for name in SECOND if name in values}
    of = told.pop("compare", PERIOD)
    fitting = ("with_since", "with_until") if of == PERIOD else ("with",)
    notes += [f"{name} was left out: the sides differ by {of}." for name in told if name not in fitting]
    return Second(of, **{SECOND[name]: value for name, value in told.items() if name in fitting})


def _short(text: object) -> str:
    return repr(str(text) if len(str(text)) <= 60 else str(text)[:59] + "…")


def query_of(view: View, as_of_ms: int) -> Query:
    """What to look for: days are counted back from ``as_of_ms``, the edge of the data."""
    if view.days is None:
        return view.query
    return replace(view.query, since_ms=as_of_ms - view.days * DAY_MS, until_ms=None)


def second_of(view: View, as_of_ms: int) -> Query:
    """What to look for on the second side: as on the first, but for what the sides differ by."""
    query, second = query_of(view, as_of_ms), view.second or Second()
    if second.of == PERIOD:
        return replace(query, since_ms=second.since_ms, until_ms=second.until_ms)
    instead: dict[str, Any] = {second.of: second.value}
    return replace(query, **instead)


def pinned(view: View, as_of_ms: int) -> View:
    """The view with the period that it has now, so that it shows the same messages when newer data is loaded."""
    query = query_of(view, as_of_ms)
    until_ms = as_of_ms + 1 if query.until_ms is None else query.until_ms
    return replace(view, days=None, query=replace(query, until_ms=until_ms))


@cache
def presets() -> tuple[Preset, ...]:
    """The views that lasthop brings along, in their order; all are for Messages."""
    return tuple(_presets(resources.files("lasthop.measure").joinpath("views.toml").read_text(encoding="utf-8")))


def _presets(text: str) -> Iterator[Preset]:
    for entry in tomllib.loads(text)["view"]:
        view = from_params({"view": entry["name"], **entry["filter"]})
        if view.notes:
            raise ValueError(f"views.toml, {entry['id']}: {' '.join(view.notes)}")
        yield Preset(entry["id"], entry["says"], view)
