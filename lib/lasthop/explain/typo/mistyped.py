"""A right address -> the mistyped ones to which its mail may have gone instead: ``find_typo`` asked the other way."""

from dataclasses import dataclass
from itertools import islice

from lasthop.explain.typo import Typo, find_typo, spared
from lasthop.explain.typo.domains import domain_slip
from lasthop.explain.typo.repair import repaired
from lasthop.explain.typo.slip import mailbox_slip
from lasthop.model.outcomes import FAILED
from lasthop.store import Snapshot, named_sql

AT_MOST = 20
"""So many candidates are looked at closely, those with most failed messages first."""


@dataclass(frozen=True)
class Mistyped:
    """An address to which ``failed`` messages failed, and why another may have been meant by it."""

    address: str
    failed: int
    typo: Typo


def mistyped_as(snapshot: Snapshot, address: str) -> tuple[Mistyped, ...]:
    """The failed addresses for which ``find_typo`` suggests ``address``, those with most failed messages first.

    Whether the address itself is known does not matter. Empty when nothing is convincing, or the address has no domain.
    """
    meant = address.strip().lower()
    mailbox, _, domain = meant.rpartition("@")
    if not mailbox or not domain:
        return ()
    head, middle, tail = spared(mailbox)
    asked = {"address": meant, "mailbox": mailbox, "domain": domain, "head": head, "middle": middle, "tail": tail}
    rows = snapshot.rows(
        named_sql("explain", "mistyped_candidates"), {**asked, "failed": [str(outcome) for outcome in FAILED]}
    )
    near = (row for row in rows if _is_near(row["recipient"], meant))
    found = ((row, find_typo(snapshot, row["recipient"])) for row in islice(near, AT_MOST))
    return tuple(
        Mistyped(row["recipient"], row["failed"], typo) for row, typo in found if typo and typo.suggestion == meant
    )


def _is_near(written: str, meant: str) -> bool:
    """Whether the one can be a slip of the other by its letters alone: what is not needs no look at the workspace."""
    mailbox, _, domain = meant.rpartition("@")
    repair = repaired(written, [domain])
    read = repair.address if repair else written
    read_mailbox, _, read_domain = read.rpartition("@")
    if read_domain == domain:
        return read == meant or mailbox_slip(read_mailbox, mailbox) is not None
    return read_mailbox == mailbox and domain_slip(read_domain, domain) is not None
