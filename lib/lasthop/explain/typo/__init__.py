"""A failed address -> the address that was probably meant: repaired, or one slip from what took messages.

The comparison is with this workspace: the domains and addresses that took messages come first, then well-known mail
domains. A suggestion is not a finding: whoever owns the address has to confirm it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from lasthop.explain.typo.domains import mail_domains, meant_domains
from lasthop.explain.typo.nearest import Typo, messages, nearest
from lasthop.explain.typo.repair import Repair, repaired
from lasthop.explain.typo.slip import LONG
from lasthop.model.outcomes import MEANINGS, Outcome
from lasthop.reply import Reply, classify
from lasthop.store import Snapshot, named_sql

__all__ = ["Typo", "find_typo", "nearest"]

_TOOK = (Outcome.ACCEPTED, Outcome.COMPLAINED)
_NO_DOMAIN = frozenset({"bad_domain", "dns_failure"})
_NO_MAILBOX = frozenset({"invalid_recipient", "recipient_refused", "suppressed", "unclassified"})
# Reasons that a wrong address can have. Content, reputation, limits and the sender's own set-up are not among them.
_ADDRESS = _NO_DOMAIN | _NO_MAILBOX | {"connection_failed", "routing_error", "relay_denied", "message_expired"}
_MAILBOX_IS_THERE = frozenset({"mailbox_full", "inactive_mailbox", "mailbox_moved", "auto_reply", "complaint"})
# Drop reasons of SendGrid for people who had its mail and did not want more.
_HAD_MAIL = ("unsubscribe", "spam report")


@dataclass(frozen=True)
class _Failure:
    """What the failures of an address say does not exist."""

    no_mailbox: bool
    no_domain: bool


def find_typo(snapshot: Snapshot, recipient: str | None) -> Typo | None:
    """The address that was probably meant by ``recipient``; None when nothing is convincing.

    Asked only of an address that failed for a reason that a wrong address can have: bounced, blocked, suppressed,
    expired, not handed over, accepted and then bounced, or waiting after two tries that found no domain. An address
    that ever took a message, or whose owner unsubscribed or has a full mailbox, is right as it is: None.
    """
    if not recipient:
        return None
    address = recipient.lower()
    failure = _failure(address, snapshot.rows(named_sql("explain", "address_outcomes"), [address]))
    if failure is None:
        return None
    domains = _accepted_domains(snapshot, address)
    repair = repaired(address, {*domains, *mail_domains().well_known})
    if repair:
        return _from_repair(snapshot, repair, failure)
    return _from_slip(snapshot, address, domains, failure)


def _failure(address: str, rows: Iterable[dict[str, Any]]) -> _Failure | None:
    """What the outcomes of an address say; None when it is right, or nothing speaks against it."""
    no_mailbox = no_domain = failed = False
    for row in rows:
        outcome, reply = Outcome(row["outcome"]), row["last_reply"] or ""
        label = classify(Reply(reply, recipient_domain=address.rpartition("@")[2])).label
        if outcome in _TOOK or label in _MAILBOX_IS_THERE:
            return None
        if outcome is Outcome.SUPPRESSED and any(word in reply.lower() for word in _HAD_MAIL):
            return None
        lost = outcome is Outcome.WAITING and row["attempts"] >= 2 and label in _NO_DOMAIN
        if not lost and (not MEANINGS[outcome].failed or label not in _ADDRESS):
            continue
        failed = True
        no_domain = no_domain or label in _NO_DOMAIN
        refused = outcome in (Outcome.BOUNCED, Outcome.SUPPRESSED) and label in _NO_MAILBOX
        no_mailbox = no_mailbox or refused or label == "invalid_recipient"
    return _Failure(no_mailbox, no_domain) if failed else None


def _accepted_domains(snapshot: Snapshot, address: str) -> dict[str, int]:
    """Domain -> accepted messages, of the domains that the one of ``address`` can have been meant as, and its own."""
    domain = address.rpartition("@")[2]
    query = named_sql("explain", "accepted_domains").format(length=len(domain))
    return {row["domain"]: row["accepted"] for row in snapshot.rows(query, [f"{domain}.", address])}


def _from_slip(snapshot: Snapshot, address: str, domains: dict[str, int], failure: _Failure) -> Typo | None:
    mailbox, _, domain = address.rpartition("@")
    if domains.get(domain):
        delivered = _accepted_alike(snapshot, mailbox, domain) if failure.no_mailbox else {}
    else:
        candidates = list(meant_domains(domain, domains))
        domains = {name: domains[name] for name in candidates if name in domains}
        delivered = _accepted_addresses(snapshot, [f"{mailbox}@{name}" for name in candidates])
    return nearest(address, delivered, domains, no_mailbox=failure.no_mailbox, no_domain=failure.no_domain)


def _accepted_alike(snapshot: Snapshot, mailbox: str, domain: str) -> dict[str, int]:
    """Accepted messages of the addresses at ``domain`` that share a part with ``mailbox``."""
    head, middle, tail = spared(mailbox)
    address, end = f"{mailbox}@{domain}", f"{tail}@{domain}"
    rows = snapshot.rows(named_sql("explain", "accepted_alike"), [domain, address, head, middle, end, address])
    return {row["recipient"]: row["accepted"] for row in rows}


def spared(mailbox: str) -> tuple[str, str, str]:
    """A beginning, a middle and an end of which slips leave at least one as it was meant.

    One slip touches two characters at most, and they stand together; so do the two that a long name may have.
    """
    size = len(mailbox)
    if size < LONG:
        return mailbox[: size // 2], mailbox[: size // 2], mailbox[size // 2 + 1 :]
    third = size // 3
    return mailbox[:third], mailbox[third + 1 : -third - 1], mailbox[-third:]


def _accepted_addresses(snapshot: Snapshot, addresses: list[str]) -> dict[str, int]:
    if not addresses:
        return {}
    rows = snapshot.rows(named_sql("explain", "accepted_addresses"), [addresses])
    return {row["recipient"]: row["accepted"] for row in rows}


def _from_repair(snapshot: Snapshot, repair: Repair, failure: _Failure) -> Typo | None:
    """The repaired address; where that is mistyped as well, the one that was meant by it."""
    read = f"The address as written has {' and '.join(repair.had)} and reads {repair.address} without"
    accepted = _accepted_addresses(snapshot, [repair.address]).get(repair.address)
    if accepted:
        return Typo(repair.address, f"{read}: {messages(accepted)} there.")
    domains = _accepted_domains(snapshot, repair.address)
    domain = repair.address.rpartition("@")[2]
    well_known = domain in mail_domains().well_known
    if repair.doubtful and domain not in domains and not well_known:
        return None
    if further := _from_slip(snapshot, repair.address, domains, failure):
        return Typo(further.suggestion, f"{read}; {further.why}")
    if domain in domains:
        return Typo(repair.address, f"{read}; {messages(domains[domain])} at {domain}.")
    return Typo(repair.address, f"{read}; {domain} is a well-known mail domain." if well_known else f"{read}.")
