"""Reply -> reason, in the order of evidence: provider's phrase, phrase, specific code, vague phrase, generic code."""

from collections.abc import Iterable

from lasthop.explain.reply import codes
from lasthop.explain.reply.attributes import attributes
from lasthop.explain.reply.providers import provider
from lasthop.explain.reply.reasons import reasons
from lasthop.explain.reply.reply import Confidence, Reason, Reply
from lasthop.explain.reply.rules import Rules, Tier, builtin
from lasthop.explain.reply.scan import Evidence, Finding
from lasthop.explain.reply.text import folded

_MANY = 65_536  # distinct replies kept at a time, so that memory stays flat


def classify(reply: Reply, rules: Rules | None = None) -> Reason:
    """Why ``reply`` refused. Never raises: what cannot be told is ``unclassified``.

    ``rules`` come from ``load_rules`` when a user has some of their own; None takes the built-in ones.
    """
    rules = rules or builtin()
    shown = folded(reply.reply)
    text = shown.lower()
    evidence = Evidence(
        text,
        codes.reply_code(reply.reply_code, text),
        codes.enhanced_codes(reply.enhanced_code, text),
        (provider(reply.remote_host), provider(reply.recipient_domain)),
        codes.command(reply.smtp_command, text),
    )
    finding, present = rules.scan.first(evidence)
    # Lower case of a few characters is longer than they are: then the matched words are shown in lower case.
    if len(shown) != len(text):
        shown = text
    return _reason(evidence, finding, rules, present, shown)


def classify_many(replies: Iterable[Reply], rules: Rules | None = None) -> list[Reason]:
    """The reason of each reply, in order; equal replies are looked at once. The same as ``classify`` on each."""
    rules = rules or builtin()
    known: dict[Reply, Reason] = {}
    answers = []
    for reply in replies:
        reason = known.get(reply)
        if reason is None:
            if len(known) >= _MANY:
                known.clear()
            reason = known[reply] = classify(reply, rules)
        answers.append(reason)
    return answers


def _reason(evidence: Evidence, finding: Finding | None, rules: Rules, present: set[int], shown: str) -> Reason:
    reply_code = evidence.reply_code
    enhanced = evidence.codes[0] if evidence.codes else None
    if finding is None:
        meaning = reasons()["unclassified"]
        lasting, matched, rule, confidence, conflict = None, None, None, Confidence.NONE, None
    else:
        decided = rules.rules[finding.rank]
        meaning, lasting, rule, confidence = decided.meaning, decided.permanence, decided.id, decided.confidence
        span = finding.span
        matched = shown[span[0] : span[1]] if span else finding.code or reply_code
        conflict = _conflict(evidence, finding, rules)
        if conflict:
            confidence = Confidence.MEDIUM if confidence is Confidence.HIGH else Confidence.LOW
    lasting = lasting or _permanence(meaning.permanence, reply_code or enhanced)
    label = meaning.label
    named = attributes(evidence, present, shown, label)
    return Reason(
        label, lasting, meaning.who, meaning.next_step, matched, rule, confidence, conflict, enhanced, reply_code, named
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
