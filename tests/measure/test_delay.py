"""Time to acceptance, against a table worked out by hand; and shares at the same age, which must not favour the young."""

from typing import Any

import pytest

from lasthop.measure.delay import Delay, accepted_within, delay
from lasthop.measure.rate import Rate
from lasthop.store import Workspace
from lasthop.trace import Query, look
from tests.measure.conftest import Loader, app, provider
from tests.measure.made import DAY, HOUR, NOON, snapshot_of, times

SECOND, MINUTE = 1000, 60_000
LONG_AGO = NOON - 2 * DAY


def accepted(n: int, after_ms: int, sent_ms: int = LONG_AGO, **given: Any) -> list[dict[str, Any]]:
    return times(n, sent_ms=sent_ms, accepted_ms=sent_ms + after_ms, **given)


def refused(n: int, after_ms: int, outcome: str = "bounced") -> list[dict[str, Any]]:
    return times(n, sent_ms=LONG_AGO, refused_ms=LONG_AGO + after_ms, outcome=outcome)


def waiting(n: int, for_ms: int) -> list[dict[str, Any]]:
    return times(n, sent_ms=NOON - for_ms, outcome="waiting")


def measured(*messages: dict[str, Any]) -> Delay:
    with snapshot_of(messages) as snapshot:
        return delay(snapshot)


def within(hours: float, *messages: dict[str, Any], query: Query | None = None) -> tuple[int, int]:
    with snapshot_of(messages) as snapshot:
        found = accepted_within(snapshot, hours, query)
    assert isinstance(found, Rate)
    return found.part, found.whole


def curve(found: Delay) -> dict[float, float]:
    return {row.seconds: pytest.approx(row.accepted) for row in found.curve.itertuples()}


def test_the_curve_by_hand() -> None:
    """Aalen and Johansen, 20 messages. S is the share that is still open just before, F the share accepted by then.

    ==  ====  =======  =======  ====  =============================  =================
    s   open  accept.  refused  left  F                              S after
    ==  ====  =======  =======  ====  =============================  =================
     1    20        8        0     0  8/20 = 0.4                     0.6
     2    12        0        2     0  0.4                            0.6 * 10/12 = 0.5
     3    10        0        0     3  0.4                            0.5
     4     7        3        0     0  0.4 + 0.5 * 3/7 = 43/70        0.5 * 4/7 = 2/7
    10     4        0        1     0  43/70                          2/7 * 3/4 = 3/14
    20     3        1        0     0  43/70 + 3/14 * 1/3 = 48/70     3/14 * 2/3 = 1/7
    30     2        0        0     2  48/70                          1/7
    ==  ====  =======  =======  ====  =============================  =================
    """
    found = measured(
        *accepted(8, SECOND), *refused(2, 2 * SECOND), *waiting(3, 3 * SECOND), *accepted(3, 4 * SECOND),
        *refused(1, 10 * SECOND, "blocked"), *accepted(1, 20 * SECOND), *waiting(2, 30 * SECOND),
    )  # fmt: skip
    assert (found.n, found.accepted, found.open) == (20, 12, 5)
    assert curve(found) == {1: 0.4, 2: 0.4, 3: 0.4, 4: 43 / 70, 10: 43 / 70, 20: 48 / 70, 30: 48 / 70}
    assert found.median_s == 4, "of those that finished it would be one second"
    assert found.p95_s is None, "the curve never gets there"


@pytest.mark.parametrize("outcome", ["bounced", "blocked", "expired"])
def test_what_is_refused_can_no_longer_be_accepted(outcome: str) -> None:
    found = measured(*accepted(15, MINUTE), *refused(15, SECOND, outcome))
    assert curve(found) == {1: 0, 60: 0.5}, "as if censored it would end at 1"
    assert found.median_s == 60
    assert (found.open, found.p95_s) == (0, None)


def test_a_queue_is_not_called_fast_because_its_slow_part_still_waits() -> None:
    found = measured(*accepted(12, SECOND), *waiting(28, HOUR))
    assert found.median_s is None
    assert curve(found) == {1: 0.3, 3600: 0.3}


def test_quantiles_are_the_first_time_that_reaches_them() -> None:
    steps = [row for n in range(1, 21) for row in accepted(1, n * SECOND)]
    found = measured(*steps)
    assert (found.median_s, found.p95_s) == (10, 19), "10 of 20 and 19 of 20, whatever the floats add up to"
    assert curve(found) == {n: n / 20 for n in range(1, 21)}


def test_seconds_up_to_ten_minutes_and_minutes_after() -> None:
    found = measured(
        *accepted(5, 0), *accepted(5, 599_999), *accepted(5, 600_000), *accepted(5, 659_999), *accepted(5, 2 * HOUR - 1)
    )
    assert curve(found) == {0: 0.2, 599: 0.4, 600: 0.8, 7140: 1}


def test_a_clock_that_runs_behind_makes_no_negative_time() -> None:
    assert curve(measured(*accepted(20, -3 * SECOND))) == {0: 1}


def test_fewer_than_20_have_no_curve() -> None:
    found = measured(*accepted(19, SECOND))
    assert (found.n, found.accepted, found.open, found.median_s, found.p95_s) == (19, 19, 0, None, None)
    assert list(found.curve.columns) == ["seconds", "accepted"]
    assert len(found.curve) == 0
    assert measured(*accepted(20, SECOND)).median_s == 1


@pytest.mark.parametrize("rows", [waiting(20, HOUR), refused(20, SECOND), []], ids=["waiting", "refused", "nothing"])
def test_where_nothing_is_accepted(rows: list[dict[str, Any]]) -> None:
    found = measured(*rows)
    assert (found.n, found.accepted, found.median_s) == (len(rows), 0, None)
    assert found.curve["accepted"].sum() == 0


def test_only_attempted_messages_with_known_times_are_timed() -> None:
    assert measured(
        *times(30, outcome="suppressed", refused_ms=NOON), *times(30, outcome="not_handed_over"),
        *times(30, outcome="unknown", provider_last_ms=None, sent_basis="app"),  # no provider event
        *accepted(30, 0, sent_basis="first_event"),  # its first event is the acceptance: no time has been measured
        *accepted(30, 0, sent_basis="first_event", truncated=True),
        *times(30, outcome="accepted"), *times(30, outcome="complained"),  # known by an open alone
    ).n == 0  # fmt: skip


def test_unknown_ones_count_as_long_as_something_was_heard_of_them() -> None:
    lost = times(20, sent_ms=LONG_AGO, outcome="unknown", provider_last_ms=LONG_AGO + 5 * SECOND)
    found = measured(*accepted(10, SECOND), *lost, *accepted(10, 10 * SECOND))
    assert (found.n, found.open) == (40, 20)
    # 10 of 40, then all that are left after the lost ones: 1/4 + 3/4 * 10/10.
    assert curve(found) == {1: 0.25, 5: 0.25, 10: 1}


def test_exports_without_any_start_give_no_delay(workspace: Workspace, load: Loader) -> None:
    load(activity=[provider(f"2026-11-02 10:00:{n:02d}", "delivered", n, f"r{n}@x.example") for n in range(30)])
    with look(workspace) as snapshot:
        assert delay(snapshot).n == 0
        assert accepted_within(snapshot, 1).whole == 0


def test_time_runs_from_the_application_where_its_log_tells(workspace: Workspace, load: Loader) -> None:
    numbers = range(20)
    load(
        mail_log=[app(f"2026-11-02 19:{n:02d}:00", n, f"r{n}@x.example") for n in numbers],
        activity=[
            provider(f"2026-11-02 10:{n:02d}:{second:02d}", event, n, f"r{n}@x.example")
            for n in numbers
            for second, event in ((10, "processed"), (25, "delivered"))
        ],
    )
    with look(workspace) as snapshot:
        assert delay(snapshot).median_s == 25


# Thirty of yesterday, of which fifteen took half an hour and five two hours; forty of ten minutes ago took a second.
YESTERDAY = NOON - 25 * HOUR
OLD = [
    *accepted(15, 30 * MINUTE, YESTERDAY), *accepted(5, 2 * HOUR, YESTERDAY),
    *times(5, sent_ms=YESTERDAY, outcome="bounced", refused_ms=YESTERDAY + SECOND),
    *times(5, sent_ms=YESTERDAY, outcome="waiting"),
]  # fmt: skip
YOUNG = [*accepted(40, SECOND, NOON - 10 * MINUTE), *times(3, sent_ms=NOON - 10 * MINUTE, outcome="waiting")]


def test_young_messages_that_were_fast_do_not_count() -> None:
    assert within(1, *OLD, *YOUNG) == (15, 30)
    assert within(24, *OLD, *YOUNG) == (20, 30)
    assert within(1, *YOUNG) == (0, 0)
    assert within(1 / 6, *OLD, *YOUNG) == (40, 73), "at ten minutes they do"


def test_old_enough_and_fast_enough_to_the_millisecond() -> None:
    assert within(1, *accepted(1, SECOND, NOON - HOUR)) == (1, 1)
    assert within(1, *accepted(1, SECOND, NOON - HOUR + 1)) == (0, 0)
    assert within(1, *accepted(1, HOUR - 1)) == (1, 1)
    assert within(1, *accepted(1, HOUR)) == (0, 1)
    assert within(24, *accepted(1, DAY - 1)) == (1, 1)
    assert within(24, *accepted(1, DAY + 30 * SECOND)) == (0, 1), "minutes are cut off: this is still too late"


def test_the_query_narrows_and_never_lets_younger_ones_in() -> None:
    assert within(1, *OLD, *YOUNG, query=Query(until_ms=NOON + DAY)) == (15, 30)
    assert within(1, *OLD, *YOUNG, query=Query(until_ms=YESTERDAY)) == (0, 0)
    assert within(1, *OLD, *YOUNG, query=Query(since_ms=YESTERDAY + 1)) == (0, 0)
    assert within(1, *OLD, *accepted(7, SECOND, domain="y.example"), query=Query(domain="y.example")) == (7, 7)


def test_of_lost_ones_it_counts_what_is_known_at_that_age() -> None:
    lost = times(4, sent_ms=LONG_AGO, outcome="unknown", provider_last_ms=LONG_AGO + SECOND)
    late = times(6, sent_ms=LONG_AGO, outcome="unknown", provider_last_ms=LONG_AGO + 2 * HOUR)  # deferred until then
    assert within(1, *OLD, *lost) == (15, 30)
    assert within(1, *OLD, *late) == (15, 36)
    assert within(24, *OLD, *late) == (20, 30)
