"""How a written mail domain may have slipped from one that was meant."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from rapidfuzz.distance import OSA

from lasthop.explain.typo.slip import TWO_SLIPS, family, one_slip

_SECOND_LEVEL = frozenset({"ac", "ad", "co", "com", "ed", "edu", "go", "gov", "gr", "lg", "ne", "net", "or", "org"})
# Nobody has a name under one of these, so that even a short name there is mistyped.
_NO_ENDING = frozenset(
    {
        "ne.ip",
        "ne.j",
        "ne.jo",
        "ccom",
        "clm",
        "cmm",
        "cmo",
        "cok",
        "comm",
        "con",
        "coom",
        "cpm",
        "jjp",
        "jpn",
        "jpp",
        "ocm",
        "pj",
        "vom",
        "xom",
    }
)


@dataclass(frozen=True)
class MailDomains:
    """The catalogue: what may have been meant, what is real, what is neither, and mailboxes that every domain has."""

    well_known: frozenset[str]
    real: frozenset[str]
    wrong_ending: Mapping[str, str]
    roles: frozenset[str]


@dataclass(frozen=True)
class DomainSlip:
    """How many slips, which (in words, to follow "it is X"), and whether they convince by themselves.

    What does not is believed only of a domain that does not exist, or with the same mailbox at the domain meant; what
    is at least ``likely``, of one where many messages were accepted too.
    """

    slips: int
    words: str
    convincing: bool
    likely: bool = False


@cache
def mail_domains() -> MailDomains:
    """The catalogue of mail domains, read once."""
    text = resources.files("lasthop.explain").joinpath("catalogue", "mail_domains.toml").read_text(encoding="utf-8")
    told = tomllib.loads(text)
    return MailDomains(
        frozenset(name for names in told["well_known"].values() for name in names),
        frozenset(told["real"]["domains"]),
        told["wrong_ending"],
        frozenset(told["roles"]["names"]),
    )


def meant_domains(written: str, delivered: Iterable[str]) -> dict[str, DomainSlip]:
    """What ``written`` may have slipped from, of the domains that took messages and the well-known ones.

    Empty for a well-known or otherwise real domain.
    """
    known = mail_domains()
    if written in known.well_known or written in known.real:
        return {}
    slips = ((name, domain_slip(written, name)) for name in sorted({*delivered, *known.well_known}))
    return {name: slip for name, slip in slips if slip}


def domain_slip(written: str, meant: str) -> DomainSlip | None:
    """How ``written`` slipped from ``meant``; None when it did not in a way that hands do."""
    if written == meant or not written:
        return None
    known = mail_domains()
    if written in known.wrong_ending:
        return DomainSlip(1, "with the wrong ending", True) if known.wrong_ending[written] == meant else None
    if OSA.distance(written, meant, score_cutoff=2) > 2 and not meant.startswith(written):
        return None
    name, ending = _split(meant)
    well_known = meant in known.well_known
    near = _near_well_known if well_known else _near_delivered
    return _broken(written, meant, name, well_known) or near(written, name, ending)


def _split(domain: str) -> tuple[str, str]:
    """``yahoo.co.jp`` -> ``yahoo`` and ``co.jp``; ``mail.example.com`` -> ``mail.example`` and ``com``."""
    labels = domain.split(".")
    ending = 2 if len(labels) > 2 and labels[-2] in _SECOND_LEVEL and len(labels[-1]) == 2 else 1
    return ".".join(labels[:-ending]), ".".join(labels[-ending:])


def _broken(written: str, meant: str, name: str, well_known: bool) -> DomainSlip | None:
    """All characters are right, but a dot or the end is not."""
    if written.replace(".", "") == meant.replace(".", ""):
        return DomainSlip(1, "with a dot missing or out of place", well_known)
    if len(name) < 5 or not meant.startswith(written):
        return None
    if written == name:
        return DomainSlip(1, "without its ending", well_known)
    return DomainSlip(1, "cut short", well_known) if written.startswith(f"{name}.") else None


def _near_well_known(written: str, name: str, ending: str) -> DomainSlip | None:
    """The name and the ending may each be mistyped once, a long name twice; where the one ends is not known."""
    places = (n for n, character in enumerate(written) if character == ".")
    found = [_halves(written[:place], written[place + 1 :], name, ending) for place in places]
    return min((slip for slip in found if slip), key=lambda slip: slip.slips, default=None)


def _halves(head: str, tail: str, name: str, ending: str) -> DomainSlip | None:
    off = OSA.distance(tail, ending, score_cutoff=1)
    if off > 1 or (off and len(name) < 5 and not {tail, tail.rpartition(".")[2]} & _NO_ENDING):
        return None
    if head == name:
        return DomainSlip(1, "with a wrong ending", True) if off else None
    slip = one_slip(head, name)
    if slip and len(name) >= 5 and slip.from_well_known(len(name)):
        return DomainSlip(1 + off, TWO_SLIPS if off else slip.words, True)
    twice = len(name) >= 8 and not off and head[:1] == name[:1] and OSA.distance(head, name) == 2
    return DomainSlip(2, TWO_SLIPS, True) if twice else None


def _near_delivered(written: str, name: str, ending: str) -> DomainSlip | None:
    """Two companies may have names that are alike: what convinces here is less, and a short name never does."""
    head = written.removesuffix(f".{ending}")
    if len(name) < 5 or family(head, name):
        return None
    if head == written:
        other_ending = written.startswith(f"{name}.") and OSA.distance(written[len(name) + 1 :], ending) == 1
        return DomainSlip(1, "with another ending", False) if other_ending else None
    if slip := one_slip(head, name):
        likely = slip.by_hand and not slip.at_edge
        return DomainSlip(1, slip.words, likely and (slip.kind == "swapped" or len(name) >= 8), likely)
    twice = len(name) >= 10 and head[:1] == name[:1] and OSA.distance(head, name) == 2
    return DomainSlip(2, TWO_SLIPS, False) if twice else None
