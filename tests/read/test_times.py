"""Times in every shape that a source was seen to write, and those that cannot be."""

import datetime as dt

import pytest

from lasthop.errors import InputError
from tests.read.taking import lines, take

NOON = int(dt.datetime(2023, 11, 22, 12, 0, tzinfo=dt.UTC).timestamp() * 1000)
NINE_IN_TOKYO = NOON - 12 * 3_600_000


def taken_at(text: str, zone: str = "UTC") -> tuple[int, str]:
    event = take(lines("processed,event,email", f'"{text}",open,a@x.jp'), zone=zone).event
    assert event["time_raw"] == text
    return event["time_ms"], event["time_basis"]


@pytest.mark.parametrize(
    ("text", "basis"),
    [
        ("2023-11-22 12:00:00.000", "inferred"),
        ("2023-11-22 12:00:00", "inferred"),
        ("2023-11-22T12:00:00", "inferred"),
        ("2023-11-22 12:00", "inferred"),
        ("2023/11/22 12:00:00", "inferred"),
        ("2023-11-22T12:00:00Z", "explicit"),
        ("2023-11-22T12:00:00.000Z", "explicit"),
        ("2023-11-22 12:00:00 UTC", "explicit"),
        ("2023-11-22T21:00:00+09:00", "offset_given"),
        ("2023-11-22 21:00:00+0900", "offset_given"),
        ("2023-11-22 21:00:00 JST", "offset_given"),
        ("1700654400", "explicit"),
        ("1700654400000", "explicit"),
        ("1700654400.0", "explicit"),
        (" 2023-11-22 12:00:00 ", "inferred"),
    ],
)
def test_standard_shapes(text: str, basis: str) -> None:
    assert taken_at(text) == (NOON, basis)


@pytest.mark.parametrize(
    "text",
    [
        "11月 22, 2023 (水) 09:00:00",
        "11月 22, 2023 (水) 09:00",
        "2023/11/22 (水) 09:00:00",
        "22-11月-2023 (水) 09:00:00",
        "22-11-2023 (水) 09:00:00",
        "Nov 22, 2023 (Wed) 09:00:00",
        "2023/11/22 (Wed) 9:00",
        "22-Nov-2023 (Wed) 09:00:00",
        "22-Nov-2023 09:00 AM",
        "22-11-2023 (Wed) 09:00:00",
        "2023年11月22日 09:00:00",
        "２０２３/１１/２２ ０９:００:００",
    ],
)
def test_the_formats_of_kurocos_screens(text: str) -> None:
    event = take(
        lines("Timestamp,Recipient,Response", f'"{text}",a@x.jp,202 Accepted'), "maillog.csv", zone="Asia/Tokyo"
    ).event

    assert (event["time_ms"], event["time_basis"]) == (NINE_IN_TOKYO, "assumed")


def test_a_zone_other_than_the_documented_one_is_an_assumption() -> None:
    assert taken_at("2023-11-22 13:00:00", zone="Europe/Berlin") == (NOON, "assumed")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no time"),
        ("2026-02-30 10:00:00", "a time that cannot be: 2026-02-30 10:00:00"),
        ("2026-13-01 10:00:00.000", "a time that cannot be: 2026-13-01 10:00:00.000"),
        ("yesterday", "a time that cannot be: yesterday"),
        ("2026-01-01", "a time that cannot be: 2026-01-01"),
        ("1.78E+09", "a time that cannot be: 1.78E+09"),
        ("11/22/2023 10:00", "a time that cannot be: 11/22/2023 10:00"),
        ("1994-12-31 23:59:59", "a time before 1995: 1994-12-31 23:59:59"),
        ("2026-09-23 00:00:00", "a time in the future: 2026-09-23 00:00:00"),
        ("9999999999", "a time in the future: 9999999999"),
    ],
)
def test_times_that_cannot_be_are_rejected_with_the_line(text: str, reason: str) -> None:
    taken = take(lines("processed,event,email", "2026-07-01 10:00:00,open,a@x.jp", f"{text},click,b@x.jp"))

    assert taken.event["recipient"] == "a@x.jp"
    assert taken.reject == {"line": 3, "reason": reason, "text": f"{text},click,b@x.jp"}


def test_up_to_a_day_ahead_is_a_clock_that_is_off() -> None:
    assert take(lines("processed,event,email", "2026-09-22 14:00:00,open,a@x.jp")).rejects == []


@pytest.mark.parametrize("zone", ["Mars/Olympus", "Asia/Tokyo'; DROP TABLE x; --", ""])
def test_a_zone_that_does_not_exist_is_said(zone: str) -> None:
    with pytest.raises(InputError, match="time zone"):
        take(lines("Timestamp,Recipient,Response", "2023-11-22 10:00:00,a@x.jp,202"), zone=zone or "-")
