"""One pass over a reply finds every rule that it may be decided by; only those are looked at closer."""

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from lasthop.explain.reply.phrases import Matcher

if TYPE_CHECKING:
    from lasthop.explain.reply.rules import Rule


class Evidence(NamedTuple):
    """What rules look at: ``text`` is folded and in lower case, ``codes`` the enhanced codes, most telling first."""

    text: str
    reply_code: str | None
    codes: list[str]
    providers: tuple[str | None, str | None]
    command: str | None


class Finding(NamedTuple):
    """The rule that decides, by its place in the order of precedence, and where its words stand in the text.

    ``span`` is None when codes alone decided; then ``code`` is the enhanced code, or None for a reply code.
    """

    rank: int
    span: tuple[int, int] | None
    code: str | None


class Scan:
    """The words and codes of ordered rules, ready to be looked for all at once."""

    def __init__(self, rules: "Sequence[Rule]") -> None:
        self._rules = rules
        by_anchor: dict[str, list[tuple[int, Matcher]]] = defaultdict(list)
        self._by_code: dict[str, list[int]] = defaultdict(list)
        self._by_reply_code: dict[str, list[int]] = defaultdict(list)
        for rank, rule in enumerate(rules):
            for matcher in rule.matchers:
                by_anchor[matcher.anchor].append((rank, matcher))
            if not rule.matchers:
                index, codes = (self._by_code, rule.codes) if rule.codes else (self._by_reply_code, rule.reply_codes)
                for code in codes:
                    index[code].append(rank)
        self._candidates = list(by_anchor.values())
        self._anchors = AhoCorasick(list(by_anchor), matchkind=MatchKind.Standard, store_patterns=False)

    def first(self, evidence: Evidence) -> Finding | None:
        """The first rule in order of precedence that holds, None when none does."""
        best = self.by_codes(evidence)
        limit = best.rank if best else len(self._rules)
        text = evidence.text
        for anchor, start, end in self._anchors.find_matches_as_indexes(text, overlapping=True):
            for rank, matcher in self._candidates[anchor]:
                if rank >= limit:
                    break
                span = matcher.found(text, start, end)
                if span and _holds(self._rules[rank], evidence):
                    best, limit = Finding(rank, span, None), rank
                    break
        return best

    def by_codes(self, evidence: Evidence) -> Finding | None:
        """The first rule that the codes alone decide, None when none does."""
        best: Finding | None = None
        for code in evidence.codes:
            for rank in self._by_code.get(code, ()):
                if best is not None and rank >= best.rank:
                    break
                if _holds(self._rules[rank], evidence):
                    best = Finding(rank, None, code)
                    break
        if best is None and evidence.reply_code:
            for rank in self._by_reply_code.get(evidence.reply_code, ()):
                if _holds(self._rules[rank], evidence):
                    return Finding(rank, None, None)
        return best


def _holds(rule: "Rule", evidence: Evidence) -> bool:
    """Whether every condition beside the words holds."""
    if rule.there and rule.provider not in evidence.providers:
        return False
    if rule.codes and rule.codes.isdisjoint(evidence.codes):
        return False
    if rule.reply_codes and evidence.reply_code not in rule.reply_codes:
        return False
    if rule.commands and evidence.command not in rule.commands:
        return False
    return not any(_stands(matcher, evidence.text) for matcher in rule.unless)


def _stands(matcher: Matcher, text: str) -> bool:
    start = text.find(matcher.anchor)
    return start >= 0 and matcher.found(text, start, start + len(matcher.anchor)) is not None
