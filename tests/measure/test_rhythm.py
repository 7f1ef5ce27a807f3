import pytest

from lasthop.measure import rhythm
from tests.measure.made import HOUR, NOON, snapshot_of, times

COLUMNS = ["weekday", "hour", "n", "attempted", "taken"]


def cells(zone: str, *messages: dict[str, object]) -> list[tuple[int, ...]]:
    with snapshot_of(messages) as snapshot:
        found = rhythm(snapshot, zone=zone)
    assert list(found.columns) == COLUMNS
    return [tuple(map(int, row)) for row in found.itertuples(index=False)]


@pytest.mark.parametrize(
    ("zone", "weekday", "hour"),
    [
        ("UTC", 0, 12),
        ("Asia/Tokyo", 0, 21),
        ("Pacific/Auckland", 1, 1),
        ("Asia/Kolkata", 0, 17),
        ("Pacific/Pago_Pago", 0, 1),
    ],
)
def test_monday_noon_elsewhere(zone: str, weekday: int, hour: int) -> None:
    assert cells(zone, {}) == [(weekday, hour, 1, 1, 1)]


def test_seven_days_are_seven_weekdays_in_order() -> None:
    week = [{"sent_ms": NOON + day * 24 * HOUR} for day in range(7)]
    assert [row[0] for row in cells("UTC", *week)] == [0, 1, 2, 3, 4, 5, 6]
    assert cells("UTC", *week, {"sent_ms": NOON - 24 * HOUR})[-1][:3] == (6, 12, 2)


def test_the_hour_is_that_of_the_clock_before_and_after_it_changes() -> None:
    # Sundays at 10:00 in Berlin: 08:00 UTC on 18 October 2026, 09:00 UTC on the day of the change and after it.
    sundays = [NOON - (15 * 24 + 4) * HOUR, NOON - (8 * 24 + 3) * HOUR, NOON - (24 + 3) * HOUR]
    assert cells("Europe/Berlin", *({"sent_ms": sent} for sent in sundays)) == [(6, 10, 3, 3, 3)]


def test_attempted_are_the_finished_ones_whose_start_is_known() -> None:
    every = [
        *times(3), *times(2, outcome="accepted_then_bounced"), *times(1, outcome="complained"),
        *times(4, outcome="bounced"), *times(5, outcome="blocked"), *times(6, outcome="expired"),
        *times(7, outcome="waiting"), *times(8, outcome="unknown"), *times(9, outcome="suppressed"),
        *times(10, outcome="not_handed_over"), *times(11, truncated=True), *times(12, truncated=True, outcome="bounced"),
    ]  # fmt: skip
    assert cells("UTC", *every) == [(0, 12, 78, 21, 6)]


def test_without_messages_there_are_no_cells() -> None:
    assert cells("UTC") == []
