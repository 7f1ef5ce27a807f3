"""What is known of the people of a message: their addresses, local parts and names, and where a text has them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from lasthop.pack.redact.view import Span

NAME, WIDE = 4, 2
"""Fewer characters of a word of a name, or of a name in CJK, name nobody by themselves."""
_WORD = re.compile(r"\w+")
_PAIR = re.compile(r"(?=([^\x00-\x7f]{2}))")
_FEW = 16


@dataclass(frozen=True)
class Known:
    """``addresses``: in canonical form. ``tokens``: local part or name, lower case -> its address or itself.

    ``weak``: local part that is short, a number or an ordinary word -> its address.
    """

    addresses: frozenset[str]
    tokens: dict[str, str] = field(hash=False)
    weak: dict[str, str] = field(hash=False)

    def spans(self, text: str, least: int = 1) -> Iterator[Span]:
        """Where ``text`` has a token of at least that many characters: begin, end, and what it stands for.

        The time depends on the length of the text, not on how many are known.
        """
        low = lowered(text)
        if self.weak:
            yield from self._weak_spans(low)
        if not self.many and not any(token in low for token in self.tokens):
            return
        narrow, wide = self._by_start
        for word in _WORD.finditer(low) if narrow else ():
            for token, whole, before in narrow.get(word[0], ()):
                begin = word.start() - before
                stop = begin + len(token)
                if begin >= 0 and low.startswith(token, begin) and _ends(low, stop) and len(token) >= least:
                    yield begin, stop, whole
        for pair in _PAIR.finditer(low) if wide else ():
            for token, whole in wide.get(pair[1], ()):
                if low.startswith(token, pair.start()):
                    yield pair.start(), pair.start() + len(token), whole

    @cached_property
    def many(self) -> bool:
        """More than are worth being looked for one by one."""
        return len(self.tokens) + len(self.weak) > _FEW

    @cached_property
    def every(self) -> tuple[str, ...]:
        """All that `spans` looks for."""
        return (*self.tokens, *self.weak)

    def in_bytes(self, plain: bytes) -> bool:
        """Whether bytes in lower case hold an address, or a token of four characters or more, in five encodings."""
        return any(each in plain for each in self._needles[0 in plain])

    @cached_property
    def _needles(self) -> tuple[frozenset[bytes], frozenset[bytes]]:
        """For bytes without NUL, and for others."""
        told = {*self.addresses, *(token for token in self.tokens if len(token) >= (NAME if token.isascii() else WIDE))}
        narrow = {form for each in told for form in _forms(each)}
        wide = {each.encode(charset, "replace") for each in told for charset in ("utf-16-le", "utf-16-be")}
        return frozenset(narrow), frozenset(narrow | wide)

    @cached_property
    def _by_start(self) -> tuple[dict[str, list[tuple[str, str, int]]], dict[str, list[tuple[str, str]]]]:
        """By the first word, with the characters before it; those without a word, and of CJK, by the first two."""
        narrow: dict[str, list[tuple[str, str, int]]] = {}
        wide: dict[str, list[tuple[str, str]]] = {}
        for token in sorted(self.tokens, key=len, reverse=True):
            first = _WORD.search(token)
            if token[:2].isascii() and first:
                narrow.setdefault(first[0], []).append((token, self.tokens[token], first.start()))
            else:
                wide.setdefault(token[:2], []).append((token, self.tokens[token]))
        return narrow, wide

    def _weak_spans(self, low: str) -> Iterator[Span]:
        weak = [each for each in self.weak if each in low] if not self.many else _WORD.findall(low)
        for token in dict.fromkeys(weak):
            for found in _beside_syntax(token).finditer(low) if token in self.weak else ():
                group = found.lastindex or 0
                yield found.start(group), found.end(group), self.weak[token]


NOBODY = Known(frozenset(), {}, {})


def lowered(text: str) -> str:
    """Lower case, character by character: the text keeps its length."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def _forms(text: str) -> Iterator[bytes]:
    yield text.encode("utf-8", "replace")
    if not text.isascii():
        for charset in ("utf-16-le", "utf-16-be", "cp932"):
            yield text.encode(charset, "replace")
        # The escapes that begin and end ISO-2022-JP depend on what stands beside.
        yield text.encode("iso2022_jp", "replace").strip(b"\x1b$B(")


def _ends(low: str, stop: int) -> bool:
    return stop == len(low) or not (low[stop] == "_" or (low[stop].isalnum() and low[stop].isascii()))


@lru_cache(4096)
def _beside_syntax(word: str) -> re.Pattern[str]:
    told = r"\b(?:users?|mailbox|recipient|account|address|addressee|rcpt|to|for|alias|name)"
    here = re.escape(word)
    return re.compile(
        rf"(?<=<)({here})(?=>)|(?<![\w.+@-])({here})(?=@(?!\w))"
        rf"|{told}(?:\s*[:=]\s*[\"'<(\[]?|\s+[\"'<(\[])({here})(?![\w@.+-])"
    )
