"""Is it one address, one domain, one template, or everything? How mail beside that of a case fared in its days."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from lasthop.measure.rate import FEW, Rate, intervals
from lasthop.model.outcomes import FAILED
from lasthop.store import Snapshot, named_sql
from lasthop.store.table import DAY_MS

DAYS_BEFORE = 7
COHORTS = ("recipient", "domain", "receiver", "template", "sender", "everything")
COLUMNS = (
    "cohort", "name", "messages", "accepted", "failed", *(f"failed_{outcome}" for outcome in FAILED), "waiting",
    "unknown", "failed_share", "failed_low", "failed_high",
)  # fmt: skip
ALIKE = ("reason", "reply_form", "n", "recipients", "first_ms", "last_ms")
MOST = 0.5
"""From this share of failures on a cohort is said to fail: most of what was settled in it."""


@dataclass(frozen=True)
class Scope:
    """The cohorts of a case, sent from ``from_ms`` to ``until_ms`` (epoch ms UTC, both inclusive).

    ``cohorts``: `COLUMNS`; ``failed`` counts complaints too, shares are of accepted and failed, 0 to 1, None below 20.
    ``alike``: `ALIKE`, other messages with a reason and reply form of the case, at any time of the loaded data.
    """

    from_ms: int
    until_ms: int
    cohorts: pd.DataFrame
    alike: pd.DataFrame
    sentence: str


def scope(snapshot: Snapshot, messages: Sequence[str]) -> Scope | None:
    """How wide the trouble of these messages is; None when none of them is in the workspace.

    The days: whole UTC days, from seven days before the first message of the case was sent to the day of the last.
    """
    snapshot.cursor.execute(
        "CREATE OR REPLACE TEMP TABLE scope_case AS "
        "SELECT message, recipient, domain, receiver, template, sender, reason, reply_form, sent_ms "
        "FROM messages WHERE message IN (SELECT unnest(?::VARCHAR[]))",
        [list(messages)],
    )
    (span,) = snapshot.rows("SELECT min(sent_ms) AS first_ms, max(sent_ms) AS last_ms FROM scope_case")
    if span["first_ms"] is None:
        return None
    from_ms = (span["first_ms"] // DAY_MS - DAYS_BEFORE) * DAY_MS
    until_ms = (span["last_ms"] // DAY_MS + 1) * DAY_MS - 1
    found: dict[tuple[str, str], dict[str, int]] = {}
    for row in snapshot.rows(named_sql("pack", "scope"), {"from_ms": from_ms, "until_ms": until_ms}):
        found.setdefault((row["cohort"], row["name"]), {})[row["outcome"]] = row["n"]
    ordered = sorted(found, key=lambda key: (COHORTS.index(key[0]), -sum(found[key].values()), key[1]))
    rates = dict(zip(ordered, _failing([found[key] for key in ordered]), strict=True))
    return Scope(
        from_ms,
        until_ms,
        pd.DataFrame([_row(key, found[key], rates[key]) for key in ordered], columns=list(COLUMNS), dtype=object),
        snapshot.frame(named_sql("pack", "scope_alike")),
        _sentence(rates),
    )


def _failing(cohorts: list[dict[str, int]]) -> list[Rate]:
    """The share that failed of what is settled in each; all at once, for a case may have many addresses."""
    parts = [sum(counts.get(outcome, 0) for outcome in FAILED) for counts in cohorts]
    wholes = [part + counts.get("accepted", 0) for part, counts in zip(parts, cohorts, strict=True)]
    bounds = intervals(parts, wholes)
    return [Rate(part, whole, *bound) for part, whole, bound in zip(parts, wholes, bounds, strict=True)]


def _row(key: tuple[str, str], counts: dict[str, int], failing: Rate) -> tuple[Any, ...]:
    told = failing.share is not None
    return (
        *key,
        sum(counts.values()),
        counts.get("accepted", 0),
        failing.part,
        *(counts.get(outcome, 0) for outcome in FAILED),
        counts.get("waiting", 0),
        counts.get("unknown", 0),
        failing.share,
        failing.low if told else None,
        failing.high if told else None,
    )


_WORDS = {
    "everything": "Everything fails",
    "domain": "The whole domain fails",
    "receiver": "The whole receiving provider fails",
    "template": "Everything with this template fails",
    "sender": "Everything from this sender fails",
}


def _sentence(rates: dict[tuple[str, str], Rate]) -> str:
    """The widest cohort of which most fails for sure; "only this address" needs others that are seen to get through."""
    everything = rates["everything", ""]
    if everything.share is None:
        return f"Cannot be told: too few. Only {_counted(everything)} in these days; {FEW} are needed."
    for cohort, words in _WORDS.items():
        if failing := [(name, one) for (kind, name), one in rates.items() if kind == cohort and _fails(one)]:
            return f"{words}: {'; '.join(_listed(failing))}."
    addresses = [(name, one) for (kind, name), one in rates.items() if kind == "recipient"]
    own = sum(one.part for _, one in addresses)
    if not own:
        return f"Nothing failed to the addresses of the case; of everything {_counted(everything)}."
    domains = [one for (kind, _), one in rates.items() if kind == "domain"]
    failed, settled = sum(one.part for one in domains), sum(one.whole for one in domains)
    others = settled - sum(one.whole for _, one in addresses)
    if others >= FEW and failed == own:
        which = "Only this address" if len(addresses) == 1 else "Only these addresses"
        return f"{which}: {own:,} failed; none of {others:,} settled to others at the domain failed."
    if others < FEW:
        return f"Cannot be told: too few. {others:,} settled to other addresses at the domain; {FEW} are needed."
    return f"No one scope: {own:,} failed to the addresses of the case, {failed - own:,} of {others:,} to others there."


def _fails(one: Rate) -> bool:
    return one.share is not None and one.low > MOST


def _listed(failing: list[tuple[str, Rate]]) -> Iterator[str]:
    for name, one in failing[:3]:
        yield f"{name + ': ' if name else ''}{_counted(one)} ({100 * one.part / one.whole:.0f} %)"
    if len(failing) > 3:
        yield f"and {len(failing) - 3:,} more"


def _counted(one: Rate) -> str:
    return f"{one.part:,} of {one.whole:,} settled failed"
