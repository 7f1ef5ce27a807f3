"""ARC (RFC 8617): what each system that passed the message on saw, in order. Without keys: no seal is verified."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from lasthop.original.field import Defect, Field, Header
from lasthop.original.pairs import read_tags
from lasthop.original.results import Results
from lasthop.original.signatures import Signature, read_signature
from lasthop.original.stamps import read_epoch

HIGHEST = 50
"""RFC 8617 §4.2.1: no chain has more sets."""

_PARTS = {
    "arc-seal": "ARC-Seal",
    "arc-message-signature": "ARC-Message-Signature",
    "arc-authentication-results": "ARC-Authentication-Results",
}


@dataclass(frozen=True, slots=True)
class Seal:
    """One ARC-Seal."""

    field: Field
    domain: str | None
    """``d=``: who sealed."""
    validity: str | None
    """``cv=`` in lower case: what the sealer found of the sets before it (none, pass, fail)."""
    time: datetime | None
    """``t=``, UTC."""


@dataclass(frozen=True, slots=True)
class ArcSet:
    """What one system added; None where that part is missing."""

    instance: int
    seal: Seal | None
    signature: Signature | None
    results: Results | None

    @property
    def sealer(self) -> str | None:
        """Who sealed, or at least signed, the set; None where neither says."""
        return (self.seal and self.seal.domain) or (self.signature and self.signature.domain) or None


@dataclass(frozen=True, slots=True)
class ArcChain:
    """The sets of a message, the oldest (i=1) first, and what is wrong with them."""

    sets: tuple[ArcSet, ...] = ()
    defects: tuple[Defect, ...] = ()


def arc_chain(header: Header, results: tuple[Results, ...]) -> ArcChain:
    """The ARC sets of a header; ``results``: every field of results of the same header, as `results` reads them."""
    read = {given.field.line: given for given in results}
    parts: defaultdict[int, dict[str, Field]] = defaultdict(dict)
    defects: list[Defect] = []
    for found in header.fields:
        name = found.name.lower()
        if name not in _PARTS:
            continue
        instance = _instance(found)
        if instance is None:
            defects.append(Defect("no_instance", f"{_PARTS[name]} has no number i= from 1 to {HIGHEST}.", found.line))
        elif name in parts[instance]:
            defects.append(Defect("double_part", f"{_PARTS[name]} i={instance} stands there twice.", found.line))
        else:
            parts[instance][name] = found
    sets = tuple(_set(instance, parts[instance], read) for instance in sorted(parts))
    return ArcChain(sets, (*defects, *_gaps(sets, parts)))


def _instance(found: Field) -> int | None:
    digits = read_tags(found.value[:200]).get("i", "")
    number = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 4 else 0
    return number if 1 <= number <= HIGHEST else None


def _set(instance: int, parts: dict[str, Field], read: dict[int, Results]) -> ArcSet:
    seal = parts.get("arc-seal")
    signature = parts.get("arc-message-signature")
    said = parts.get("arc-authentication-results")
    return ArcSet(
        instance,
        _seal(seal) if seal else None,
        read_signature(signature) if signature else None,
        read.get(said.line) if said else None,
    )


def _seal(found: Field) -> Seal:
    tags = read_tags(found.value)
    domain, validity = tags.get("d", "").lower().rstrip("."), tags.get("cv", "").lower()
    return Seal(found, domain or None, validity or None, read_epoch(tags.get("t", "")))


def _gaps(sets: tuple[ArcSet, ...], parts: dict[int, dict[str, Field]]) -> list[Defect]:
    """Sets that are not there, sets with a part missing, and a ``cv=`` that cannot stand where it does (§5.1.1)."""
    there = {each.instance for each in sets}
    defects = [
        Defect("missing_set", f"The ARC set i={number} is missing, so the chain is broken.")
        for number in range(1, max(there, default=0) + 1)
        if number not in there
    ]
    for each in sets:
        missing = [title for name, title in _PARTS.items() if name not in parts[each.instance]]
        line = next(iter(parts[each.instance].values())).line
        if missing:
            names = " and ".join(missing)
            defects.append(Defect("missing_part", f"The ARC set i={each.instance} lacks {names}.", line))
        validity = each.seal.validity if each.seal else None
        if validity and (validity == "none") != (each.instance == 1):
            says = f"ARC-Seal i={each.instance} says cv={validity[:20]}, which cannot stand there (RFC 8617 §5.1.1)."
            defects.append(Defect("wrong_validity", says, line))
    return defects
