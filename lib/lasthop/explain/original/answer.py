"""The first sentences about an original: where the time went, what the checks came to, where it was put, the paste."""

from collections.abc import Iterator

from lasthop.explain.original.route import slowest_in_words, way_said
from lasthop.explain.original.said import Citation, Said, Strength, cite, quoted
from lasthop.explain.original.trail import trail_said
from lasthop.original.domains import registered_domain
from lasthop.original.evidence import Evidence
from lasthop.original.field import Field
from lasthop.original.results import Results
from lasthop.original.route import Route
from lasthop.original.verdict import FilterVerdict

_RESULTS = {
    "pass": "passed", "fail": "failed", "hardfail": "failed", "softfail": "failed softly", "neutral": "said nothing",
    "none": "found nothing to check", "temperror": "could not be checked now", "permerror": "could not be checked",
    "bestguesspass": "passed by a guess", "policy": "passed, but not for the receiver's policy",
}  # fmt: skip
_KNOWN = {
    "vendor_tool": " (So its own tool says; no page of it does.)",
    "seen_only": " (No page of the vendor says so.)",
}
_PASTE = frozenset({
    "utf16", "base64", "quoted_printable", "html_escaped", "html_escaped_twice", "nbsp", "fenced", "quoted",
    "indented", "blank_lines", "gmail_summary", "words_before", "lost_folds", "junk_line", "no_separator",
})  # fmt: skip


def answer_said(evidence: Evidence, route: Route) -> tuple[Said, ...]:
    """At most a handful of sentences, each told at more length further down: the spam folder before all else."""
    folder = tuple(_folder(evidence))
    junk = any(verdict.spam for verdict in evidence.verdicts)
    rest = (*_time(evidence, route), *_checks(evidence), *_passed_on(evidence))
    return (*(folder if junk else ()), *rest, *(() if junk else folder), *_paste(evidence))


def _time(evidence: Evidence, route: Route) -> Iterator[Said]:
    way = way_said(evidence.original, route)
    slowest = slowest_in_words(evidence.original, route)
    yield Said(f"{way.text} {slowest.text}", _both(way, slowest), way.strength) if slowest else way


def _both(one: Said, other: Said) -> tuple[Citation, ...]:
    return tuple(dict.fromkeys((*one.cites, *other.cites)))


def _checks(evidence: Evidence) -> Iterator[Said]:
    """SPF, DKIM and DMARC in one sentence, by the receiver's border, else by the topmost results as a claim."""
    counted = evidence.border or tuple(each for each in evidence.results if evidence.standing(each) == "not_tied")
    if not counted:
        yield from _checks_of_page(evidence)
        return
    told = [_of_method(method, counted, evidence) for method in ("spf", "dkim")]
    dmarc = next((result.result for given in counted for result in given.of("dmarc")), None)
    told.append(f"DMARC {_word(dmarc)}" if dmarc else "of DMARC nothing is said")
    words = f"{', '.join(told[:-1])}, and {told[-1]}"
    writer = quoted(counted[0].authserv, 80) or "a server of Microsoft"
    by = f"by the receiver's border, {writer}" if evidence.border else f"{writer} claims so, not certainly the receiver"
    strength: Strength = "stated" if evidence.border else "claimed"
    yield Said(f"{words} ({by}).", cite(*(given.field for given in counted)), strength)


def _of_method(method: str, counted: tuple[Results, ...], evidence: Evidence) -> str:
    """One method: of several signatures the one that counts for DMARC, else one that passed, else the first."""
    lines = {given.field.line for given in counted}
    checks = [check for check in evidence.checks if check.method == method and check.field.line in lines]
    if not checks:
        return f"of {method.upper()} nothing is said"
    best = next((check for check in checks if check.counts), None)
    best = best or next((check for check in checks if check.result == "pass"), checks[0])
    of = f" for {quoted(best.domain, 80)}" if best.domain and best.result != "none" else ""
    other = ", which is not the domain of From" if of and best.aligned == "no" else ""
    return f"{method.upper()} {_word(best.result)}{of}{other}"


def _word(result: str) -> str:
    return _RESULTS.get(result) or f"is {quoted(result, 20) or 'not told'}"


def _checks_of_page(evidence: Evidence) -> Iterator[Said]:
    summary = evidence.original.summary
    shown = [
        f"{name} {_word(result.result)}"
        for name, result in (
            ("SPF", summary and summary.spf), ("DKIM", summary and summary.dkim), ("DMARC", summary and summary.dmarc),
        )
        if result
    ]  # fmt: skip
    if shown:
        yield Said(f"Gmail's page above the header says: {', '.join(shown)}.", (), "stated")
    elif evidence.original.header.fields:
        yield Said("The receiver's own checks are not in this header.", (), "stated")


def _passed_on(evidence: Evidence) -> Iterator[Said]:
    signs = [said for said in trail_said(evidence) if said.cites]
    border = {registered_domain(given.authserv) for given in evidence.border}
    sealers = [each for each in evidence.arc.sets if registered_domain(each.sealer) not in border]
    kinds = {step.kind for step in evidence.trail.steps} - {"arc", "original_to"}
    if signs and (kinds or sealers):
        yield signs[0]
    elif evidence.original.hops:
        yield Said("Nothing in the header shows that it was forwarded.", (), "not_found_out")


def _folder(evidence: Evidence) -> Iterator[Said]:
    """Where the receiver put it, or at least what a filter took it for."""
    own = [verdict for verdict in evidence.verdicts if evidence.verdict_standing(verdict) == "border"]
    folder = next((verdict for verdict in own if verdict.name == "dest" and verdict.meaning), None)
    spam = [verdict for verdict in own if verdict.spam]
    claimed = [verdict for verdict in evidence.verdicts if verdict.spam]
    if folder and folder.meaning:
        says, why = folder.meaning.says, _why(own)
        reason = f" Its filter found: {_first(why)}." if why and folder.spam else ""
        fields = _once(folder.field, *([why.field] if why and folder.spam else []))
        known = _KNOWN.get(folder.strength, "")
        yield Said(f"{folder.filter}: {_lower(says)}{known}{reason}", cite(*fields), folder.strength)
    elif spam or claimed:
        told = spam or claimed
        says = ", ".join(dict.fromkeys(f"{each.title} {quoted(each.value, 30)}" for each in told[:3]))
        whose = "" if spam else " Whether that is the receiver's own filter, nothing shows."
        text = f"{told[0].filter} took it for spam ({says}).{whose} Into which folder it went, the header does not say."
        yield Said(text, cite(*_once(*(each.field for each in told[:3]))), told[0].strength if spam else "claimed")
    elif evidence.original.hops:
        yield Said("Into which folder it went, the header does not say.", (), "not_found_out")


def _why(own: list[FilterVerdict]) -> FilterVerdict | None:
    """Microsoft's category says more than its verdict, and that more than the level."""
    told = [each for each in own if each.meaning and each.value not in ("NONE", "")]
    named = {each.name: each for each in reversed(told) if each.name == "CAT" or each.spam}
    return next((named[name] for name in ("CAT", "SFV", "SCL") if name in named), None)


def _first(verdict: FilterVerdict) -> str:
    says = verdict.meaning.says if verdict.meaning else ""
    return _lower(says.partition(". ")[0].rstrip("."))


def _lower(text: str) -> str:
    return f"{text[:1].lower()}{text[1:]}"


def _once(*fields: Field) -> tuple[Field, ...]:
    return tuple({found.line: found for found in fields}.values())


def _paste(evidence: Evidence) -> Iterator[Said]:
    """What copying did to the text, where it did something."""
    found = [defect for defect in evidence.original.defects if defect.code in _PASTE]
    if found:
        says = " ".join(dict.fromkeys(defect.says for defect in found[:4]))
        lines = {each.line: each for each in evidence.original.header.fields}
        cited = cite(*(lines.get(defect.line or 0) for defect in found[:4]))
        yield Said(f"It was read although copying had changed the text: {says}", cited, "stated")
