"""Shares with their intervals: what may be said of k in n, and of the difference of two such shares.

statsmodels takes a second to import, so only what needs it waits for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import sqrt
from statistics import NormalDist

import pandas as pd

FEW, SOME = 20, 100
"""Below 20 no percentage is shown, below 100 it is shown in grey."""
LEVEL = 0.95
_Z = NormalDist().inv_cdf((1 + LEVEL) / 2)


@dataclass(frozen=True)
class Rate:
    """``part`` of ``whole``; ``low`` and ``high`` are the bounds of its Wilson interval at 95 %, 0 to 1."""

    part: int
    whole: int
    low: float
    high: float

    @property
    def share(self) -> float | None:
        """The share itself; None below 20: so few make no percentage."""
        return self.part / self.whole if self.whole >= FEW else None

    @property
    def faint(self) -> bool:
        """Whether it is to be shown in grey: 20 to 99."""
        return self.whole < SOME


def rate(part: int, whole: int) -> Rate:
    """The share of ``part`` in ``whole`` with its Wilson interval; of nothing anything is possible: 0 to 1."""
    low, high = intervals([part], [whole])[0]
    return Rate(part, whole, low, high)


def intervals(parts: Sequence[int], wholes: Sequence[int]) -> list[tuple[float, float]]:
    """The Wilson intervals at 95 % of each part in its whole (E. B. Wilson 1927), as statsmodels has them."""
    found = [_wilson(part, max(whole, 1)) for part, whole in zip(parts, wholes, strict=True)]
    # The last bit of a float must not put the share itself outside: 30 of 30 would end at 0.9999999999999999.
    return [
        (min(low, part / whole), max(high, part / whole)) if whole else (0.0, 1.0)
        for part, whole, (low, high) in zip(parts, wholes, found, strict=True)
    ]


def _wilson(part: int, whole: int) -> tuple[float, float]:
    """Written out: its formula is four lines, and a pack that needs no more does not wait a second for statsmodels."""
    share, spread = part / whole, _Z * _Z / whole
    middle = share + spread / 2
    half = _Z * sqrt(share * (1 - share) / whole + spread / whole / 4)
    return max(0.0, (middle - half) / (1 + spread)), min(1.0, (middle + half) / (1 + spread))


class Proof(StrEnum):
    """How much a difference proves."""

    CLEAR = "clear"  # its interval excludes zero; among several, `held_together` says which are
    WEAK = "weak"  # it may be chance
    TOO_FEW = "too few to say"  # one side has fewer than 20


@dataclass(frozen=True)
class Difference:
    """``first`` minus ``second`` in shares (-1 to 1), with its Newcombe interval at 95 %.

    None where one side is empty.
    """

    first: Rate
    second: Rate
    points: float | None
    low: float | None
    high: float | None
    proof: Proof


def difference(first: Rate, second: Rate) -> Difference:
    """How far two shares lie apart, and whether that can be chance (R. G. Newcombe 1998, method 10; statsmodels)."""
    from statsmodels.stats.proportion import confint_proportions_2indep  # noqa: PLC0415

    if not first.whole or not second.whole:
        return Difference(first, second, None, None, None, Proof.TOO_FEW)
    low, high = confint_proportions_2indep(
        first.part, first.whole, second.part, second.whole, method="newcomb", alpha=1 - LEVEL
    )
    points = first.part / first.whole - second.part / second.whole
    if min(first.whole, second.whole) < FEW:
        proof = Proof.TOO_FEW
    else:
        proof = Proof.CLEAR if low > 0 or high < 0 else Proof.WEAK
    return Difference(first, second, points, float(low), float(high), proof)


@dataclass(frozen=True)
class Pair:
    """``part`` of ``whole`` now, and ``before`` of ``whole_before`` in the time it is compared with."""

    part: int
    whole: int
    before: int
    whole_before: int

    @property
    def enough(self) -> bool:
        """Whether both sides are large enough to say anything."""
        return min(self.whole, self.whole_before) >= FEW


def clearly_up(pairs: Sequence[Pair], false_share: float = 0.05) -> list[bool]:
    """Which shares are clearly higher now, when many are looked at: at most ``false_share`` of those found falsely.

    Fisher's exact test, one-sided, with the false discoveries held down as Benjamini and Hochberg (1995) do. A pair
    with fewer than 20 on either side is never among them and does not count as looked at. Hand over every pair that
    was looked at, those without failures now too: leaving them out would let more false ones through.
    """
    from scipy.stats import hypergeom  # noqa: PLC0415

    tried = [place for place, pair in enumerate(pairs) if pair.enough]
    if not tried:
        return [False] * len(pairs)
    t = pd.DataFrame([pairs[place] for place in tried])
    chances = hypergeom.sf(t["part"] - 1, t["whole"] + t["whole_before"], t["part"] + t["before"], t["whole"])
    found = dict(zip(tried, _not_by_chance(list(chances), false_share), strict=True))
    return [found.get(place, False) for place in range(len(pairs))]


def held_together(differences: Sequence[Difference], false_share: float = 0.05) -> list[Difference]:
    """The differences, each with what it proves when all of them are looked at together.

    Clear is what is clear by itself and by Fisher's exact test, two-sided, with at most ``false_share`` of those found
    falsely, as in ``clearly_up``. One with fewer than 20 on either side does not count as looked at.
    """
    from scipy.stats import fisher_exact  # noqa: PLC0415

    tried = [place for place, each in enumerate(differences) if each.proof is not Proof.TOO_FEW]
    chances = [
        float(fisher_exact([[side.part, side.whole - side.part] for side in (each.first, each.second)])[1])
        for each in (differences[place] for place in tried)
    ]
    chance = {place for place, up in zip(tried, _not_by_chance(chances, false_share), strict=True) if not up}
    return [
        replace(each, proof=Proof.WEAK) if place in chance and each.proof is Proof.CLEAR else each
        for place, each in enumerate(differences)
    ]


def _not_by_chance(chances: Sequence[float], false_share: float) -> list[bool]:
    """Which of the tests hold, with the false discoveries held down as Benjamini and Hochberg (1995) do."""
    from statsmodels.stats.multitest import multipletests  # noqa: PLC0415

    if not chances:
        return []
    return [bool(up) for up in multipletests(chances, alpha=false_share, method="fdr_bh")[0]]


def looked_at(pairs: Sequence[Pair]) -> int:
    """How many of the pairs are large enough to say anything."""
    return sum(pair.enough for pair in pairs)
