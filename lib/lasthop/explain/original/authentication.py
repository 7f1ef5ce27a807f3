"""SPF, DKIM and DMARC in words: what the receiver's border found, for which domain, and whether that is From's."""

from collections.abc import Iterator

from lasthop.explain.original.said import Said, Strength, cite, quoted, wording
from lasthop.explain.original.setup import sendgrid_setup
from lasthop.original.alignment import Check
from lasthop.original.domains import domain_of, registered_domain
from lasthop.original.evidence import Evidence
from lasthop.original.field import Field
from lasthop.original.results import MethodResult, Results

_MOST_CLAIMS = 8


def authentication_said(evidence: Evidence) -> tuple[Said, ...]:
    """Who checked, what each check came to, what that means for From, and what is only claimed; in this order."""
    return (
        *_who_checked(evidence),
        *_checked(evidence),
        *_only_received_spf(evidence),
        *_from_page(evidence),
        *sendgrid_setup(evidence),
        *_claims(evidence),
    )


def _counted(evidence: Evidence) -> tuple[Results, ...]:
    """The fields that are put into words: those of the border, else the topmost, said as a claim."""
    return evidence.border or tuple(given for given in evidence.results if evidence.standing(given) == "not_tied")


def _who_checked(evidence: Evidence) -> Iterator[Said]:
    counted = _counted(evidence)
    if not counted:
        text = "The receiver's own checks are not in this header: what SPF, DKIM and DMARC came to, it does not say."
        yield Said(text, (), "not_found_out")
        return
    top = counted[0]
    writer = f"{quoted(top.authserv)}" if top.authserv else "a server of Microsoft, which gives no name,"
    if evidence.border:
        yield Said(
            f"The checks were made at the receiver's border, by {writer.rstrip(',')}.", cite(top.field), "stated"
        )
        return
    by = quoted(top.authserv) if top.authserv else "somebody without a name"
    text = (
        f"The topmost results were written by {by}; no Received shows that this is the receiver, so they are a claim."
    )
    yield Said(text, cite(top.field), "claimed")


def _checked(evidence: Evidence) -> Iterator[Said]:
    counted = _counted(evidence)
    lines = {given.field.line for given in counted}
    checks = [check for check in evidence.checks if check.field.line in lines]
    strength: Strength = "stated" if evidence.border else "claimed"
    for check in checks:
        if row := wording("authentication")[check.method].get(check.result):
            text = row["says"].format(domain=quoted(check.domain) or "a domain that the header does not name")
            text = " ".join(part for part in (text, _why(check), _alignment(check, evidence)) if part)
            yield Said(text, cite(check.field, _author_field(evidence)), strength, row["source"])
    for given in counted:
        for result in given.of("dmarc"):
            yield from _dmarc(result, given, checks, evidence)
        for result in given.of("arc"):
            if row := wording("authentication")["arc"].get(result.result):
                yield Said(row["says"], cite(given.field), strength, row["source"])


def _why(check: Check) -> str:
    """What the receiver wrote beside a check that did not pass, in its own words."""
    comment = " ".join(check.said.comments) or check.said.value("reason")
    return f'The receiver notes: "{quoted(comment)}".' if comment and check.result != "pass" else ""


def _author_field(evidence: Evidence) -> Field | None:
    author = evidence.identity.author
    return author.field if author else None


def _alignment(check: Check, evidence: Evidence) -> str:
    author = quoted(evidence.identity.author_domain)
    if check.result == "none" or not check.domain:
        return ""
    if check.aligned == "strict":
        return "That is the domain of From, so it counts for DMARC." if check.counts else "That is the domain of From."
    if check.aligned == "relaxed":
        same = quoted(registered_domain(check.domain))
        counts = ", so it counts for DMARC unless the domain asks for strict alignment" if check.counts else ""
        return f"From says {author}: both belong to {same}{counts}."
    if check.aligned == "no":
        return f"From says {author}, which is another domain, so it does not count for DMARC."
    return "Whether that is the domain of From cannot be told."


def _dmarc(result: MethodResult, given: Results, checks: list[Check], evidence: Evidence) -> Iterator[Said]:
    row = wording("authentication")["dmarc"].get(result.result)
    if row is None:
        return
    strength: Strength = "stated" if evidence.border else "claimed"
    domain = domain_of(result.value("header.from")) or evidence.identity.author_domain
    parts = [row["says"].format(domain=quoted(domain) or "a domain that the header does not name")]
    counting = [check for check in checks if check.counts]
    if result.result == "pass":
        ways = " and ".join(dict.fromkeys(f"{check.method.upper()} of {quoted(check.domain)}" for check in counting))
        parts.append(f"It rests on {ways}." if ways else "On which check it rests, the header does not show.")
    elif result.result == "fail" and counting:
        ways = " and ".join(dict.fromkeys(f"{check.method.upper()} of {quoted(check.domain)}" for check in counting))
        parts.append(
            f"Yet {ways} passed and is of the same registered domain: the domain may ask for strict alignment."
        )
    if comment := " ".join(result.comments):
        parts.append(f'The receiver notes: "{quoted(comment)}".')
    yield Said(" ".join(parts), cite(given.field, *(check.field for check in counting)), strength, row["source"])
    action = wording("authentication")["action"].get((result.value("action") or "").lower())
    if action:
        yield Said(action["says"], cite(given.field), strength, action["source"])


def _only_received_spf(evidence: Evidence) -> Iterator[Said]:
    """Received-SPF where no result of SPF stands beside it."""
    if any(given.of("spf") for given in _counted(evidence)) or not evidence.received_spf:
        return
    spf = evidence.received_spf[0]
    row = wording("authentication")["spf"].get(spf.result)
    if row:
        domain = domain_of(spf.value("envelope-from")) or domain_of(spf.value("helo"))
        text = row["says"].format(domain=quoted(domain) or "the domain of the envelope")
        yield Said(
            f"{text} Received-SPF alone says so; who wrote it, it does not show.",
            cite(spf.field),
            "claimed",
            row["source"],
        )


def _from_page(evidence: Evidence) -> Iterator[Said]:
    """What Gmail's page shows above the header: the receiver's own word, as it was copied along."""
    summary = evidence.original.summary
    if summary is None:
        return
    for method, result in (("SPF", summary.spf), ("DKIM", summary.dkim), ("DMARC", summary.dmarc)):
        if result:
            of = f" ({quoted(result.of)})" if result.of else ""
            text = f"Gmail's page above the header shows {method}: {quoted(result.result).upper()}{of}."
            yield Said(text, (), "stated", "the summary of Gmail's page, as it was pasted")


def _claims(evidence: Evidence) -> Iterator[Said]:
    """Results that systems before the border wrote, or the sender: shown, never believed. ARC sets: see the trail."""
    passed = {
        given.field.line for given in (*_counted(evidence), *(each for each in evidence.results if each.instance))
    }
    claims = [given for given in evidence.results if given.field.line not in passed and given.results]
    for given in claims[:_MOST_CLAIMS]:
        said = ", ".join(f"{quoted(each.method, 20)}={quoted(each.result, 20)}" for each in given.results[:6])
        writer = quoted(given.authserv) or "a server that gives no name"
        text = f"Only claimed: {writer} wrote {said}. The receiver's border did not, so anybody may have."
        yield Said(text, cite(given.field), "claimed")
    if len(claims) > _MOST_CLAIMS:
        yield Said(f"{len(claims) - _MOST_CLAIMS} more such fields stand further down.", (), "claimed")
