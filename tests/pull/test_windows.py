"""Time in windows: nothing missed whatever the limit and the order, and few requests for it."""

import random
from bisect import bisect_left
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lasthop.pull import Density, Window, windows

DAY = 86_400
Order = Callable[[list[int]], list[int]]


def shuffled(times: list[int]) -> list[int]:
    return random.Random(len(times)).sample(times, len(times))


ORDERS: dict[str, Order] = {"newest": lambda t: t[::-1], "oldest": lambda t: t, "any": shuffled}


def cut(times: Sequence[int], start: int, end: int, limit: int, order: Order) -> tuple[list[Window[int]], int]:
    """Windows over the times of a service that gives at most ``limit`` and knows no pages; and how often it was asked."""
    asked, ordered = 0, sorted(times)

    def ask(low: int, high: int) -> list[int]:
        nonlocal asked
        asked += 1
        return order(ordered[bisect_left(ordered, low) : bisect_left(ordered, high)])[:limit]

    return list(windows(ask, lambda time: time, start, end, Density(limit))), asked


@given(
    times=st.lists(st.integers(0, 3_000) | st.integers(500, 505), max_size=60),
    limit=st.integers(1, 12),
    order=st.sampled_from(sorted(ORDERS)),
)
@settings(max_examples=40, deadline=None)
def test_every_record_comes_once_or_its_second_is_reported(times: list[int], limit: int, order: str) -> None:
    found, _ = cut(times, 0, 3_001, limit, ORDERS[order])

    assert [window.start for window in found] == [0, *(window.end for window in found[:-1])]
    assert found[-1].end == 3_001
    for window in found:
        inside = sorted(time for time in times if window.start <= time < window.end)
        if window.cut:
            assert (window.end - window.start, len(window.rows)) == (1, limit)
            assert len(inside) >= limit
        else:
            assert sorted(window.rows) == inside


def test_a_second_that_is_full_is_told_of_and_the_next_one_is_read() -> None:
    found, _ = cut([100] * 50 + [101, 99], 0, 200, 10, ORDERS["newest"])

    assert [(window.start, window.end) for window in found if window.cut] == [(100, 101)]
    assert sorted(time for window in found if not window.cut for time in window.rows) == [99, 101]


def test_a_quiet_account_needs_one_request() -> None:
    assert cut([5, 900, 40_000], 0, 30 * DAY, 1_000, ORDERS["newest"])[1] == 1


def test_records_without_a_time_are_counted_all_the_same() -> None:
    asked: list[tuple[int, int]] = []

    def ask(low: int, high: int) -> list[str]:
        asked.append((low, high))
        return ["?"] * min(10, high - low)

    found = list(windows(ask, lambda _: None, 0, 64, Density(10)))

    assert sum(len(window.rows) for window in found) == 64
    assert not any(window.cut for window in found)


def office_hours(count: int, days: int, seed: int) -> list[int]:
    """Mail of a shop: little at night, most in the afternoon, a little less on Saturday and Sunday."""
    chance = random.Random(seed)
    weights = [0.4 + 0.6 * max(0.0, 1 - abs(hour - 14) / 8) ** 2 for hour in range(24)]
    busy = [day for day in range(days) for _ in range(8 if day % 7 >= 5 else 10)]
    hours = chance.choices(range(24), weights, k=count)
    return sorted(chance.choice(busy) * DAY + hour * 3_600 + chance.randrange(3_600) for hour in hours)


def fewest(times: Sequence[int], limit: int) -> int:
    """The fewest answers with fewer than ``limit`` records in which they all can be had."""
    return -(-len(times) // (limit - 1))


@pytest.mark.parametrize("order", sorted(ORDERS))
@pytest.mark.parametrize("traffic", ["even", "office hours"])
def test_a_month_of_a_hundred_thousand_takes_few_more_requests_than_the_fewest(traffic: str, order: str) -> None:
    chance = random.Random(7)
    even = sorted(chance.randrange(30 * DAY) for _ in range(100_000))
    times = even if traffic == "even" else office_hours(100_000, 30, 7)

    found, asked = cut(times, 0, 30 * DAY, 1_000, ORDERS[order])

    assert sorted(time for window in found for time in window.rows) == times
    assert asked <= 1.3 * fewest(times, 1_000), asked
