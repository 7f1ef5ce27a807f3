"""Two choices of messages side by side: periods, domains, templates, senders."""

from dataclasses import dataclass, replace

from lasthop.measure.cohort import OPEN, REFUSED, TAKEN
from lasthop.measure.delay import accepted_within, at_least_old
from lasthop.measure.funnel import funnel
from lasthop.measure.rate import Difference, Rate, difference, held_together, rate
from lasthop.model.outcomes import MEANINGS, RETRY_WINDOW_H, Outcome
from lasthop.store import Snapshot, named_sql
from lasthop.trace import Query, condition

_OLD = f", of messages at least {RETRY_WINDOW_H} hours old"


@dataclass(frozen=True)
class Line:
    """One share of both sides: what it is, how it is counted, and how far they lie apart.

    ``behind``: the messages to look at, on each side: those that a good share lost, or that a bad one counts; of those
    that came in time, all that were tried. Messages whose start lies before the data are among them.
    """

    name: str
    formula: str
    difference: Difference
    behind: tuple[Query, Query]


def compare(snapshot: Snapshot, first: Query, second: Query) -> tuple[Line, ...]:
    """Every share of ``first`` beside that of ``second``; differences are first minus second.

    What they prove is said of all lines together: at most 5 % of the clear ones are clear by chance.

    Young cohorts are compared only at the same age. How messages ended is told of those that are past the retry window,
    on both sides; what is accepted within an hour or a day, of those at least that old. Only what is known at once,
    such as being suppressed, is told of all.
    """
    sides = (first, second)
    settled = (at_least_old(snapshot, RETRY_WINDOW_H, first), at_least_old(snapshot, RETRY_WINDOW_H, second))
    lines = _steps(snapshot, sides, settled)
    for hours, words in ((1, "an hour"), (24, "24 hours")):
        within = [accepted_within(snapshot, hours, side) for side in sides]
        old = (at_least_old(snapshot, hours, first), at_least_old(snapshot, hours, second))
        formula = f"accepted within {words} / attempted, of messages at least that old"
        lines.append(
            Line(f"Accepted within {hours} h", formula, difference(*within), _ended(old, (*TAKEN, *REFUSED, *OPEN)))
        )
    lines += _outcomes(snapshot, sides, settled)
    held = held_together([line.difference for line in lines])
    return tuple(replace(line, difference=each) for line, each in zip(lines, held, strict=True))


def _steps(snapshot: Snapshot, sides: tuple[Query, Query], settled: tuple[Query, Query]) -> list[Line]:
    """The shares of the funnel, each of all messages or of those past the retry window."""
    at_once, later = ([funnel(snapshot, side) for side in chosen] for chosen in (sides, settled))
    lines = []
    for place, step in enumerate(at_once[0]):
        soon = step.open is None
        a, b = (steps[place] for steps in (at_once if soon else later))
        behind = _ended(sides if soon else settled, step.lost)
        lines.append(Line(a.name, a.formula + ("" if soon else _OLD), difference(a.rate, b.rate), behind))
    return lines


def _ended(sides: tuple[Query, Query], outcomes: tuple[Outcome, ...]) -> tuple[Query, Query]:
    first, second = sides
    return replace(first, outcomes=outcomes), replace(second, outcomes=outcomes)


def _outcomes(snapshot: Snapshot, sides: tuple[Query, Query], settled: tuple[Query, Query]) -> list[Line]:
    """The shares of the failed outcomes that one of the sides has."""
    at_once, later = ([_outcome_shares(snapshot, side) for side in chosen] for chosen in (sides, settled))
    lines = []
    for outcome in Outcome:
        late = outcome in REFUSED
        a, b = (shares[outcome] for shares in (later if late else at_once))
        if outcome not in (*TAKEN, *OPEN) and (a.part or b.part):
            title = MEANINGS[outcome].title
            formula = f"{title.lower()} / all messages whose start the data holds"
            behind = _ended(settled if late else sides, (outcome,))
            lines.append(Line(title, formula + (_OLD if late else ""), difference(a, b), behind))
    return lines


def _outcome_shares(snapshot: Snapshot, query: Query) -> dict[Outcome, Rate]:
    """The share of each outcome among the messages that ``query`` chooses and whose start is known."""
    where, values = condition(query)
    rows = snapshot.rows(named_sql("measure", "outcomes_known").format(condition=where), values)
    counted = {Outcome(row["outcome"]): int(row["n"]) for row in rows}
    return {outcome: rate(counted.get(outcome, 0), sum(counted.values())) for outcome in Outcome}
