"""Reply -> reason, in the order of evidence: provider's phrase, phrase, specific code, vague phrase, generic code."""

from collections.abc import Iterable
from typing import NamedTuple

from lasthop.reply import codes
from lasthop.reply.attributes import attributes
from lasthop.reply.providers import provider
from lasthop.reply.reasons import Meaning, reasons
from lasthop.reply.reply import Confidence, Reason, Reply
from lasthop.reply.rules import Rules, Tier, builtin
from lasthop.reply.scan import MARKS, Evidence, Finding
from lasthop.reply.text import folded, skeleton, unwrapped

_KEPT = 16_384  # decisions kept, so that memory stays flat
_KEPT_LENGTH = 1_024  # of texts no longer than this
_ALL_MARKS = frozenset(range(len(MARKS)))


class _Decision(NamedTuple):
    """What the skeleton of a reply and its circumstances lead to; ``marks`` say which attributes to look for."""

    meaning: Meaning
    permanence: str
    span: tuple[int, int] | None
    by_code: str | None
    rule: str | None
    confidence: Confidence
    conflict: str | None
    enhanced_code: str | None
    reply_code: str | None
    marks: frozenset[int]


def classify(reply: Reply, rules: Rules | None = None) -> Reason:
    """Why ``reply`` refused. Never raises: what cannot be told is ``unclassified``.

    ``rules`` come from ``load_rules`` when a user has some of their own; None takes the built-in ones.
    """
    rules = rules or builtin()
    shown = folded(reply.reply)
    inner, relayed_by = unwrapped(shown)
    bare, address = skeleton(inner)
    text = bare.lower()
    host, domain = provider(reply.remote_host or relayed_by), provider(reply.recipient_domain)
    known = (text, reply.reply_code, reply.enhanced_code, host, domain, reply.smtp_command)
    decision: _Decision | None = rules.decided.get(known)
    if decision is None:
        decision = _decision(text, reply, (host, domain), rules)
        if len(text) <= _KEPT_LENGTH:
            if len(rules.decided) >= _KEPT:
                rules.decided.clear()
            rules.decided[known] = decision
    label = decision.meaning.label
    named = attributes(shown, decision.marks, label, host or domain)
    if address:
        named["address"] = address
    span = decision.span
    # Lower case of a few characters is longer than they are: then the matched words are shown in lower case.
    matched = (bare if len(bare) == len(text) else text)[span[0] : span[1]] if span else decision.by_code
    return Reason(
        label, decision.permanence, decision.meaning.who, decision.meaning.next_step, matched, decision.rule,
        decision.confidence, decision.conflict, decision.enhanced_code, decision.reply_code, named,
    )  # fmt: skip


def classify_many(replies: Iterable[Reply], rules: Rules | None = None) -> list[Reason]:
    """The reason of each reply, in order: the same as ``classify`` on each.

    Replies that differ only in addresses, IPs and long ids are decided once, equal ones are looked at once.
    """
    rules = rules or builtin()
    known: dict[Reply, Reason] = {}
    answers = []
    for reply in replies:
        reason = known.get(reply)
        if reason is None:
            if len(known) >= _KEPT:
                known.clear()
            reason = known[reply] = classify(reply, rules)
        answers.append(reason)
    return answers


def _decision(text: str, reply: Reply, providers: tuple[str | None, str | None], rules: Rules) -> _Decision:
    evidence = Evidence(
        text,
        codes.reply_code(reply.reply_code, text),
        codes.enhanced_codes(reply.enhanced_code, text),
        providers,
        codes.command(reply.smtp_command, text),
    )
    finding, present = rules.scan.first(evidence)
    reply_code = evidence.reply_code
    enhanced = evidence.codes[0] if evidence.codes else None
    marks = _ALL_MARKS & present
    if finding is None:
        meaning = reasons()["unclassified"]
        lasting = _permanence(meaning.permanence, reply_code or enhanced)
        return _Decision(meaning, lasting, None, None, None, Confidence.NONE, None, enhanced, reply_code, marks)
    rule = rules.rules[finding.rank]
    conflict = _conflict(evidence, finding, rules)
    confidence = rule.confidence
    if conflict:
        confidence = Confidence.MEDIUM if confidence is Confidence.HIGH else Confidence.LOW
    lasting = rule.permanence or _permanence(rule.meaning.permanence, reply_code or enhanced)
    by_code = finding.code or reply_code
    return _Decision(
        rule.meaning, lasting, finding.span, by_code, rule.id, confidence, conflict, enhanced, reply_code, marks
    )


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
