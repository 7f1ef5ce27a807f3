"""Everything that a header says beside its route, read once: checks, ARC, signatures, sender, trail, filters."""

from dataclasses import dataclass

from lasthop.original.alignment import Check, checks
from lasthop.original.arc import ArcChain, arc_chain
from lasthop.original.filters import filter_verdicts
from lasthop.original.identity import Identity, identity
from lasthop.original.microsoft import microsoft_verdicts
from lasthop.original.reading import Original
from lasthop.original.received_spf import ReceivedSpf, received_spf
from lasthop.original.results import Results, authentication_results
from lasthop.original.signatures import Signature, signatures
from lasthop.original.trail import Trail, trail
from lasthop.original.trust import Standing, Trust, filter_standing, trust
from lasthop.original.verdict import FilterVerdict


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one original message says of itself, each part in the order of the message: the newest first.

    The body hash (`body.check_bodies`) and the display (`display.troubles`) are not here: they cost time.
    """

    original: Original
    results: tuple[Results, ...]
    received_spf: tuple[ReceivedSpf, ...]
    arc: ArcChain
    signatures: tuple[Signature, ...]
    identity: Identity
    checks: tuple[Check, ...]
    """SPF and DKIM with their alignment."""
    trail: Trail
    trust: Trust
    verdicts: tuple[FilterVerdict, ...]
    """Microsoft's first, then those of other filters."""
    outgoing: frozenset[int]
    """The lines that Microsoft marks as written by a sender's own system, for outgoing mail (DIR:OUT)."""

    def standing(self, given: Results) -> Standing:
        """Whether a field of results was written by the receiver's border."""
        return self.trust.of(given.field.line)

    @property
    def border(self) -> tuple[Results, ...]:
        """The fields of results that count; empty where none does for certain."""
        return tuple(given for given in self.results if self.standing(given) == "border")

    def verdict_standing(self, verdict: FilterVerdict) -> Standing:
        """Whether a filter of the receiver wrote it."""
        return "claim" if verdict.field.line in self.outgoing else filter_standing(verdict, self.original.hops)


def read_evidence(original: Original) -> Evidence:
    """Read all of it; whatever stands in the header gives a result."""
    header = original.header
    results = authentication_results(header)
    signed = signatures(header)
    who = identity(header, signed)
    chain = arc_chain(header, results)
    verdicts = (*microsoft_verdicts(header, results), *filter_verdicts(header))
    return Evidence(
        original=original,
        results=results,
        received_spf=received_spf(header),
        arc=chain,
        signatures=signed,
        identity=who,
        checks=checks(results, who),
        trail=trail(header, chain),
        trust=trust(header, original.hops, results),
        verdicts=verdicts,
        outgoing=frozenset(each.field.line for each in verdicts if (each.name, each.value) == ("DIR", "OUT")),
    )
