"""Intervals and differences against tables that were worked out by hand, and against the equations behind them."""

from itertools import product
from math import comb, sqrt

import pytest

from lasthop.measure.rate import Pair, Proof, clearly_up, difference, intervals, looked_at, rate

Z = 1.959964  # the normal quantile of 97.5 %


def in_percent(value: float | None) -> float:
    assert value is not None
    return round(value * 100, 1)


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [
        (1, 5, 3.6, 62.4), (2, 20, 2.8, 30.1), (5, 100, 2.2, 11.2), (10, 200, 2.7, 9.0), (50, 1000, 3.8, 6.5),
        (0, 30, 0.0, 11.4), (0, 300, 0.0, 1.3), (30, 30, 88.6, 100.0),
    ],
)  # fmt: skip
def test_wilson_by_hand(part: int, whole: int, low: float, high: float) -> None:
    found = rate(part, whole)
    assert (found.part, found.whole) == (part, whole)
    assert (in_percent(found.low), in_percent(found.high)) == (low, high)


def test_a_wilson_bound_is_where_the_share_is_just_not_surprising() -> None:
    # E. B. Wilson: both bounds p solve (part / whole - p)² = z² p (1 - p) / whole.
    wholes = [n for n in (1, 19, 20, 57, 400) for _ in range(n + 1)]
    parts = [k for n in (1, 19, 20, 57, 400) for k in range(n + 1)]
    for part, whole, bounds in zip(parts, wholes, intervals(parts, wholes), strict=True):
        for bound in bounds:
            away = (part / whole - bound) ** 2
            assert away == pytest.approx(Z**2 * bound * (1 - bound) / whole, abs=1e-6)


def test_a_share_is_never_outside_its_own_interval() -> None:
    every = [(k, n) for n in range(1, 301) for k in (0, 1, n // 2, n - 1, n)]
    for (k, n), (low, high) in zip(every, intervals(*map(list, zip(*every, strict=True))), strict=True):
        assert 0 <= low <= k / n <= high <= 1, (k, n)


def test_of_nothing_anything_is_possible() -> None:
    found = rate(0, 0)
    assert (found.low, found.high, found.share) == (0, 1, None)
    assert intervals([], []) == []
    assert intervals([0, 5], [0, 10])[0] == (0, 1)


@pytest.mark.parametrize(
    ("whole", "share", "faint"), [(19, None, True), (20, 0.5, True), (98, 0.5, True), (100, 0.5, False)]
)
def test_below_20_there_is_no_share_and_below_100_it_is_faint(whole: int, share: float | None, faint: bool) -> None:
    found = rate(whole // 2, whole)
    assert (found.share, found.faint) == (share, faint)


@pytest.mark.parametrize(
    ("first", "second", "points", "low", "high", "proof"),
    [
        ((6, 60), (1, 60), 8.3, -0.6, 18.6, Proof.WEAK),
        ((30, 600), (10, 600), 3.3, 1.3, 5.5, Proof.CLEAR),
        ((10, 600), (30, 600), -3.3, -5.5, -1.3, Proof.CLEAR),
        ((0, 19), (600, 600), -100.0, -100.0, -83.2, Proof.TOO_FEW),
        ((600, 600), (0, 20), 100.0, 83.9, 100.0, Proof.CLEAR),
        ((25, 50), (25, 50), 0.0, -18.9, 18.9, Proof.WEAK),
    ],
)
def test_newcombe_by_hand(
    first: tuple[int, int], second: tuple[int, int], points: float, low: float, high: float, proof: Proof
) -> None:
    found = difference(rate(*first), rate(*second))
    assert (in_percent(found.points), in_percent(found.low), in_percent(found.high)) == (points, low, high)
    assert found.proof is proof


def test_newcombe_squares_and_adds_the_distances_to_the_wilson_bounds() -> None:
    for one, two in product([(3, 40), (0, 25), (25, 25), (311, 900)], repeat=2):
        a, b = rate(*one), rate(*two)
        p, q = one[0] / one[1], two[0] / two[1]
        found = difference(a, b)
        assert found.points == pytest.approx(p - q)
        assert found.low == pytest.approx(p - q - sqrt((p - a.low) ** 2 + (b.high - q) ** 2), abs=1e-6)
        assert found.high == pytest.approx(p - q + sqrt((a.high - p) ** 2 + (q - b.low) ** 2), abs=1e-6)


@pytest.mark.parametrize(("first", "second"), [((0, 0), (5, 50)), ((5, 50), (0, 0)), ((0, 0), (0, 0))])
def test_an_empty_side_has_no_difference(first: tuple[int, int], second: tuple[int, int]) -> None:
    found = difference(rate(*first), rate(*second))
    assert (found.points, found.low, found.high, found.proof) == (None, None, None, Proof.TOO_FEW)


def fisher(pair: Pair) -> float:
    """The chance of so many failures now or more, when all failures fall anywhere: counted out."""
    every, parts = pair.whole + pair.whole_before, pair.part + pair.before
    ways = [comb(parts, k) * comb(every - parts, pair.whole - k) for k in range(pair.part, min(parts, pair.whole) + 1)]
    return sum(ways) / comb(every, pair.whole)


# Chances 0.0324, 0.0409, 0.0485 and 1 by counting out.
MODEST = [Pair(7, 100, 1, 100), Pair(10, 100, 3, 100), Pair(14, 100, 6, 100)]
STRONG, QUIET = Pair(30, 600, 10, 600), Pair(0, 50, 4, 200)


def test_the_chances_of_these_examples() -> None:
    assert [round(fisher(pair), 4) for pair in (*MODEST, STRONG)] == [0.0324, 0.0409, 0.0485, 0.0009]
    assert fisher(QUIET) == 1
    assert round(fisher(Pair(6, 60, 1, 60)), 3) == 0.057


def test_one_group_alone_is_clear_below_five_percent() -> None:
    for pair in (*MODEST, STRONG):
        assert clearly_up([pair]) == [True]
    assert clearly_up([Pair(6, 60, 1, 60)]) == [False]
    assert clearly_up([Pair(1, 60, 6, 60)]) == [False], "less is not more"


def test_benjamini_and_hochberg_by_hand() -> None:
    # Of three, the largest chance must be under 3/3 of 5 %: 0.0485 is, and takes the smaller ones with it, although
    # none of them is under 5 % / 3.
    assert clearly_up(MODEST) == [True] * 3
    # Of four the third must be under 3/4 of 5 % = 0.0375, the second under 0.025, the first under 0.0125: none is.
    assert clearly_up([*MODEST, QUIET]) == [False] * 4
    # With the strong one the order is 0.0009, 0.0324, 0.0409, 0.0485 of 5: only the first is under its place (0.01).
    assert clearly_up([QUIET, *MODEST, STRONG]) == [False, False, False, False, True]


def test_many_quiet_groups_make_one_modest_rise_no_news() -> None:
    assert clearly_up([STRONG, *[QUIET] * 39]) == [True] + [False] * 39  # 0.0009 < 0.05 / 40
    assert clearly_up([MODEST[0], *[QUIET] * 39]) == [False] * 40


def test_fewer_than_20_on_either_side_are_not_looked_at() -> None:
    few = [Pair(19, 19, 0, 400), Pair(200, 400, 0, 19), Pair(0, 0, 0, 0)]
    assert clearly_up(few) == [False] * 3
    assert looked_at(few) == 0
    # They do not count among those looked at: with them the modest rise would have to be under 5 % / 4.
    assert clearly_up([*few, MODEST[0]]) == [False, False, False, True]
    assert looked_at([*few, MODEST[0]]) == 1
    assert clearly_up([Pair(20, 20, 0, 20)]) == [True]
    assert clearly_up([]) == []
