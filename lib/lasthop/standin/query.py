"""The query language of both list endpoints, as far as it is documented and lasthop uses it.

Email Logs: conditions joined by AND, each ``field = "value"``, ``field IN ('a', 'b')`` or ``field >= TIMESTAMP "…"``.
Email Activity: the same, and ``field BETWEEN TIMESTAMP "…" AND TIMESTAMP "…"`` with both ends.
"""

import math
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

_STAMP = r'TIMESTAMP\s*"([^"]*)"'
_CONDITION = re.compile(
    rf"""\s*(?P<field>\w+)\s*(?:
        (?P<sign>>=|<=|>|<)\s*{_STAMP.replace("(", "(?P<at>", 1)}
        | BETWEEN\s+{_STAMP.replace("(", "(?P<low>", 1)}\s+AND\s+{_STAMP.replace("(", "(?P<high>", 1)}
        | =\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)')
        | IN\s*\((?P<listed>[^()]*)\)
    )\s*(?P<more>AND\b|\Z)""",
    re.VERBOSE,
)
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}
Row = Mapping[str, Any]


class BadQuery(ValueError):
    """What the service answers with 400."""


@dataclass(frozen=True)
class Grammar:
    """The fields of one endpoint: those with a time, and all others."""

    times: frozenset[str]
    texts: frozenset[str]


LOGS = Grammar(
    frozenset({"sg_message_id_created_at"}),
    frozenset({"sg_message_id", "subject", "to_email", "status", "reason", "categories"}),
)
ACTIVITY = Grammar(frozenset({"last_event_time"}), frozenset({"msg_id", "from_email", "to_email", "subject", "status"}))


@dataclass(frozen=True)
class Query:
    """Whether a row fits, and the bounds that the query puts on the time (epoch seconds, both inclusive)."""

    fits: Callable[[Row], bool]
    since: float
    until: float


def parse(text: str, grammar: Grammar) -> Query:
    """Understand a query. Times of rows are epoch seconds. Raises BadQuery with the service's kind of sentence."""
    tests: list[Callable[[Row], bool]] = []
    place, since, until = 0, -math.inf, math.inf
    while True:
        found = _CONDITION.match(text, place)
        if not found:
            raise BadQuery(f"invalid syntax: near position {place}")
        tests.append(_test(found, grammar))
        if found["sign"] in (">", ">="):
            since = max(since, _seconds(found["at"]))
        elif found["sign"]:
            until = min(until, _seconds(found["at"]))
        place = found.end()
        if not found["more"]:
            return Query(lambda row: all(test(row) for test in tests), since, until)


def _test(found: re.Match[str], grammar: Grammar) -> Callable[[Row], bool]:
    field = found["field"]
    if field not in grammar.times | grammar.texts:
        raise BadQuery(f"invalid syntax: '{field}' is not a known field")
    is_time = found["sign"] is not None or found["low"] is not None
    if is_time != (field in grammar.times):
        raise BadQuery(f"invalid syntax: '{field}' does not take this operator")
    if found["sign"]:
        compare, at = _COMPARE[found["sign"]], _seconds(found["at"])
        return lambda row: compare(row[field], at)
    if found["low"] is not None:
        low, high = _seconds(found["low"]), _seconds(found["high"])
        return lambda row: bool(low <= row[field] <= high)
    if found["listed"] is not None:
        words = re.findall(r"'([^']*)'", found["listed"])
        return lambda row: row[field] in words
    value = found["double"] if found["double"] is not None else found["single"]
    return lambda row: bool(row[field] == value)


def _seconds(stamp: str) -> float:
    try:
        when = datetime.fromisoformat(stamp)
    except ValueError as error:
        raise BadQuery(f"invalid syntax: '{stamp}' is not a timestamp") from error
    if when.tzinfo is None:
        raise BadQuery(f"invalid syntax: '{stamp}' has no zone")
    return when.timestamp()
