"""What the rules of a watcher find in the data: shares whose lower bound is too high, or clearly above the usual."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from lasthop.measure.cohort import REFUSED, TAKEN
from lasthop.measure.local import HOUR_MS
from lasthop.measure.rate import Pair, Rate, clearly_up, intervals, rate
from lasthop.measure.usual import WEEKS, Counts, Window, now_and_before
from lasthop.measure.watch_rules import Rule
from lasthop.model.outcomes import Outcome
from lasthop.store import Snapshot, sql_list
from lasthop.trace import Query


@dataclass(frozen=True)
class Finding:
    """A rule that fires for one group; ``group`` is None for a rule that looks at everything at once.

    ``now``: the share in the window that ends at ``as_of_ms``. ``usual``: that of the same weekdays of the four weeks
    before; None for a rule that does not ask for it. ``looked_at``: among how many groups it was found. ``query`` finds
    the messages that count, and those of them whose start lies before the data, which count in no share.
    """

    rule: Rule
    group: str | None
    now: Rate
    usual: Rate | None
    as_of_ms: int
    looked_at: int
    query: Query


@dataclass(frozen=True)
class Looked:
    """One rule after it was looked at: as of when (None: there is no data), at how many groups, and what it found."""

    rule: Rule
    as_of_ms: int | None
    groups: int
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Counted:
    """The groups of a rule that hold enough messages: their names and counts."""

    rule: Rule
    as_of_ms: int
    names: tuple[str, ...]
    pairs: tuple[Pair, ...]


_EVERYTHING = "everything"
_COLUMNS = {"domain": "domain", "provider": "receiver", "sender": "sender", "template": "template"}
_FIELDS = {**_COLUMNS, "reason": "reason"}

_WHOLES = {
    "finished": "attempted and finished",
    "taken": "taken by the receiving server",
    "processed": "that SendGrid knows",
    "requested": "requested by the application",
    "waiting": "that SendGrid has known for so long",
}


def whole_in_words(rule: Rule) -> str:
    """What the shares of a rule are taken of: ``attempted and finished``."""
    return _WHOLES[_whole_of(rule)]


def _whole_of(rule: Rule) -> str:
    if rule.waiting_hours is not None:
        return "waiting"
    if rule.outcomes in ((Outcome.ACCEPTED_THEN_BOUNCED,), (Outcome.COMPLAINED,)):
        return "taken"
    if rule.outcomes == (Outcome.SUPPRESSED,):
        return "processed"
    return "requested" if rule.outcomes == (Outcome.NOT_HANDED_OVER,) else "finished"


def watch(snapshot: Snapshot, rules: Sequence[Rule]) -> tuple[Looked, ...]:
    """Look at every rule, in their order.

    Over a threshold: when the lower bound of the Wilson interval at 95 % is. Above the usual: Fisher's exact test
    against the same hours of the same weekdays of the four weeks before, with the false discoveries held to 5 % among
    all groups of all these rules. Where one group has fewer than ``least`` now, or 20 before, nothing is said of it.
    """
    counted = [_count(snapshot, rule) for rule in rules]
    unusual = [each for each in counted if each and each.rule.above_usual]
    up = iter(clearly_up([pair for each in unusual for pair in each.pairs]))
    found = []
    for rule, each in zip(rules, counted, strict=True):
        if each is None:
            found.append(Looked(rule, None, 0, ()))
            continue
        above = [next(up) for _ in each.pairs] if rule.above_usual else [True] * len(each.pairs)
        found.append(Looked(rule, each.as_of_ms, len(each.pairs), firing(each, above)))
    return tuple(found)


def firing(counted: Counted, above: Sequence[bool]) -> tuple[Finding, ...]:
    """The groups that fire; ``above`` tells of each whether it is clearly above the usual, or need not be."""
    rule, found = counted.rule, []
    bounds = intervals([pair.part for pair in counted.pairs], [pair.whole for pair in counted.pairs])
    for name, pair, (low, high), is_above in zip(counted.names, counted.pairs, bounds, above, strict=True):
        if not is_above or (rule.over is not None and low <= rule.over):
            continue
        found.append(
            Finding(
                rule,
                None if rule.by == "none" else name,
                Rate(pair.part, pair.whole, low, high),
                rate(pair.before, pair.whole_before) if rule.above_usual else None,
                counted.as_of_ms,
                len(counted.pairs),
                _behind(rule, name, counted.as_of_ms),
            )
        )
    return tuple(found)


def _behind(rule: Rule, group: str, as_of_ms: int) -> Query:
    """The messages that count in one group, now."""
    query = replace(
        rule.only,
        outcomes=rule.outcomes,
        since_ms=as_of_ms - rule.hours * HOUR_MS + 1,
        until_ms=as_of_ms + 1,
        waiting_hours=rule.waiting_hours,
    )
    if rule.by == "none":
        return query
    named: dict[str, Any] = {_FIELDS[rule.by]: group}
    return replace(query, **named)


def _count(snapshot: Snapshot, rule: Rule) -> Counted | None:
    """The groups with enough messages; None when there is nothing to look at."""
    as_of_ms = _edge(snapshot, rule)
    if as_of_ms is None:
        return None
    by = "reason" if rule.by == "reason" else _COLUMNS.get(rule.by, f"'{_EVERYTHING}'")
    counts = Counts(by, rule.outcomes, _whole(rule, as_of_ms))
    window = Window(as_of_ms, rule.hours, WEEKS if rule.above_usual else 0)
    counted = now_and_before(snapshot, counts, window, rule.only)
    enough = [(name, pair) for name, pair in counted if pair.whole >= rule.least]
    return Counted(rule, as_of_ms, tuple(name for name, _ in enough), tuple(pair for _, pair in enough))


def _edge(snapshot: Snapshot, rule: Rule) -> int | None:
    """The clock of a rule: the edge of the data, but for refused requests the application's newest row.

    While all requests are refused SendGrid tells of no event, and its edge stands still.
    """
    if rule.outcomes == (Outcome.NOT_HANDED_OVER,):
        found = snapshot.value("SELECT max(sent_ms) FROM messages WHERE sent_basis = 'app'")
    else:
        found = snapshot.value("SELECT as_of_ms FROM edge")
    return None if found is None else int(found)


def _whole(rule: Rule, as_of_ms: int) -> str:
    """SQL: which messages the shares of a rule are taken of."""
    return {
        "finished": f"outcome IN ({sql_list((*TAKEN, *REFUSED))})",
        "taken": f"outcome IN ({sql_list(TAKEN)})",
        "processed": "provider_last_ms IS NOT NULL",
        "requested": "sent_basis = 'app'",
        # Younger ones cannot have waited so long: shares of cohorts of different age are not compared.
        "waiting": f"provider_last_ms IS NOT NULL AND sent_ms < {as_of_ms - (rule.waiting_hours or 0) * HOUR_MS}",
    }[_whole_of(rule)]
