"""Forwarding and lists: what the header shows of it, and what that does to SPF and DKIM."""

from collections.abc import Iterator

from lasthop.explain.original.said import Citation, Said, cite, quoted, wording
from lasthop.original.domains import registered_domain
from lasthop.original.evidence import Evidence
from lasthop.original.trail import Step

_MOST = 6
_SAME = ("list", "delivered_to", "original_to")


def trail_said(evidence: Evidence) -> tuple[Said, ...]:
    """Each sign that the message was passed on, the ARC sets in order, then the effects; nothing without a sign."""
    return (*_signs(evidence), *_arc(evidence), *_effects(evidence))


def _signs(evidence: Evidence) -> Iterator[Said]:
    kinds = wording("trail")
    told: dict[str, int] = {}
    for step in evidence.trail.steps:
        told[step.kind] = told.get(step.kind, 0) + 1
        if step.kind == "arc" or told[step.kind] > (1 if step.kind in _SAME[:1] else _MOST):
            continue
        row = kinds[step.kind]
        yield Said(_filled(row["says"], step), cite(step.field), "stated", row["source"])


def _filled(says: str, step: Step) -> str:
    unknown = "somebody whom the header does not name"
    return says.format(
        by=quoted(step.by) or unknown, to=quoted(step.to) or unknown, before=quoted(step.before) or unknown
    )


def _arc(evidence: Evidence) -> Iterator[Said]:
    chain = evidence.arc
    border = {registered_domain(given.authserv) for given in evidence.border}
    own = [each for each in chain.sets if each.sealer and registered_domain(each.sealer) in border]
    if len(own) == len(chain.sets) == 1:
        return  # the receiver seals what it takes in, in case it is passed on: no sign that it was
    for each in chain.sets[:10]:
        fields = [part.field for part in (each.seal, each.signature, each.results) if part]
        sealer = quoted(each.sealer) or "somebody without a name"
        said = (
            ", ".join(f"{quoted(r.method, 20)}={quoted(r.result, 20)}" for r in each.results.results[:6])
            if each.results
            else ""
        )
        found = f" It noted {said}." if said else ""
        yield Said(
            f"ARC set {each.instance}: {sealer} sealed the message as it passed.{found} The seal is not verified here.",
            cite(*fields),
            "claimed",
            "RFC 8617 §5.1",
        )
    lines = {found.line: found for found in evidence.original.header.fields}
    for defect in chain.defects[:_MOST]:
        yield Said(defect.says, cite(lines.get(defect.line or 0)), "stated")


def _effects(evidence: Evidence) -> Iterator[Said]:
    """What passing on has done to the checks, where a result shows it; else what it does as a rule."""
    trail = evidence.trail
    passed_on = trail.of("list", "srs", "caf", "forwarded", "arc", "auto_forwarded")
    if not passed_on:
        return
    rows = wording("trail")["effects"]
    lines = {given.field.line for given in evidence.border}
    checks = [check for check in evidence.checks if check.field.line in lines]
    spf = next((check for check in checks if check.method == "spf"), None)
    sign = passed_on[0].field
    if spf and spf.result in ("fail", "softfail", "neutral") and not trail.envelope_rewritten:
        yield _effect(rows["spf_failed"], cite(spf.field, sign))
    elif spf and spf.result == "pass" and spf.aligned == "no":
        yield _effect(rows["spf_of_forwarder"], cite(spf.field, sign))
    elif spf is None:
        yield _effect(rows["spf_as_a_rule"], cite(sign))
    dkim = [check for check in checks if check.method == "dkim"]
    if any(check.counts for check in dkim):
        yield _effect(rows["dkim_held"], cite(next(check for check in dkim if check.counts).field, sign))
    elif failed := next((check for check in dkim if check.result == "fail"), None):
        row = rows["dkim_broken_by_list"] if trail.through_list else rows["dkim_broken"]
        yield _effect(row, cite(failed.field, sign))
    elif not dkim:
        yield _effect(rows["dkim_as_a_rule"], cite(sign))


def _effect(row: dict[str, str], cites: tuple[Citation, ...]) -> Said:
    return Said(row["says"], cites, "inferred", row["source"])
