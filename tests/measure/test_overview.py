import datetime as dt

import pytest

from lasthop.measure import failing_now, outcomes_by, standing
from lasthop.measure.local import midnight_ms
from lasthop.model.outcomes import Outcome
from lasthop.store import Workspace
from lasthop.trace import Query, look
from tests.measure.conftest import Loader, provider
from tests.measure.made import DAY, NOON, snapshot_of, times


def counts(workspace: Workspace, zone: str) -> dict[str, dict[str, int]]:
    """Day -> outcome -> n, without zeros."""
    with look(workspace) as snapshot:
        frame = outcomes_by(snapshot, "day", zone=zone)
    return {row["key"]: {str(o): row[o] for o in Outcome if row[o]} for row in frame.to_dict("records")}


def test_nothing_loaded_gives_an_empty_table_with_its_columns(workspace: Workspace) -> None:
    with look(workspace) as snapshot:
        assert outcomes_by(snapshot, "day").empty
        assert failing_now(snapshot).empty
        assert sum(standing(snapshot).values()) == 0


def test_days_begin_at_midnight_of_the_zone(workspace: Workspace, load: Loader) -> None:
    load(
        activity=[
            provider("2026-11-01 14:59:59", "delivered", 1, "a@x.example"),  # 23:59:59 in Tokyo
            provider("2026-11-01 15:00:00", "delivered", 2, "b@x.example"),  # 00:00:00 of the next day
            provider("2026-11-01 23:59:59", "delivered", 3, "c@x.example"),
        ]
    )
    assert counts(workspace, "UTC") == {"2026-11-01": {"accepted": 3}}
    assert counts(workspace, "Asia/Tokyo") == {"2026-11-01": {"accepted": 1}, "2026-11-02": {"accepted": 2}}


def test_a_day_of_25_hours_and_one_of_23_count_whole(workspace: Workspace, load: Loader) -> None:
    # Berlin: 2026-10-25 has 25 hours (22:00 UTC the day before to 23:00 UTC), 2027-03-28 has 23.
    load(
        activity=[
            provider("2026-10-24 22:00:00", "delivered", 1, "a@x.example"),
            provider("2026-10-25 22:59:59", "delivered", 2, "b@x.example"),
            provider("2026-10-25 23:00:00", "delivered", 3, "c@x.example"),
        ]
    )
    assert counts(workspace, "Europe/Berlin") == {"2026-10-25": {"accepted": 2}, "2026-10-26": {"accepted": 1}}


@pytest.mark.parametrize(
    ("day", "hours"), [(dt.date(2026, 10, 25), 25), (dt.date(2027, 3, 28), 23), (dt.date(2026, 11, 1), 24)]
)
def test_length_of_a_day(day: dt.date, hours: int) -> None:
    following = midnight_ms(day + dt.timedelta(days=1), "Europe/Berlin")
    assert following - midnight_ms(day, "Europe/Berlin") == hours * 3_600_000


def test_a_message_counts_on_its_day_of_sending_and_once(workspace: Workspace, load: Loader) -> None:
    load(
        activity=[
            provider("2026-11-01 23:59:00", "processed", 1, "a@x.example"),
            provider("2026-11-02 00:01:00", "deferred", 1, "a@x.example", "451 later"),
            provider("2026-11-03 00:01:00", "delivered", 1, "a@x.example"),
        ]
    )
    assert counts(workspace, "UTC") == {"2026-11-01": {"accepted": 1}}


def test_failing_now_counts_by_domain_and_outcome(workspace: Workspace, load: Loader) -> None:
    no_user, spam = "550 5.1.1 no such user", "554 5.7.1 spam"
    load(
        activity=[
            provider("2026-11-01 00:00:00", "bounce", 1, "old@x.example", "550 too old to count", "bounce"),
            provider("2026-11-09 10:00:00", "bounce", 2, "a@x.example", "550 5.1.1 older", "bounce"),
            provider("2026-11-09 11:00:00", "bounce", 3, "b@x.example", no_user, "bounce"),
            provider("2026-11-09 12:00:00", "bounce", 4, "c@x.example", spam, "blocked"),
            provider("2026-11-09 13:00:00", "delivered", 5, "d@x.example"),
            provider("2026-11-10 00:00:00", "delivered", 6, "e@y.example"),
        ]
    )
    with look(workspace) as snapshot:
        rows = failing_now(snapshot).to_dict("records")
        stand = standing(snapshot)
    assert [(r["domain"], r["outcome"], r["n"], r["in_all"], r["newest_reply"]) for r in rows] == [
        ("x.example", "bounced", 2, 4, no_user),
        ("x.example", "blocked", 1, 4, spam),
    ]
    assert rows[0]["last_ms"] - rows[0]["first_ms"] == 3_600_000
    assert (stand[Outcome.BOUNCED], stand[Outcome.BLOCKED], stand[Outcome.ACCEPTED]) == (2, 1, 2)


def test_a_filter_but_not_its_period_holds_for_what_fails_now() -> None:
    rows = [*times(2, outcome="bounced"), *times(3, outcome="bounced", domain="y.example"), *times(4)]
    query = Query(domain="y.example", until_ms=NOON - 9 * DAY)
    with snapshot_of(rows) as snapshot:
        (row,) = failing_now(snapshot, 7, query).to_dict("records")
        stand = standing(snapshot, 7, query)
    assert (row["domain"], row["n"], row["in_all"]) == ("y.example", 3, 3)
    assert (stand[Outcome.BOUNCED], sum(stand.values())) == (3, 3)


def test_failing_now_keeps_replies_apart_from_silence(workspace: Workspace, load: Loader) -> None:
    load(
        activity=[
            provider("2026-11-09 10:00:00", "dropped", 1, "a@x.example", "Bounced Address"),
            provider("2026-11-09 11:00:00", "dropped", 2, "b@x.example"),
        ]
    )
    with look(workspace) as snapshot:
        (row,) = failing_now(snapshot).to_dict("records")
    assert (row["n"], row["newest_reply"]) == (2, "Bounced Address")
