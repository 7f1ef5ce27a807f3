"""How the mail of the cohorts of a case fared: its addresses, domains, providers, templates, senders, and everything.

Counted by the engine and taken row by row: a large case has a hundred thousand addresses.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from lasthop.measure.rate import FEW, Rate, intervals
from lasthop.model.outcomes import FAILED
from lasthop.pack.redact import Redactor
from lasthop.store import Snapshot, named_sql, sql_list

KINDS = ("recipient", "domain", "receiver", "template", "sender", "everything")
COUNTS = ("messages", "accepted", "failed", *(f"failed_{outcome}" for outcome in FAILED), "waiting", "unknown")
KEPT = 10
"""So many cohorts of a kind are kept for the screen, the ones with most messages first; all are in scope.csv."""
NAMED = 3
MOST = 0.5
"""From this share of failures on a cohort is said to fail: most of what was settled in it."""
_TAKEN = 5_000


@dataclass(frozen=True, slots=True)
class Cohort:
    """One cohort, its name as it may leave; ``counts``: `COUNTS`, ``rate``: how much of what was settled failed."""

    kind: str
    name: str
    counts: Mapping[str, int]
    rate: Rate

    @property
    def fails(self) -> bool:
        """Whether it is sure that most of what was settled failed."""
        return self.rate.share is not None and self.rate.low > MOST


@dataclass(slots=True)
class Kind:
    """All cohorts of one kind: how many, their first `KEPT`, and those that fail, of which `NAMED` are kept."""

    n: int = 0
    failed: int = 0
    settled: int = 0
    failing: int = 0
    first: list[Cohort] = field(default_factory=list)
    first_failing: list[Cohort] = field(default_factory=list)

    def take(self, one: Cohort) -> None:
        """Add a cohort of this kind."""
        self.n += 1
        self.failed += one.rate.part
        self.settled += one.rate.whole
        if len(self.first) < KEPT:
            self.first.append(one)
        if one.fails:
            self.failing += 1
            if len(self.first_failing) < NAMED:
                self.first_failing.append(one)


def cohorts(
    snapshot: Snapshot, from_ms: int, until_ms: int, redactor: Redactor, known: frozenset[str]
) -> Iterator[Cohort]:
    """The cohorts of the messages in the table ``scope_case``, sent in a span (epoch ms UTC, both ends included).

    Kind by kind, in a kind the largest first, then the one that mail was first sent to: an order by name would tell
    how masked names begin.
    """
    rows = snapshot.batches(
        named_sql("pack", "scope").format(counts=_COUNTED, kinds=sql_list(KINDS)),
        {"from_ms": from_ms, "until_ms": until_ms},
    )
    while some := list(islice(rows, _TAKEN)):
        for row, failed in zip(some, _rates(some), strict=True):
            name = redactor.domain(row["name"]) if row["cohort"] == "domain" else redactor.text(row["name"], known)
            yield Cohort(row["cohort"], name, {count: row[count] for count in COUNTS}, failed)


def _rates(rows: list[dict[str, Any]]) -> Iterator[Rate]:
    """How much of what is settled failed, for each row; anything is possible below 20, where no bounds are told."""
    settled = [row["failed"] + row["accepted"] for row in rows]
    enough = [(row["failed"], whole) for row, whole in zip(rows, settled, strict=True) if whole >= FEW]
    bounds = iter(intervals(*map(list, zip(*enough, strict=True))) if enough else ())  # all at once is much faster
    for row, whole in zip(rows, settled, strict=True):
        low, high = next(bounds) if whole >= FEW else (0.0, 1.0)
        yield Rate(row["failed"], whole, low, high)


_FATES = {
    "accepted": "'accepted'",
    "failed": sql_list(FAILED),
    **{f"failed_{outcome}": f"'{outcome}'" for outcome in FAILED},
    "waiting": "'waiting'",
    "unknown": "'unknown'",
}
_COUNTED = ", ".join(
    [
        "count(*) AS messages",
        *(f"count(CASE WHEN outcome IN ({which}) THEN 1 END) AS {n}" for n, which in _FATES.items()),
        "min(sent_ms) AS first_ms",
    ]
)
