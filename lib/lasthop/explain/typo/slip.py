"""What one slip of the hand makes of a word, and what it does not.

Two characters swapped, one missing, one too many, one of a neighbouring key are slips. Two real names that happen to
be alike (kenta and kenji, shop1 and shop2) are what has to be left alone.
"""

import re
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz.distance import Postfix, Prefix

_ROWS = ("1234567890-", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_LOOK_ALIKE = frozenset({"0o", "1l", "1i", "il"})
_VOWELS = frozenset("aeiou")
_SAME_SOUND = frozenset({"ck"})
_SEPARATORS = frozenset("._-")
_DIGITS = str.maketrans("", "", "0123456789")
_SHORT = 3
"""A part of a name up to this length (an initial, a unit, a country) is not told from a slip."""

LONG = 12
"""A mailbox name of so many characters, dots not counted, may have two slips."""

_WORDS = {
    "swapped": "with two characters swapped",
    "missing": "with one character missing",
    "extra": "with one character too many",
    "replaced": "with one wrong character",
}
TWO_SLIPS = "with two slips"


def _touching_keys() -> frozenset[str]:
    """Pairs of keys beside each other, or one row down at the same place or one to the left."""
    pairs = {(a, b) for row in _ROWS for a, b in pairwise(row)}
    for row, below in pairwise(_ROWS):
        pairs |= {*zip(row, below, strict=False), *zip(row[1:], below, strict=False)}
    return frozenset("".join(sorted(pair)) for pair in pairs)


_KEYS = _touching_keys()


@dataclass(frozen=True)
class Slip:
    """The one difference between a written word and the one that was meant.

    ``kind``: swapped, missing, extra or replaced; ``pair``: the characters concerned, sorted; ``at_start``,
    ``at_end``: whether it is at the first or last character; ``doubled``: whether a character stands twice for once,
    or once for twice.
    """

    kind: str
    pair: str
    at_start: bool
    at_end: bool
    doubled: bool

    @property
    def words(self) -> str:
        """What happened, to follow "it is X"."""
        return _WORDS[self.kind]

    @property
    def look_alike(self) -> bool:
        """A digit for the letter that looks like it, or a letter for the digit."""
        return self.kind == "replaced" and self.pair in _LOOK_ALIKE and self.pair != "il"

    @property
    def at_edge(self) -> bool:
        """Whether the word begins or ends otherwise, as other words do: an initial, a plural, another name."""
        return self.kind != "swapped" and not self.doubled and (self.at_start or self.at_end)

    @property
    def by_hand(self) -> bool:
        """Whether hands do this and names do not: a lost separator or a far-off key may make another name."""
        if self.kind == "replaced":
            return self.pair in _KEYS or self.pair in _LOOK_ALIKE or set(self.pair) <= _SEPARATORS
        return self.kind == "swapped" or not set(self.pair) & _SEPARATORS

    def from_well_known(self, length: int) -> bool:
        """Whether it is believed of a well-known name of this length: there, sound and length count too."""
        if self.kind == "replaced":
            sound = set(self.pair) <= _VOWELS or self.pair in _SAME_SOUND
            near = self.by_hand or sound or length >= 8
            return near and not self.at_start
        return self.kind != "extra" or not self.at_start or self.doubled


def one_slip(written: str, meant: str) -> Slip | None:
    """The slip that alone makes ``written`` out of ``meant``; None when it takes none, or more."""
    start = Prefix.similarity(written, meant)
    end = min(Postfix.similarity(written, meant), min(len(written), len(meant)) - start)
    one, other = written[start : len(written) - end], meant[start : len(meant) - end]
    kind = {(2, 2): "swapped", (0, 1): "missing", (1, 0): "extra", (1, 1): "replaced"}.get((len(one), len(other)))
    if kind is None or (kind == "swapped" and one != other[::-1]):
        return None
    longer = written if one else meant
    doubled = kind in ("missing", "extra") and start > 0 and longer[start - 1] == longer[start]
    return Slip(kind, "".join(sorted({*one, *other})), start == 0, end == 0, doubled)


def family(one: str, other: str) -> bool:
    """Whether the two differ as members of a family do: in digits only, or in one short part (k.sato, m.sato)."""
    if one.translate(_DIGITS) == other.translate(_DIGITS):
        return True
    ones, others = _parts(one), _parts(other)
    if len(ones) != len(others) or len(ones) == 1:
        return False
    return any(a != b and min(len(a), len(b)) <= _SHORT for a, b in zip(ones, others, strict=True))


def mailbox_slip(written: str, meant: str) -> str | None:
    """How ``written`` slipped from ``meant``, in words; None when the two may just as well be two people."""
    slip = one_slip(written, meant)
    if slip and slip.look_alike and len(written) >= 4 and written.translate(_DIGITS) != meant.translate(_DIGITS):
        return slip.words
    if min(len(written), len(meant)) < 5 or family(written, meant):
        return None
    ones, others = _parts(written), _parts(meant)
    if len(ones) != len(others) or ones == others:
        separator = slip and set(slip.pair) <= _SEPARATORS and not slip.at_edge
        return slip.words if slip and separator else None
    return _slips_in_parts(ones, others)


def _slips_in_parts(ones: list[str], others: list[str]) -> str | None:
    """One part of a name may be mistyped, in a long name two."""
    differing = [_unnumbered(a, b) for a, b in zip(ones, others, strict=True) if a != b]
    slips = [slip for a, b in differing if (slip := one_slip(a, b)) and _in_a_name(slip, min(len(a), len(b)))]
    if not differing or len(slips) != len(differing):
        return None
    if len(slips) == 1:
        return slips[0].words
    return TWO_SLIPS if len(slips) == 2 and min(sum(map(len, ones)), sum(map(len, others))) >= LONG else None


def _unnumbered(one: str, other: str) -> tuple[str, str]:
    """Without the number that both end with: hiroki12 and hiroko12 differ at the end of a name."""
    number = one[len(one.rstrip("0123456789")) :]
    return (one.removesuffix(number), other.removesuffix(number)) if other.endswith(number) else (one, other)


def _in_a_name(slip: Slip, length: int) -> bool:
    """Whether a part of a name of this length is held to be mistyped: not where another name is as likely."""
    if slip.at_edge:
        return False
    if slip.kind == "swapped" or slip.doubled:
        return True
    has_digit = any(character.isdigit() for character in slip.pair)
    return length >= 5 and slip.by_hand and (not has_digit or slip.look_alike)


def _parts(word: str) -> list[str]:
    return re.split(r"[._-]", word)
