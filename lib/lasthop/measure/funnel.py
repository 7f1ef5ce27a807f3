"""Shares with named denominators: of what was requested, processed, attempted."""

from dataclasses import dataclass

from lasthop.measure.cohort import OPEN, REFUSED, TAKEN
from lasthop.measure.rate import FEW, Rate, rate
from lasthop.measure.tally import tally
from lasthop.model.outcomes import Outcome
from lasthop.store import Snapshot, named_sql, sql_list
from lasthop.trace import Query


@dataclass(frozen=True)
class Step:
    """One share: what it is called, how it is counted, and the share itself.

    ``open``: messages that may still come to count in it, as part or as the rest. None for a share that is settled at
    once: of it nothing is open. ``lost``: how the messages ended that count in the whole and not in the part.
    """

    name: str
    formula: str
    rate: Rate
    lost: tuple[Outcome, ...]
    open: int | None = None

    @property
    def possible(self) -> tuple[float, float] | None:
        """The share (0 to 1) if all that are open end badly, and if all end well; None where that are fewer than 20."""
        still = self.open or 0
        whole = self.rate.whole + still
        return (self.rate.part / whole, (self.rate.part + still) / whole) if whole >= FEW else None


KEPT = tuple(outcome for outcome in TAKEN if outcome is not Outcome.ACCEPTED_THEN_BOUNCED)

FUNNEL = (
    ("Handed over", "handed_over", "requested", "rows of the application that SendGrid took / all its rows",
     (Outcome.NOT_HANDED_OVER,)),
    ("Attempted", "attempted", "processed", "messages that SendGrid tried to deliver / messages it knows",
     (Outcome.SUPPRESSED,)),
    ("Accepted", "accepted", "finished", "taken by the receiving server / attempted and finished", REFUSED),
    ("Accepted and kept", "kept", "finished", "taken and not returned later / attempted and finished",
     (*REFUSED, Outcome.ACCEPTED_THEN_BOUNCED)),
)  # fmt: skip


def funnel(snapshot: Snapshot, query: Query | None = None) -> tuple[Step, ...]:
    """The shares from request to acceptance, each of its own denominator; without messages whose start is not known."""
    sql = named_sql("measure", "funnel").format(
        taken=sql_list(TAKEN),
        refused=sql_list(REFUSED),
        kept=sql_list(KEPT),
        open=sql_list(OPEN),
        tally=tally(snapshot, query),
    )
    (counted,) = snapshot.rows(sql)
    return tuple(
        Step(name, formula, rate(counted[part], counted[whole]), lost, counted["open"] if whole == "finished" else None)
        for name, part, whole, formula, lost in FUNNEL
    )
