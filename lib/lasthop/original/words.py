"""The words of a header value: comments, quoted strings, literals and angles apart (RFC 5322 §3.2).

One pass, linear in the length whatever stands there: a bracket that never closes is a word like any other.
"""

import re
from typing import Literal, NamedTuple

LONGEST_ANGLE = 1000
"""``<…>`` and ``[…]`` are looked for over so many characters."""

_PARENTHESIS = re.compile(r"\\.|[()]", re.DOTALL)
_PLAIN = re.compile(r'[^\s()"<\[;]+')
_SPACE = re.compile(r"\s+")
_WHOLE = re.compile(r'(?P<word>[^\s()"<\[;]++)(?:\s+|\Z)')
"""A plain word with white space around it, as most are."""
_CLOSING = {"<": ">", "[": "]", '"': '"'}

Kind = Literal["word", "comment", ";"]


class Word(NamedTuple):
    """A word, a comment without its parentheses, or a semicolon. A tuple: there are many of them."""

    kind: Kind
    text: str
    start: int
    """Where it begins in the value."""


def split_words(value: str) -> tuple[list[Word], bool]:
    """The words of a value in order, and whether every parenthesis has its partner.

    A parenthesis without a partner is taken for white space: what follows it is still read.
    """
    pairs, balanced = _pairs(value)
    words: list[Word] = []
    place, begun = 0, -1
    while place < len(value):
        if begun < 0 and (whole := _WHOLE.match(value, place)):
            words.append(Word("word", whole["word"], place))
            place = whole.end()
            continue
        char = value[place]
        after = place + 1
        if char == "(" and place in pairs:
            after = pairs[place] + 1
            inside = Word("comment", value[place + 1 : after - 1].strip(), place)
        elif char == ";":
            inside = Word(";", ";", place)
        elif char in "() \t\r\n" or (char > "\x7f" and char.isspace()):
            space = _SPACE.match(value, place)
            after = space.end() if space else after
            inside = None
        elif char == "[" and begun >= 0:
            after, inside = place, None  # a literal is a word of its own: host[192.0.2.1]
        else:
            begun = place if begun < 0 else begun
            place = _word_end(value, place)
            continue
        if begun >= 0:
            words.append(Word("word", value[begun:place], begun))
            begun = -1
        if inside:
            words.append(inside)
        place = after
    if begun >= 0:
        words.append(Word("word", value[begun:], begun))
    return words, balanced


def _word_end(value: str, place: int) -> int:
    """Where the piece of a word that begins here ends: a plain run, or all between two brackets or quotes."""
    closing = _CLOSING.get(value[place])
    if closing is None:
        plain = _PLAIN.match(value, place)
        return plain.end() if plain else place + 1
    end = value.find(closing, place + 1, place + LONGEST_ANGLE)
    if end < 0 or (closing == ">" and value.find("<", place + 1, end) >= 0):
        return place + 1
    return end + 1


def _pairs(value: str) -> tuple[dict[int, int], bool]:
    """Of each outermost comment its two ends (comments nest: RFC 5322 §3.2.2)."""
    if "(" not in value and ")" not in value:
        return {}, True
    opened: list[int] = []
    pairs: dict[int, int] = {}
    balanced = True
    for match in _PARENTHESIS.finditer(value):
        if match.group() == "(":
            opened.append(match.start())
        elif match.group() == ")" and opened:
            pairs[opened.pop()] = match.start()
        elif match.group() == ")":
            balanced = False
    return pairs, balanced and not opened
