"""Two choices of messages side by side: periods, domains, templates, senders."""

from dataclasses import dataclass, replace

from lasthop.measure.cohort import OPEN, TAKEN
from lasthop.measure.delay import accepted_within
from lasthop.measure.funnel import funnel
from lasthop.measure.rate import Difference, Rate, difference, held_together, rate
from lasthop.model.outcomes import MEANINGS, Outcome
from lasthop.store import Snapshot, named_sql
from lasthop.trace import Query, condition


@dataclass(frozen=True)
class Line:
    """One share of both sides: what it is, how it is counted, and how far they lie apart."""

    name: str
    formula: str
    difference: Difference


def compare(snapshot: Snapshot, first: Query, second: Query) -> tuple[Line, ...]:
    """Every share of ``first`` beside that of ``second``; differences are first minus second.

    What they prove is said of all lines together: at most 5 % of the clear ones are clear by chance.

    Cohorts of different age are fairly compared only by what is accepted within an hour or a day: messages younger than
    that are left out of those two lines on both sides.
    """
    sides = [funnel(snapshot, side) for side in (first, second)]
    lines = [Line(a.name, a.formula, difference(a.rate, b.rate)) for a, b in zip(*sides, strict=True)]
    for hours, words in ((1, "an hour"), (24, "24 hours")):
        within = [accepted_within(snapshot, hours, side) for side in (first, second)]
        formula = f"accepted within {words} / attempted, of messages at least that old"
        lines.append(Line(f"Accepted within {hours} h", formula, difference(*within)))
    shares = [_outcome_shares(snapshot, side) for side in (first, second)]
    for outcome in Outcome:
        if outcome not in (*TAKEN, *OPEN) and (shares[0][outcome].part or shares[1][outcome].part):
            title = MEANINGS[outcome].title
            lines.append(
                Line(
                    title,
                    f"{title.lower()} / all messages whose start the data holds",
                    difference(shares[0][outcome], shares[1][outcome]),
                )
            )
    held = held_together([line.difference for line in lines])
    return tuple(replace(line, difference=each) for line, each in zip(lines, held, strict=True))


def _outcome_shares(snapshot: Snapshot, query: Query) -> dict[Outcome, Rate]:
    """The share of each outcome among the messages that ``query`` chooses and whose start is known."""
    where, values = condition(query)
    rows = snapshot.rows(named_sql("measure", "outcomes_known").format(condition=where), values)
    counted = {Outcome(row["outcome"]): int(row["n"]) for row in rows}
    return {outcome: rate(counted.get(outcome, 0), sum(counted.values())) for outcome in Outcome}
