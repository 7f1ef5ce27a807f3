"""Dates as servers write them."""

from datetime import UTC, datetime

import pytest

from lasthop.original.stamps import LONGEST, read_date, read_epoch, read_stamp

EIGHT = "2024-11-19T08:00:00"


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("Tue, 19 Nov 2024 08:00:00 +0000", EIGHT),
        ("19 Nov 24 17:00:00 JST", EIGHT),
        ("Tue, 19 Nov 2024 8:00:00 GMT", EIGHT),
        ("Tue, 19 Nov 2024 08:00 UT", EIGHT),
        ("Tue, 019 Nov 2024 08:00:00 -0000", EIGHT),
        ("Tue,19 Nov 2024 17:00:00 +0900(KST)", EIGHT),
        ("Tue, 19 Nov 2024 04:00:00 -400 (EDT)", EIGHT),
        ("Tue, 19 Nov 2024 00:00:00 -08:00", EIGHT),
        ("Tue, 19 Nov 2024 09:00:00 CET", EIGHT),
        ("Tue, 19 Nov 2024 01:00:00 PDT", EIGHT),
        ("Tue, 19 Nov 2024 03:00:00 -0500 EST", EIGHT),
        ("Tue, 19 Nov 2024 03:00: 0 -0500", EIGHT),
        ("Tue Nov 19 08:00:00 2024 -0000", EIGHT),
        ("Tue Nov 19 17:00:00 JST 2024", EIGHT),
        ("Nov, 19 2024 12:00:00 PM +0400", EIGHT),
        ("Nov, 19 2024 12:00:00 a.m. -0800", EIGHT),
        ("2024-11-19 08:00:00.000000000 +0000 UTC m=+1.5", EIGHT),
        ("2024-11-19T17:00:00+09:00", EIGHT),
        ("2024-11-19T08:00:00Z", EIGHT),
        ("2024/11/19 17:00:00 +0900", EIGHT),
        ("Tue, 19 Nov 2024 17:00:00 GMT+0900", EIGHT),
        ("Tuesday, 19 November 2024 08:00:00 UTC", EIGHT),
        ("Sun, 31 Dec 2016 23:59:60 +0000", "2016-12-31T23:59:59"),
        ("1 Jan 70 00:00:00 GMT", "1970-01-01T00:00:00"),
        ("Mon, 18 Nov 2024 08:00:00 +0000; Tue, 19 Nov 2024 08:00:00 +0000", EIGHT),
    ],
)
def test_the_date_is_read_with_its_zone(text: str, time: str):
    stamp = read_stamp(text)
    assert stamp is not None
    assert stamp.time == datetime.fromisoformat(f"{time}+00:00")
    assert not stamp.assumed


@pytest.mark.parametrize("text", ["22 Aug 2002 23:37:51", "22 Aug 2002 23:37:51 XYZ", "22 Aug 2002 23:37:51 IST"])
def test_without_a_zone_of_one_meaning_utc_is_assumed_and_said(text: str):
    stamp = read_stamp(text)
    assert stamp is not None
    assert (stamp.time, stamp.zone, stamp.assumed) == (datetime(2002, 8, 22, 23, 37, 51, tzinfo=UTC), None, True)


@pytest.mark.parametrize(
    "text",
    [
        "", "yesterday", "22/08/2002 10:04:10", "10:04:10", "Tue, 19 Nov", "32 Nov 2024 08:00:00 +0000",
        "19 Nov 2024 25:00:00 +0000", "19 Foo 2024 08:00:00 +0000", "15.20.6631.29", "0000-01-01 00:00:00 +0000",
        "1 Jan 0001 00:00:00 +2300",
    ],
)  # fmt: skip
def test_what_is_no_date_for_certain_is_none(text: str):
    assert read_stamp(text) is None


def test_a_comment_in_date_is_passed_over():
    stamp = read_date("Tue, 19 Nov 2024 17:00:00 +0900 (Japan Standard Time, 1 Jan 2000 00:00:00)")
    assert stamp is not None
    assert stamp.time == datetime(2024, 11, 19, 8, tzinfo=UTC)


def test_only_so_much_is_looked_at():
    assert read_stamp("x" * LONGEST + " Tue, 19 Nov 2024 08:00:00 +0000") is None


@pytest.mark.parametrize(("text", "time"), [("1732003200", datetime(2024, 11, 19, 8, tzinfo=UTC)), ("-1", None)])
def test_epoch_seconds(text: str, time: datetime | None):
    assert read_epoch(text) == time


@pytest.mark.parametrize("text", ["", "١٢٣", "9" * 12, "1e9"])
def test_what_is_no_number_of_seconds_is_none(text: str):
    assert read_epoch(text) is None
