"""Alignment (RFC 7489 §3.1): whether the domain that SPF or DKIM speaks of is that of From."""

from dataclasses import dataclass
from typing import Literal

from lasthop.original.domains import domain_of, plain_domain, registered_domain
from lasthop.original.field import Field
from lasthop.original.identity import Identity
from lasthop.original.results import MethodResult, Results

Aligned = Literal["strict", "relaxed", "no", "unknown"]
"""strict: the very same domain; relaxed: the same registered domain; unknown: one of the two is not known."""

SPF_DOMAIN = ("smtp.mailfrom", "smtp.mail", "smtp.mfrom", "smtp.helo")
"""RFC 8601 §2.7.2; older systems write the second and third. HELO counts where the sender is empty (RFC 7208 §2.4)."""


@dataclass(frozen=True, slots=True)
class Check:
    """One result of SPF or DKIM and how its domain stands to that of From."""

    method: Literal["spf", "dkim"]
    result: str
    domain: str | None
    """What the result speaks of; None where the field does not say."""
    aligned: Aligned
    field: Field
    results: Results
    said: MethodResult

    @property
    def counts(self) -> bool:
        """Whether it makes DMARC pass in relaxed mode (RFC 7489 §4.2)."""
        return self.result == "pass" and self.aligned in ("strict", "relaxed")


def aligned(domain: str | None, author_domain: str | None) -> Aligned:
    """How ``domain`` stands to the domain of From."""
    one, other = plain_domain(domain), plain_domain(author_domain)
    if one is None or other is None:
        return "unknown"
    if one == other:
        return "strict"
    first, second = registered_domain(one), registered_domain(other)
    if first is None or second is None:
        return "unknown"
    return "relaxed" if first == second else "no"


def checks(results: tuple[Results, ...], identity: Identity) -> tuple[Check, ...]:
    """Every SPF and DKIM result with its alignment, in the order in which they stand."""
    return tuple(
        _check(method, said, given, identity)
        for given in results
        for said in given.results
        for method in ("spf", "dkim")
        if said.method == method
    )


def _check(method: str, said: MethodResult, given: Results, identity: Identity) -> Check:
    domain = spf_domain(said, identity) if method == "spf" else dkim_domain(said)
    return Check(
        "spf" if method == "spf" else "dkim",
        said.result,
        domain,
        aligned(domain, identity.author_domain),
        given.field,
        given,
        said,
    )


def spf_domain(said: MethodResult, identity: Identity) -> str | None:
    """The domain that SPF checked: of the envelope's sender, of HELO, else of Return-Path where the field is silent."""
    for name in SPF_DOMAIN:
        if found := domain_of(said.value(name)):
            return found
    if said.value(*SPF_DOMAIN) is None and identity.return_path:
        return domain_of(identity.return_path.address)
    return None


def dkim_domain(said: MethodResult) -> str | None:
    """``header.d``, else the domain of ``header.i``, which is at or under it (RFC 6376 §3.5); ``none`` is no domain."""
    for name in ("header.d", "header.i"):
        if (found := domain_of(said.value(name))) and found != "none":
            return found
    return None
