"""One pass over a reply finds every rule that it may be decided by; only those are looked at closer."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from lasthop.reply.marks import MARKS
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


NEAR = 60
"""How many characters may lie between two words of a rule that asks for them near each other, in either order."""
_LONGEST_WORD = 60
_Hit = tuple[int, int, int]  # the number of an anchor, and where it stands


class Scan:
    """The words and codes of ordered rules, ready to be looked for all at once."""

    def __init__(self, rules: "Sequence[Rule]") -> None:
        self._rules = rules
        self._numbers = {mark: number for number, mark in enumerate(MARKS)}  # anchor -> its number in the automaton
        self._candidates: list[list[tuple[int, Matcher, Mapping[int, Matcher] | None]]] = [[] for _ in MARKS]
        self._conditional = [_is_conditional(rule) for rule in rules]
        self._unless = [_grouped(self._numbered(rule.unless), rule.unless) for rule in rules]
        self._unless_numbers = [frozenset(unless) for unless in self._unless]
        self._by_code: dict[str, list[int]] = {}
        self._by_reply_code: dict[str, list[int]] = {}
        for rank, rule in enumerate(rules):
            partners = dict(zip(self._numbered(rule.near), rule.near, strict=True)) or None
            for number, matcher in zip(self._numbered(rule.matchers), rule.matchers, strict=True):
                self._candidates[number].append((rank, matcher, partners))
            if not rule.matchers:
                index, codes = (self._by_code, rule.codes) if rule.codes else (self._by_reply_code, rule.reply_codes)
                for code in codes:
                    index.setdefault(code, []).append(rank)
        self._first = [found[0][0] if found else len(rules) for found in self._candidates]
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
        limit, first = by_code.rank if by_code else len(self._rules), self._first
        # The most telling words are looked at first, the longest of them before its parts: they spare the others.
        telling = [(first[hit[0]], hit[1] - hit[2], place) for place, hit in enumerate(hits) if first[hit[0]] < limit]
        telling.sort()
        best: tuple[int, int] | None = None
        holding: dict[int, bool] = {}  # rule -> whether its conditions hold, which no place in the text changes
        for earliest, _, place in telling:
            if earliest >= limit:
                break
            number, start, end = hits[place]
            for rank, matcher, partners in self._candidates[number]:
                if rank >= limit:
                    break
                span = matcher.found(text, start, end)
                if span and partners is not None:
                    span = _beside(span, partners, text, hits, place)
                if span:
                    if rank not in holding:
                        holding[rank] = self._holds(rank, evidence, present)
                    if holding[rank]:
                        best, limit = span if rank == earliest else self._whole(span, rank, text, hits), rank
                        break
        return (Finding(limit, best, None, by_code) if best else by_code), present

    def _whole(self, span: tuple[int, int], rank: int, text: str, hits: Sequence[_Hit]) -> tuple[int, int]:
        """The longest words of the same rule that ``span`` is a part of."""
        for number, start, end in hits:
            if start <= span[0] and end >= span[1] and end - start > span[1] - span[0]:
                matchers = [matcher for other, matcher, partners in self._candidates[number] if other == rank]
                span = next((wide for matcher in matchers if (wide := matcher.found(text, start, end))), span)
        return span

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
        if evidence.reply_code:
            for rank in self._by_reply_code.get(evidence.reply_code, ()):
                if best is not None and rank >= best.rank:
                    break
                if self._holds(rank, evidence, present):
                    return Finding(rank, None, None)
        return best

    def _holds(self, rank: int, evidence: Evidence, present: set[int]) -> bool:
        """Whether every condition beside the words holds; ``present`` are the anchors that stand in the text."""
        if self._conditional[rank] and not _meets(self._rules[rank], evidence):
            return False
        numbers = self._unless_numbers[rank]
        return numbers.isdisjoint(present) or not any(
            _stands(matcher, evidence.text) for number in numbers & present for matcher in self._unless[rank][number]
        )


def _beside(
    span: tuple[int, int], partners: Mapping[int, Matcher], text: str, hits: Sequence[_Hit], place: int
) -> tuple[int, int] | None:
    """From ``span`` to the nearest of ``partners`` within ``NEAR`` characters; None when none stands there.

    ``hits`` are in the order of their ends and ``place`` is that of the span, so only its surroundings are looked at.
    """
    start, end = span
    for before in range(place - 1, -1, -1):
        number, left, right = hits[before]
        if right < start - NEAR:
            break
        if right <= start and number in partners and partners[number].found(text, left, right):
            return left, end
    for after in range(place + 1, len(hits)):
        number, left, right = hits[after]
        if right > end + NEAR + _LONGEST_WORD:
            break
        if end <= left <= end + NEAR and number in partners and partners[number].found(text, left, right):
            return start, right
    return None


def _meets(rule: "Rule", evidence: Evidence) -> bool:
    """Whether provider, codes and command are those that ``rule`` asks for."""
    if rule.there and rule.provider not in evidence.providers:
        return False
    if rule.codes and rule.codes.isdisjoint(evidence.codes):
        return False
    if rule.reply_codes and evidence.reply_code not in rule.reply_codes:
        return False
    return not rule.commands or evidence.command in rule.commands


def _is_conditional(rule: "Rule") -> bool:
    """Whether more is asked for than the words, or than the codes by which rules without words are looked up."""
    by_words = bool(rule.matchers)
    return bool(
        rule.there or rule.commands or (rule.codes and by_words) or (rule.reply_codes and (by_words or rule.codes))
    )


def _grouped(numbers: Sequence[int], matchers: Sequence[Matcher]) -> Mapping[int, list[Matcher]]:
    """Matchers by the number of their anchor."""
    groups: dict[int, list[Matcher]] = {}
    for number, matcher in zip(numbers, matchers, strict=True):
        groups.setdefault(number, []).append(matcher)
    return groups


def _stands(matcher: Matcher, text: str) -> bool:
    """Whether the phrase is in the text, anywhere."""
    start = text.find(matcher.anchor)
    while start >= 0:
        if matcher.found(text, start, start + len(matcher.anchor)):
            return True
        # A regex has looked at the whole text; a phrase may stand further on.
        start = text.find(matcher.anchor, start + 1) if matcher.reach or matcher.pattern is None else -1
    return False
