"""The rules that a watcher goes by: read from a TOML file, checked key by key."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from lasthop.errors import InputError
from lasthop.measure.cohort import REFUSED
from lasthop.measure.rate import FEW
from lasthop.model.outcomes import MEANINGS, Outcome
from lasthop.trace import Query

Group = Literal["none", "domain", "provider", "sender", "template", "reason"]

NO_NEWER_DATA = "no newer data"
"""The name of the finding that the data is old; no rule may have it."""
LONGEST_H = 31 * 24
WEEK_H = 7 * 24
_WAITING = re.compile(r"waiting longer than ([1-9][0-9]{0,2}) hours?")
_FILTERS = ("domain", "receiver", "sender", "template", "category")
_KEYS = ("name", "of", "by", "hours", "over", "above_usual", "least", "quiet", "remind", *_FILTERS)
_NAMED = tuple(str(outcome) for outcome, meaning in MEANINGS.items() if meaning.failed)


@dataclass(frozen=True)
class Rule:
    """One rule. Hours are counted back from the edge of the data.

    ``outcomes``: those that count. ``waiting_hours``: only those sent longer ago than that, None unless it counts what
    waits. ``over``: the share (0 to 1) that the lower bound has to exceed; ``above_usual``: the share has to be clearly
    above that of the same hours of the same weekdays before; with both, both. ``least``: groups with fewer are not
    looked at.
    """

    name: str
    of: str
    outcomes: tuple[Outcome, ...]
    waiting_hours: int | None = None
    by: Group = "none"
    hours: int = 24
    over: float | None = None
    above_usual: bool = False
    least: int = 50
    quiet: int = 24
    remind: int = 24
    only: Query = field(default_factory=Query)

    @property
    def threshold(self) -> str:
        """``over`` as it was meant: ``5%``, ``0.05%``; empty without one."""
        return "" if self.over is None else f"{100 * self.over:g}%"


def load_rules_to_watch(path: Path) -> tuple[Rule, ...]:
    """The rules of a file, in its order. Raises InputError that names the file, the rule and what is wrong with it."""
    try:
        content = tomllib.loads(path.read_bytes().decode("utf-8"))
    except OSError as error:
        raise InputError(f"The rules in {path.name} cannot be read.", f"{error.strerror or error}.") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path.name} is not a TOML file.", f"{error}.") from error
    entries = content.get("rule")
    if set(content) - {"rule"} or not isinstance(entries, list) or not entries:
        raise InputError(f"{path.name} holds no rules to watch.", hint="Begin each rule with the line [[rule]].")
    rules = tuple(_rule(entry, f"{path.name}, rule {number}") for number, entry in enumerate(entries, 1))
    if twice := _twice(rule.name for rule in rules):
        raise InputError(f"{path.name} has two rules named {twice!r}.", hint="Give each a name of its own.")
    return rules


def _twice(names: Iterable[str]) -> str | None:
    seen = set[str]()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return None


def _rule(entry: Any, place: str) -> Rule:
    try:
        if not isinstance(entry, Mapping):
            raise ValueError("it is not a table")
        if isinstance(entry.get("name"), str):
            place = f"{place} ({entry['name'][:80]!r})"
        return _checked(entry)
    except ValueError as error:
        raise InputError(f"{place}: {error}.") from error


def _checked(entry: Mapping[str, Any]) -> Rule:
    if unknown := sorted(set(entry) - set(_KEYS)):
        raise ValueError(f"{unknown[0]!r} is no key of a rule; keys are {', '.join(_KEYS)}")
    of = _text(entry, "of")
    outcomes, waiting_hours = _counted(of)
    by = entry.get("by", "none")
    if by not in get_args(Group):
        raise ValueError(f"by = {by!r} is none of {', '.join(get_args(Group))}")
    only: dict[str, Any] = {key: _text(entry, key) for key in _FILTERS if key in entry}
    rule = Rule(
        name=_text(entry, "name"),
        of=of,
        outcomes=outcomes,
        waiting_hours=waiting_hours,
        by=by,
        hours=_whole(entry, "hours", 24, 1, LONGEST_H),
        over=_share(entry),
        above_usual=_flag(entry, "above_usual"),
        least=_whole(entry, "least", 50, FEW, 1_000_000),
        quiet=_whole(entry, "quiet", 24, 1, LONGEST_H),
        remind=_whole(entry, "remind", 24, 1, LONGEST_H),
        only=Query(**only),
    )
    _consistent(rule)
    return rule


def _consistent(rule: Rule) -> None:
    if rule.name == NO_NEWER_DATA:
        raise ValueError(f"the name {NO_NEWER_DATA!r} is that of the finding of --stale")
    if rule.over is None and not rule.above_usual:
        raise ValueError("it needs over, above_usual = true, or both: without them it never fires")
    if rule.above_usual and rule.hours > WEEK_H:
        raise ValueError(f"with above_usual hours may be at most {WEEK_H}: weeks are compared with weeks")
    if rule.waiting_hours is None:
        return
    if rule.above_usual:
        raise ValueError("above_usual cannot tell of what waits: a message of last week no longer does")
    if rule.waiting_hours >= rule.hours:
        raise ValueError(f"nothing sent in the last {rule.hours} hours waits longer than {rule.waiting_hours}")
    if rule.by == "reason":
        raise ValueError("by = 'reason' goes with what failed, not with what waits")


def _counted(of: str) -> tuple[tuple[Outcome, ...], int | None]:
    """The outcomes that a rule counts, and for what waits the hours."""
    if of == "failed":
        return REFUSED, None
    if of in _NAMED:
        return (Outcome(of),), None
    if found := _WAITING.fullmatch(of):
        return (Outcome.WAITING,), int(found[1])
    raise ValueError(f"of = {of!r} is none of failed, {', '.join(_NAMED)}, 'waiting longer than H hours'")


def _text(entry: Mapping[str, Any], key: str) -> str:
    value = entry.get(key)
    if not isinstance(value, str) or not value.strip() or len(value) > 500:
        raise ValueError(f"{key} has to be a text of 1 to 500 characters")
    return value.strip()


def _whole(entry: Mapping[str, Any], key: str, otherwise: int, low: int, high: int) -> int:
    value = entry.get(key, otherwise)
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise ValueError(f"{key} = {value!r} has to be a whole number from {low} to {high}")
    return value


def _share(entry: Mapping[str, Any]) -> float | None:
    if "over" not in entry:
        return None
    value = entry["over"]
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1:
        raise ValueError(f"over = {value!r} has to be a share from 0 to below 1, such as 0.05 for 5 %")
    return float(value)


def _flag(entry: Mapping[str, Any], key: str) -> bool:
    value = entry.get(key, False)
    if not isinstance(value, bool):
        raise ValueError(f"{key} = {value!r} has to be true or false")
    return value
