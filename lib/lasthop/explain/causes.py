"""Which entry of the catalogue fits what a system answered: SendGrid's refusal of a request, its reason for a drop."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import partial

from lasthop.explain.advice import Cause, causes


@dataclass(frozen=True)
class Match:
    """A cause and by what it was found, in words; ``sure`` when the answer names it outright."""

    cause: Cause
    by: str
    sure: bool


_FIELD = re.compile(r'"{1,2}field"{1,2}\s{0,9}:\s{0,9}"{1,2}([^"]{1,200})"')  # some exports leave quotes doubled
_LOOKED_AT = 16_384
_ANCHOR = re.compile(r"errors\.html#(message[\w.\-]{1,200})")


def refusal_causes(answer: str | None, status: str | None) -> list[Match]:
    """Why SendGrid refused a request: by the field of each error, else by the text, else by the HTTP status.

    ``answer`` is the response as the log shows it, cut off or not. Empty when nothing of it is in the catalogue.
    """
    answer = (answer or "")[:_LOOKED_AT]
    fields = _FIELD.findall(answer) or _ANCHOR.findall(answer)
    found: dict[str, Match] = {}
    for field in fields:
        for cause in _where("fields", partial(_is_field, field), status):
            found.setdefault(cause.id, Match(cause, f"the field {field} of SendGrid's answer", True))
            break
    if found:
        return list(found.values())
    lowered = answer.lower()
    for cause in _where("texts", lambda part: part in lowered):
        return [Match(cause, "the text of SendGrid's answer, which names no field", True)]
    for cause in _where("statuses", lambda code: code == status):
        return [Match(cause, f"status {status} alone", False)]
    return []


def _is_field(name: str, pattern: str) -> bool:
    return re.fullmatch(pattern, name) is not None


def _where(key: str, fits: Callable[[str], bool], status: str | None = None) -> list[Cause]:
    """The causes of refused requests of which one condition ``key`` fits, in order of the catalogue."""
    return [
        cause
        for cause in causes("requests")
        if any(fits(condition) for condition in cause.signal.get(key, ()))
        and (status is None or status in cause.signal.get("status", [status]))
    ]


def drop_cause(reason: str | None) -> Match | None:
    """Why SendGrid dropped a message, by the reason it gave; None without one or with one that is not known."""
    said = " ".join((reason or "").lower().split())
    for cause in causes("drops"):
        if said in cause.signal["reasons"]:
            return Match(cause, "the reason that SendGrid gave for the drop", True)
    return None


def design_cause(recipient: str | None) -> Match | None:
    """Why mail to this address never leaves, by design; None for every other address."""
    for cause in causes("silence"):
        if any(fnmatchcase(recipient or "", pattern) for pattern in cause.signal.get("recipients", ())):
            return Match(cause, "the address", True)
    return None


def reasons_for_silence(recipient: str | None = None) -> tuple[Cause, ...]:
    """Why there may be no message at all: the one cause that the address tells, else what to look at, in order."""
    known = design_cause(recipient)
    return (known.cause,) if known else tuple(c for c in causes("silence") if "recipients" not in c.signal)


def symptoms() -> tuple[Cause, ...]:
    """What a person may see although the mail was accepted, each with what it comes from."""
    return causes("symptoms")
