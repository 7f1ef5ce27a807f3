"""The wall clock as integer arithmetic, against the time zone database itself."""

import datetime as dt
from zoneinfo import ZoneInfo

import duckdb
import pytest

from lasthop.measure.local import DAY_MS, HOUR_MS, day_of
from lasthop.trace.wall_clock import local_ms

EPOCH = dt.datetime(1970, 1, 1)


def ms(text: str) -> int:
    return (dt.datetime.fromisoformat(text) - EPOCH) // dt.timedelta(milliseconds=1)


def on_the_wall(instants: list[int], zone: str) -> list[int]:
    """What the engine makes of the expression."""
    with duckdb.connect() as con:
        con.execute("CREATE TABLE m AS SELECT unnest(?::BIGINT[]) AS sent_ms", [instants])
        sql = local_ms("sent_ms", zone, min(instants), max(instants))
        return [row[0] for row in con.execute(f"SELECT {sql} FROM m ORDER BY sent_ms").fetchall()]


def by_the_database(instant: int, zone: str) -> int:
    there = (dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(milliseconds=instant)).astimezone(ZoneInfo(zone))
    return (there.replace(tzinfo=None) - EPOCH) // dt.timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("zone", "first", "last"),
    [
        ("UTC", "2026-01-01", "2026-12-31"),
        ("Asia/Tokyo", "2026-01-01", "2026-12-31"),
        ("Asia/Kathmandu", "2026-03-01", "2026-03-03"),  # 5:45
        ("Europe/Berlin", "2025-01-01", "2027-12-31"),  # six changes
        ("America/New_York", "2026-03-01", "2026-12-01"),
        ("America/St_Johns", "2026-03-01", "2026-04-01"),  # -2:30
        ("Australia/Lord_Howe", "2026-03-20", "2026-04-20"),  # a change of half an hour
        ("Pacific/Apia", "2011-12-01", "2012-01-15"),  # 30 December 2011 never was
        ("Africa/Casablanca", "2026-01-01", "2026-06-01"),  # winter time for Ramadan alone
    ],
)
def test_the_engine_agrees_with_the_zone_database(zone: str, first: str, last: str) -> None:
    instants = list(range(ms(first), ms(last), 47 * 60_000 + 13))
    assert on_the_wall(instants, zone) == [by_the_database(instant, zone) for instant in instants]


def test_to_the_millisecond_at_a_clock_change() -> None:
    # Berlin, 25 October 2026: at 01:00 UTC 03:00 becomes 02:00.
    change = ms("2026-10-25T01:00:00")
    instants = [change - 1, change, change + 1]
    assert on_the_wall(instants, "Europe/Berlin") == [
        ms("2026-10-25T02:59:59.999"),
        ms("2026-10-25T02:00:00"),
        ms("2026-10-25T02:00:00.001"),
    ]


@pytest.mark.parametrize("edge", [[0], [0, 1], [-1, 0], [-1]], ids=["on", "on and after", "before and on", "before"])
def test_data_may_begin_or_end_on_the_change_itself(edge: list[int]) -> None:
    change = ms("2027-03-28T01:00:00")
    instants = [change + shift for shift in edge]
    assert on_the_wall(instants, "Europe/Berlin") == [by_the_database(i, "Europe/Berlin") for i in instants]


@pytest.mark.parametrize(("day", "hours"), [("2026-10-25", 25), ("2027-03-28", 23), ("2026-11-01", 24)])
def test_a_local_day_has_as_many_hours_as_the_clock_gives_it(day: str, hours: int) -> None:
    around = range(ms(day) - 3 * HOUR_MS, ms(day) + 27 * HOUR_MS, HOUR_MS)
    days = [day_of(wall // DAY_MS) for wall in on_the_wall(list(around), "Europe/Berlin")]
    assert days.count(day) == hours


def test_names_of_days() -> None:
    assert (day_of(0), day_of(20_759), day_of(-1)) == ("1970-01-01", "2026-11-02", "1969-12-31")
