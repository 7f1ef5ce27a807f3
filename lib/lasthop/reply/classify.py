"""Reply -> reason, in the order of evidence: provider's phrase, phrase, specific code, vague phrase, generic code."""

from collections.abc import Iterable
from operator import attrgetter
from typing import NamedTuple

from lasthop.reply import codes
from lasthop.reply.attributes import attributes
from lasthop.reply.providers import provider
from lasthop.reply.reasons import Meaning, reasons
from lasthop.reply.reply import Confidence, Reason, Reply
from lasthop.reply.rules import Rules, Tier, builtin
from lasthop.reply.scan import Evidence, Finding
from lasthop.reply.text import folded, unwrapped, without_addresses

_KEPT = 16_384  # answers kept within one call, so that memory stays flat
_IDENTITY = attrgetter(*Reply.__slots__)


def classify(reply: Reply, rules: Rules | None = None) -> Reason:
    """Why ``reply`` refused. Never raises: what cannot be told is ``unclassified``.

    ``rules`` come from ``load_rules`` when a user has some of their own; None takes the built-in ones.
    """
    rules = rules or builtin()
    shown = folded(reply.reply or "")
    inner, relayed_by, replied_to = unwrapped(shown)
    bare, address = without_addresses(inner)
    text = bare.lower()
    evidence = Evidence(
        text,
        codes.reply_code(reply.reply_code, text),
        codes.enhanced_codes(reply.enhanced_code, text),
        (_run_by(reply.remote_host or relayed_by), _run_by(reply.recipient_domain)),
        codes.command(reply.smtp_command or replied_to, text),
    )
    finding, present = rules.scan.first(evidence)
    verdict = _verdict(evidence, finding, rules)
    named = attributes(shown, present, verdict.meaning.label, evidence.providers[0] or evidence.providers[1])
    if address:
        named["address"] = address
    span = finding.span if finding else None
    # Lower case of a few characters is longer than they are: then the matched words are shown in lower case.
    matched = (bare if len(bare) == len(text) else text)[span[0] : span[1]] if span else verdict.by_code
    return Reason(
        verdict.meaning.label, verdict.permanence, verdict.meaning.who, verdict.meaning.next_step, matched,
        verdict.rule, verdict.confidence, verdict.conflict, evidence.codes[0] if evidence.codes else None,
        evidence.reply_code, named,
    )  # fmt: skip


def classify_many(replies: Iterable[Reply], rules: Rules | None = None) -> list[Reason]:
    """The reason of each reply, in order: the same as ``classify`` on each. Equal replies are looked at once."""
    rules = rules or builtin()
    known: dict[tuple[str | None, ...], Reason] = {}
    answers = []
    for reply in replies:
        identity = _IDENTITY(reply)
        reason = known.get(identity)
        if reason is None:
            if len(known) >= _KEPT:
                known.clear()
            reason = known[identity] = classify(reply, rules)
        answers.append(reason)
    return answers


def _run_by(name: str | None) -> str | None:
    return provider(name) if name else None


class _Verdict(NamedTuple):
    meaning: Meaning
    permanence: str
    by_code: str | None
    rule: str | None
    confidence: Confidence
    conflict: str | None


def _verdict(evidence: Evidence, finding: Finding | None, rules: Rules) -> _Verdict:
    code = evidence.reply_code or (evidence.codes[0] if evidence.codes else None)
    if finding is None:
        meaning = reasons()["unclassified"]
        return _Verdict(meaning, _permanence(meaning.permanence, code), None, None, Confidence.NONE, None)
    rule = rules.rules[finding.rank]
    conflict = _conflict(evidence, finding, rules)
    confidence = rule.confidence
    if conflict:
        confidence = Confidence.MEDIUM if confidence is Confidence.HIGH else Confidence.LOW
    lasting = rule.permanence or _permanence(rule.meaning.permanence, code)
    return _Verdict(rule.meaning, lasting, finding.code or evidence.reply_code, rule.id, confidence, conflict)


def _permanence(of_label: str, code: str | None) -> str:
    """A 4xx reply is temporary whatever its cause (RFC 5321 §4.2.1); without one the enhanced code's class counts."""
    return "temporary" if code and code[0] == "4" and of_label != "none" else of_label


def _conflict(evidence: Evidence, finding: Finding, rules: Rules) -> str | None:
    """Where the witnesses disagree, in words; None when they do not."""
    if finding.by_code and finding.by_code.code:
        label, by_code = rules.rules[finding.rank].label, rules.rules[finding.by_code.rank]
        if by_code.tier is Tier.CODE and by_code.label != label:
            return f"the text says {label}, code {finding.by_code.code} says {by_code.label}"
    if evidence.codes and codes.disagree(evidence.reply_code, evidence.codes[0]):
        return f"reply code {evidence.reply_code} and enhanced code {evidence.codes[0]} are of different classes"
    return None
