"""Whether domain authentication at SendGrid is set up for the domain of From, by what SendGrid left in the message."""

from collections.abc import Iterator

from lasthop.explain.original.said import Said, cite, quoted
from lasthop.original.alignment import aligned
from lasthop.original.domains import domain_of, registered_domain
from lasthop.original.evidence import Evidence
from lasthop.original.signatures import Signature

OWN = frozenset({"sendgrid.net", "sendgrid.info", "sendgrid.com"})
"""SendGrid's own registered domains: it signs with them where a customer has set up none."""

_SOURCE = "Twilio SendGrid docs: Domain authentication"


def sendgrid_setup(evidence: Evidence) -> Iterator[Said]:
    """One sentence, where the message went through SendGrid and From has a domain; else nothing."""
    author = evidence.identity.author
    domain = evidence.identity.author_domain
    if evidence.original.sendgrid is None or author is None or domain is None:
        return
    path = evidence.identity.return_path
    envelope = domain_of(path.address) if path else None
    own = [signed for signed in evidence.signatures if aligned(signed.domain, domain) in ("strict", "relaxed")]
    branded = aligned(envelope, domain) in ("strict", "relaxed")
    yield _setup(evidence, domain, own, envelope if branded else None)


def _setup(evidence: Evidence, domain: str, own: list[Signature], branded: str | None) -> Said:
    author, path = evidence.identity.author, evidence.identity.return_path
    from_, envelope = (author.field if author else None), (path.field if path else None)
    if own and branded:
        text = (
            f"Domain authentication at SendGrid is set up for {quoted(domain)}: the message bears a DKIM signature of "
            f"{quoted(own[0].domain)}, and bounces go to {quoted(branded)}."
        )
        return Said(text, cite(own[0].field, envelope, from_), "inferred", _SOURCE)
    if own:
        text = (
            f"Domain authentication at SendGrid seems to be set up for {quoted(domain)}: the message bears a DKIM "
            f"signature of {quoted(own[0].domain)}. The envelope does not show it, so somebody else may have signed."
        )
        return Said(text, cite(own[0].field, envelope, from_), "inferred", _SOURCE)
    if branded:
        text = (
            f"Bounces go to {quoted(branded)}, so domain authentication at SendGrid seems to be set up for "
            f"{quoted(domain)}; yet no DKIM signature of that domain stands in this header."
        )
        return Said(text, cite(envelope, from_), "inferred", _SOURCE)
    return _not_set_up(evidence, domain)


def _not_set_up(evidence: Evidence, domain: str) -> Said:
    author, path = evidence.identity.author, evidence.identity.return_path
    from_, envelope = (author.field if author else None), (path.field if path else None)
    shared = [signed for signed in evidence.signatures if registered_domain(signed.domain) in OWN]
    others = [signed for signed in evidence.signatures if signed not in shared]
    if shared:
        text = (
            f"Domain authentication at SendGrid is not set up for {quoted(domain)}: the message bears the signature of "
            f"{quoted(shared[0].domain)}, which is SendGrid's own, and none of the domain of From. So DKIM cannot "
            "count for DMARC."
        )
        return Said(text, cite(shared[0].field, envelope, from_), "inferred", _SOURCE)
    if others:
        text = (
            f"No signature of the domain of From, {quoted(domain)}, stands in this header; {quoted(others[0].domain)} "
            "signed. Either domain authentication at SendGrid is set up for that domain, or a system further on signed."
        )
        return Said(text, cite(others[0].field, from_), "inferred", _SOURCE)
    text = (
        "The message went through SendGrid, but no DKIM signature stands in this header: whether domain authentication "
        "is set up cannot be told."
    )
    return Said(text, cite(from_), "not_found_out")
