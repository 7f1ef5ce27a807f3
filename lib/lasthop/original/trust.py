"""Which results count: those that the receiver's own border wrote. All others could have been written by anybody.

RFC 8601 §1.6 and §7.1: only results within the own domain of administration may be believed. Which one that is the
header does not say outright, so it is inferred: the topmost block of results, where a Received of the same
organization stands above it or directly below it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import Literal

from lasthop.original.domains import domain_of, registered_domain
from lasthop.original.field import Header
from lasthop.original.microsoft import FILTER as MICROSOFT
from lasthop.original.received import Hop
from lasthop.original.results import Results
from lasthop.original.verdict import FilterVerdict

Standing = Literal["border", "not_tied", "claim"]
"""border: written by the receiver's border; not_tied: the topmost, but no Received shows that its writer is the
receiver; claim: further down, so written by a system before the border or by the sender."""

_MICROSOFT = frozenset({"outlook.com", "office365.com", "office365.us", "exchangelabs.com", "outlook.cn", "outlook.de"})
"""Whose servers write results without an authserv-id."""

_NETWORKS = tuple(
    ip_network(network) for network in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")
)
"""RFC 1918, RFC 6598, RFC 4193."""

_PRIVATE = frozenset(
    {"internal", "local", "localdomain", "lan", "corp", "intern", "intranet", "home", "private", "svc"}
)


@dataclass(frozen=True, slots=True)
class Trust:
    """How each field of results stands: line of the field -> standing."""

    standings: dict[int, Standing]

    def of(self, line: int) -> Standing:
        """The standing of the field that begins at a line; a field that was not asked about is a claim."""
        return self.standings.get(line, "claim")


def trust(header: Header, hops: Sequence[Hop], results: Sequence[Results]) -> Trust:
    """The standing of every field of ``results``; ``hops``: the Received of the same header.

    Results of an ARC set and those that Exchange renamed to …-Original are claims of whoever wrote them, always.
    """
    standings: dict[int, Standing] = {given.field.line: "claim" for given in results}
    own = [given for given in results if given.field.name.lower() == "authentication-results"]
    if own:
        top = own[0]
        floor = _next_received(header, top.field.line)
        block = [given for given in own if given.field.line < floor and _same_writer(given, top)]
        standing: Standing = "border" if _tied(top, [hop for hop in hops if hop.line <= floor]) else "not_tied"
        standings.update({given.field.line: standing for given in block})
    return Trust(standings)


def filter_standing(verdict: FilterVerdict, hops: Sequence[Hop]) -> Standing:
    """The standing of what a filter wrote: border where only the receiver's own servers took the message after it.

    Microsoft's servers remove or rename such headers of others at their border.
    """
    if verdict.filter == MICROSOFT and hops and _organization(hops[0].by or "") in _MICROSOFT:
        return "border"
    above = [hop for hop in hops if hop.line < verdict.field.line]
    return "border" if all(_handed_inside(hop) for hop in above) else "claim"


def _handed_inside(hop: Hop) -> bool:
    """Whether both sides of a hop are of one organization, or of one network."""
    if hop.from_ is None or not hop.by:
        return hop.peer.ip is None or is_private(hop.peer.ip)
    if hop.peer.ip and is_private(hop.peer.ip):
        return True
    # A HELO name is anybody's to choose; the looked-up name is not.
    return bool(hop.peer.ptr) and _organization(hop.peer.ptr or "") == _organization(hop.by)


def is_private(ip: str) -> bool:
    """Whether an address is of no public network; those for documentation count as public (RFC 5737)."""
    try:
        address = ip_address(ip)
    except ValueError:
        return False
    return address.is_loopback or address.is_link_local or any(address in network for network in _NETWORKS)


def _next_received(header: Header, line: int) -> int:
    """The line of the first Received below ``line``: what stands under it is older than that hop."""
    return next((found.line for found in header.all("Received") if found.line > line), 1 << 62)


def _same_writer(one: Results, other: Results) -> bool:
    if one.authserv is None or other.authserv is None:
        return one.authserv is other.authserv
    return _organization(one.authserv) == _organization(other.authserv)


def _tied(top: Results, hops: Sequence[Hop]) -> bool:
    """Whether a server of the writer's organization took the message above the block, or right below it.

    Right below counts only where nobody else took it later: a filter writes above the Received of its own server, but
    the sender's server stands there as well when the receiver writes no results at all.
    """
    above = {_organization(hop.by) for hop in hops if hop.by and hop.line < top.field.line}
    below = {_organization(hop.by) for hop in hops if hop.by and hop.line > top.field.line}
    mine = _MICROSOFT if top.authserv is None else {_organization(top.authserv)}
    if above & mine:
        return True
    return bool(below & mine) and all(_inside(name) for name in above)


def _inside(name: str) -> bool:
    """Whether a name is one that only its own network knows, or an address: such a hop is the receiver's own."""
    top = name.rpartition(".")[2]
    return top == name or top in _PRIVATE or not top.isalpha()


def _organization(name: str) -> str:
    domain = domain_of(name) or name.lower()
    return registered_domain(domain) or domain
