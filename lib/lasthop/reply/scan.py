"""One pass over a reply finds every rule that it may be decided by; only those are looked at closer."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from lasthop.reply.phrases import Matcher

if TYPE_CHECKING:
    from lasthop.reply.rules import Rule


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
    ``by_code`` is what the codes alone lead to, None when they lead nowhere.
    """

    rank: int
    span: tuple[int, int] | None
    code: str | None
    by_code: "Finding | None" = None


# What attributes are read from: looked for in the same pass, so that a reply without any costs nothing more.
MARKS = (
    "http", "?p=", "&p=", "(s", "(rly:", "(con:", "(dyn:", "(dns:", "(hvu:", "(rtr:", "as(", "ofr", "lpn", "aup#",
    *(f"[{letter}" for letter in "bcdfghimprtv"), *(f"ib{digit}" for digit in range(1, 8)),
    "retry", "again", "wait", "later", "grey", "gray",
)  # fmt: skip
WAIT_MARKS = frozenset(MARKS.index(mark) for mark in ("retry", "again", "wait", "later", "grey", "gray"))
URL_MARK = MARKS.index("http")


class Scan:
    """The words and codes of ordered rules, ready to be looked for all at once."""

    def __init__(self, rules: "Sequence[Rule]") -> None:
        self._rules = rules
        self._numbers = {mark: number for number, mark in enumerate(MARKS)}  # anchor -> its number in the automaton
        self._candidates: list[list[tuple[int, Matcher]]] = [[] for _ in MARKS]
        self._conditional = [bool(rule.there or rule.codes or rule.reply_codes or rule.commands) for rule in rules]
        self._unless = [frozenset(self._numbered(rule.unless)) for rule in rules]
        self._by_code: dict[str, list[int]] = {}
        self._by_reply_code: dict[str, list[int]] = {}
        for rank, rule in enumerate(rules):
            for number, matcher in zip(self._numbered(rule.matchers), rule.matchers, strict=True):
                self._candidates[number].append((rank, matcher))
            if not rule.matchers:
                index, codes = (self._by_code, rule.codes) if rule.codes else (self._by_reply_code, rule.reply_codes)
                for code in codes:
                    index.setdefault(code, []).append(rank)
        self._anchors = AhoCorasick(list(self._numbers), matchkind=MatchKind.Standard, store_patterns=False)

    def _numbered(self, matchers: Iterable[Matcher]) -> list[int]:
        """The numbers of the matchers' anchors, new ones given where they have none yet."""
        numbers = [self._numbers.setdefault(matcher.anchor, len(self._numbers)) for matcher in matchers]
        self._candidates.extend([] for _ in range(len(self._numbers) - len(self._candidates)))
        return numbers

    def first(self, evidence: Evidence) -> tuple[Finding | None, set[int]]:
        """The first rule in order of precedence that holds, None when none does; and the anchors that are present."""
        text = evidence.text
        hits = self._anchors.find_matches_as_indexes(text, overlapping=True)
        present = {hit[0] for hit in hits}
        by_code = self._first_by_code(evidence, present)
        best: tuple[int, int] | None = None
        limit = by_code.rank if by_code else len(self._rules)
        for number, start, end in hits:
            for rank, matcher in self._candidates[number]:
                if rank >= limit:
                    break
                span = matcher.found(text, start, end)
                if span and self._holds(rank, evidence, present):
                    best, limit = span, rank
                    break
        return (Finding(limit, best, None, by_code) if best else by_code), present

    def _first_by_code(self, evidence: Evidence, present: set[int]) -> Finding | None:
        """The first rule that the codes alone decide, None when none does."""
        best: Finding | None = None
        for code in evidence.codes:
            for rank in self._by_code.get(code, ()):
                if best is not None and rank >= best.rank:
                    break
                if self._holds(rank, evidence, present):
                    best = Finding(rank, None, code)
                    break
        if best is None and evidence.reply_code:
            for rank in self._by_reply_code.get(evidence.reply_code, ()):
                if self._holds(rank, evidence, present):
                    return Finding(rank, None, None)
        return best

    def _holds(self, rank: int, evidence: Evidence, present: set[int]) -> bool:
        """Whether every condition beside the words holds; ``present`` are the anchors that stand in the text."""
        if self._conditional[rank] and not _meets(self._rules[rank], evidence):
            return False
        return self._unless[rank].isdisjoint(present) or not _any_stands(self._rules[rank].unless, evidence.text)


def _meets(rule: "Rule", evidence: Evidence) -> bool:
    """Whether provider, codes and command are those that ``rule`` asks for."""
    if rule.there and rule.provider not in evidence.providers:
        return False
    if rule.codes and rule.codes.isdisjoint(evidence.codes):
        return False
    if rule.reply_codes and evidence.reply_code not in rule.reply_codes:
        return False
    return not rule.commands or evidence.command in rule.commands


def _any_stands(matchers: Iterable[Matcher], text: str) -> bool:
    """Whether one of the phrases is in the text, anywhere."""
    for matcher in matchers:
        start = text.find(matcher.anchor)
        while start >= 0:
            if matcher.found(text, start, start + len(matcher.anchor)):
                return True
            # A pattern has looked at the whole text; a plain phrase may stand whole further on.
            start = text.find(matcher.anchor, start + 1) if matcher.pattern is None else -1
    return False
