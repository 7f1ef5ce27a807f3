"""A mistyped address -> the one that was probably meant, from the addresses and domains that took messages.

Where a slip and a name cannot be told apart, or two addresses may have been meant as well, nothing is suggested.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from lasthop.explain.typo.domains import DomainSlip, mail_domains, meant_domains
from lasthop.explain.typo.slip import TWO_SLIPS, mailbox_slip

CLEARLY = 10
"""A domain is chosen over an equally near one only when it took this many times its messages."""
MANY = 100
"""A domain that took so many messages is one that many people have, and that is more often mistyped than alike."""

_DOTLESS = ("gmail.com", "googlemail.com")  # dots before the @ make no difference there


@dataclass(frozen=True)
class Typo:
    """An address that was probably meant, and one sentence for people that cites the evidence."""

    suggestion: str
    why: str


@dataclass(frozen=True)
class _Meant:
    """A domain that may have been meant; ``mailbox`` is how many messages the very address there took."""

    domain: str
    slip: DomainSlip
    accepted: int
    mailbox: int

    def believed(self, no_domain: bool) -> bool:
        likely = self.slip.likely and self.accepted >= MANY
        return self.slip.convincing or likely or no_domain or self.mailbox > 0

    @property
    def nearness(self) -> tuple[bool, int]:
        return self.mailbox > 0, -self.slip.slips

    def clearly_before(self, other: "_Meant") -> bool:
        return self.nearness > other.nearness or self.accepted >= CLEARLY * max(other.accepted, 1)


def nearest(
    address: str,
    delivered: Mapping[str, int],
    domains: Mapping[str, int],
    *,
    no_mailbox: bool = True,
    no_domain: bool = False,
) -> Typo | None:
    """The address that was probably meant by ``address`` (lower-cased); None when nothing is convincing.

    ``delivered``: address -> accepted messages, at the same domain and of the same mailbox elsewhere. ``domains``:
    domain -> accepted messages. ``no_mailbox``, ``no_domain``: whether a failure says that the mailbox, the domain
    does not exist. An address that took a message is never corrected, nor is a domain.
    """
    mailbox, _, domain = address.rpartition("@")
    if not mailbox or not domain or delivered.get(address):
        return None
    if domains.get(domain):
        return _nearest_mailbox(mailbox, domain, delivered) if no_mailbox else None
    found = [
        _Meant(name, slip, domains.get(name, 0), _own_mailbox(mailbox, name, delivered))
        for name, slip in meant_domains(domain, domains).items()
    ]
    found = [one for one in found if one.believed(no_domain)]
    found.sort(key=lambda one: (one.nearness, one.accepted, one.domain), reverse=True)
    if not found or (len(found) > 1 and not found[0].clearly_before(found[1])):
        return None
    return Typo(f"{mailbox}@{found[0].domain}", _why(mailbox, domain, found[0]))


def _nearest_mailbox(mailbox: str, domain: str, delivered: Mapping[str, int]) -> Typo | None:
    """The one mailbox of the domain that took messages and is a slip away."""
    found = []
    for address, accepted in delivered.items():
        other, _, place = address.rpartition("@")
        if not accepted or place != domain or (domain in _DOTLESS and _undotted(mailbox) == _undotted(other)):
            continue
        if words := mailbox_slip(mailbox, other):
            found.append((words == TWO_SLIPS, address, words))
    found.sort()
    if not found or (len(found) > 1 and found[0][0] == found[1][0]):
        return None
    _, address, words = found[0]
    taken = messages(delivered[address])
    return Typo(address, f"{mailbox}@{domain} is {address} {words}: {taken} there, none at the address as written.")


def _undotted(mailbox: str) -> str:
    return mailbox.replace(".", "")


def _own_mailbox(mailbox: str, domain: str, delivered: Mapping[str, int]) -> int:
    """Messages that the same mailbox took at ``domain``; 0 for names that many domains have."""
    shared = len(mailbox) < 5 or mailbox in mail_domains().roles
    return 0 if shared else delivered.get(f"{mailbox}@{domain}", 0)


def _why(mailbox: str, domain: str, meant: _Meant) -> str:
    shape = f"{domain} is {meant.domain} {meant.slip.words}"
    if meant.mailbox:
        return f"{shape}: {messages(meant.mailbox)} at {mailbox}@{meant.domain}, none at {domain}."
    if meant.accepted:
        return f"{shape}: {messages(meant.accepted)} at {meant.domain}, none at {domain}."
    return f"{shape}, which is a well-known mail domain; no message was accepted at {domain}."


def messages(count: int) -> str:
    """So many messages were accepted, in words."""
    return "1 message was accepted" if count == 1 else f"{count:,} messages were accepted"
