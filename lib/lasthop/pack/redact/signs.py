"""A cheap look at a text: whether anything in it can name someone at all."""

from functools import lru_cache

from lasthop.pack.redact.encoded import has_base64
from lasthop.pack.redact.from_values import known_from
from lasthop.pack.redact.known import lowered
from lasthop.pack.redact.view import MAY_BE_CODED, SIGNS

_REMEMBERED = 1000


def may_name(text: str, known: frozenset[str]) -> bool:
    """False only where `Redactor.text` would find nothing."""
    if (_has_signs if len(text) <= _REMEMBERED else _look)(text):
        return True
    return bool(known) and _has_token(text, known)


def may_name_as_id(text: str, known: frozenset[str]) -> bool:
    """As `may_name`, for an id: it is no base64 of a text."""
    return _is_coded(text) or (bool(known) and _has_token(text, known))


def _has_token(text: str, known: frozenset[str]) -> bool:
    people = known_from(known)
    if people.many:
        return True
    low = lowered(text)
    return any(token in low for token in people.every)


def _is_coded(text: str) -> bool:
    return SIGNS.search(text) is not None and ("@" in text or MAY_BE_CODED.search(text) is not None)


def _look(text: str) -> bool:
    return _is_coded(text) or has_base64(text)


_has_signs = lru_cache(16384)(_look)
"""Subjects, columns and the words of verdicts come again in many messages."""
