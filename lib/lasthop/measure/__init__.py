"""Counts by send cohort and by reason, and how complete the data behind them is."""

from lasthop.measure.changes import Change, Changes, changes
from lasthop.measure.cohort import FORMULAS, By, outcomes_by
from lasthop.measure.compare import Line, compare
from lasthop.measure.delay import Delay, accepted_within, delay
from lasthop.measure.forms import Example, example_of, forms_of, phrase_of, rule_for
from lasthop.measure.funnel import Step, funnel
from lasthop.measure.health import Health, health
from lasthop.measure.overview import failing_now, standing
from lasthop.measure.rate import Difference, Rate, rate
from lasthop.measure.reasons import (
    Failures,
    counted_outcomes,
    failures,
    is_reason,
    meaning_of,
    rest_of,
    title_of,
    titles_of,
)
from lasthop.measure.rhythm import rhythm
from lasthop.trace.find import NO_REPLY, REQUEST_REFUSED

__all__ = [
    "FORMULAS",
    "NO_REPLY",
    "REQUEST_REFUSED",
    "By",
    "Change",
    "Changes",
    "Delay",
    "Difference",
    "Example",
    "Failures",
    "Health",
    "Line",
    "Rate",
    "Step",
    "accepted_within",
    "changes",
    "compare",
    "counted_outcomes",
    "delay",
    "example_of",
    "failing_now",
    "failures",
    "forms_of",
    "funnel",
    "health",
    "is_reason",
    "meaning_of",
    "outcomes_by",
    "phrase_of",
    "rate",
    "rest_of",
    "rhythm",
    "rule_for",
    "standing",
    "title_of",
    "titles_of",
]
