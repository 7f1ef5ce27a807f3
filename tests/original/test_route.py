"""Delays, the slowest leg, and clocks that cannot be right."""

import pytest

from lasthop.original import read_original
from lasthop.original.route import Route, read_route


def route(*times: str, top: str = "", bottom: str = "") -> Route:
    """The route of a message with hops at these times of one day, the newest first; "" is a hop without a stamp."""
    hops = "".join(
        f"Received: from h{number}.example by h{number - 1}.example with ESMTP"
        + (f"; Tue, 19 Nov 2024 {time} +0000\n" if time else "\n")
        for number, time in enumerate(times, start=1)
    )
    return read_route(read_original(f"{top}{hops}{bottom}From: info@example.com\n\nbody".encode()))


def delays(found: Route) -> list[float | None]:
    return [leg.delay for leg in found.legs]


def test_each_leg_has_its_delay_and_its_share():
    found = route("10:01:00", "10:00:10", "10:00:05", "10:00:00")
    assert delays(found) == [50, 5, 5, None]
    assert found.total == 60
    assert [leg.share for leg in found.legs[:3]] == [50 / 60, 5 / 60, 5 / 60]
    assert found.slowest is found.legs[0]
    assert found.skews == ()


def test_zones_do_not_matter():
    data = (
        "Received: by b.example; Tue, 19 Nov 2024 19:00:07 +0900\n"
        "Received: by a.example; Tue, 19 Nov 2024 02:00:00 -0800\n\nbody"
    )
    assert delays(read_route(read_original(data.encode()))) == [7, None]


def test_a_hop_without_a_stamp_is_jumped_over():
    assert delays(route("10:00:10", "", "10:00:00")) == [10, None, None]


def test_equal_delays_blame_nobody():
    assert route("10:00:20", "10:00:10", "10:00:00").slowest is None


def test_a_clock_that_runs_ahead_is_named_and_its_delays_become_ranges():
    found = route("10:00:10", "10:00:05", "11:00:00", "10:00:00", "09:59:00")
    (skew,) = found.skews
    assert (skew.host, skew.certain) == ("h2.example", True)
    assert (skew.low, skew.high) == (3595, 3600)
    assert delays(found) == [5, -3595, 3600, 60, None]
    assert [(leg.low, leg.high) for leg in found.legs[:4]] == [(5, 5), (0, 5), (0, 5), (60, 60)]
    assert found.slowest is found.legs[3]
    assert found.total == 70


def test_a_clock_that_is_behind_is_named_too():
    found = route("10:00:20", "10:00:15", "09:30:00", "10:00:05", "10:00:00")
    (skew,) = found.skews
    assert (skew.host, skew.low, skew.high) == ("h2.example", -1815, -1805)


def test_of_two_clocks_that_contradict_each_other_none_is_chosen():
    found = route("10:00:00", "10:30:00")
    assert {(skew.host, skew.certain) for skew in found.skews} == {("h0.example", False), ("h1.example", False)}
    assert found.total is None
    assert (found.legs[0].delay, found.legs[0].low, found.legs[0].high) == (-1800, 0, None)


@pytest.mark.parametrize(
    ("third", "wrong"),
    [
        ("DKIM-Signature: v=1; d=sign.example; t=1732011600; b=x\n", "h1.example"),  # 10:20:00
        ("DKIM-Signature: v=1; d=sign.example; t=1732010399; b=x\n", "h1.example"),  # 09:59:59
        ("ARC-Seal: i=1; d=seal.example; t=1732010399; b=x\n", "h1.example"),
        ("X-Received: by x.example; Tue, 19 Nov 2024 09:59:59 +0000\n", "h1.example"),
        ("X-Received: by x.example; Tue, 19 Nov 2024 10:30:05 +0000\n", "h0.example"),
    ],
)
def test_a_third_clock_tells_which_of_two_is_off(third: str, wrong: str):
    first = "Received: by h0.example; Tue, 19 Nov 2024 10:00:00 +0000\n"
    second = "Received: by h1.example; Tue, 19 Nov 2024 10:30:00 +0000\n"
    found = read_route(read_original(f"{first}{third}{second}From: a@example.com\n\n".encode()))
    if "1732011600" in third:  # between the two, it agrees with neither
        assert not any(skew.certain for skew in found.skews)
    else:
        assert [skew.host for skew in found.skews if skew.certain] == [wrong]


def test_exchange_notes_when_it_took_the_message_in():
    data = (
        "Received: from o.example by e.example with Microsoft SMTP Server id 15.20.1.1 via Frontend Transport; "
        "Tue, 19 Nov 2024 10:00:00 +0000\n"
        "Received: by a.example; Tue, 19 Nov 2024 10:30:00 +0000\n"
        "X-MS-Exchange-CrossTenant-OriginalArrivalTime: 19 Nov 2024 10:00:01.0112 (UTC)\n\n"
    )
    found = read_route(read_original(data.encode()))
    assert [(skew.host, skew.certain) for skew in found.skews] == [("a.example", True)]


def test_the_date_of_the_sender_is_a_clock_as_well():
    found = route("10:00:10", "10:00:05", "10:00:00", bottom="Date: Tue, 19 Nov 2024 12:00:00 +0000\n")
    (skew,) = found.skews
    assert (skew.host, skew.reading.source, skew.certain) == ("", "date", True)
    assert found.total == 10


def test_a_second_or_two_is_no_skew():
    found = route("10:00:00", "10:00:01", "10:00:00")
    assert found.skews == ()
    assert delays(found) == [-1, 1, None]
    assert found.legs[0].low == 0


def test_a_second_back_is_told_at_its_leg_and_shortens_nothing_below_zero():
    back = route("10:00:00", "10:00:01")
    assert (delays(back), back.total, back.legs[0].share) == ([-1, None], 0, None)
    over = route("10:00:09", "10:00:10", "10:00:00")
    assert (delays(over), over.total) == ([-1, 10, None], 9)
    assert [leg.share for leg in over.legs] == [0, 1, None]


def test_the_parts_of_a_way_through_sendgrid():
    data = (
        "Received: by box.example.net; Tue, 19 Nov 2024 08:10:05 +0000\n"
        "Received: from o1.example.com by mx.example.net with ESMTPS id 1; Tue, 19 Nov 2024 08:10:00 +0000\n"
        "Received: by recvd-1-a with SMTP id recvd-1-a-1-673C4685-1A 2024-11-19 08:04:22.0 +0000 UTC m=+3.3\n"
        "Received: from MTIz (unknown) by geopod-ismtpd-3 (SG) with HTTP id 1a Tue, 19 Nov 2024 08:04:21.0 +0000 (UTC)\n"
        "Received: by app.example.com; Tue, 19 Nov 2024 08:04:20 +0000\n\n"
    )
    phases = read_route(read_original(data.encode())).phases
    assert phases is not None
    assert (phases.inside, phases.hand_over, phases.after) == (1, 338, 5)


def test_without_sendgrid_there_are_no_such_parts():
    assert route("10:00:10", "10:00:00").phases is None


def test_a_message_without_hops_has_an_empty_route():
    found = route()
    assert (found.legs, found.total, found.slowest, found.skews) == ((), None, None, ())


def test_of_hundreds_of_hops_no_clock_is_judged_but_delays_are_told():
    found = route(*(f"10:{59 - place // 60 % 60:02}:{59 - place % 60:02}" for place in range(300)))
    assert found.legs[0].delay == 1
    assert found.total is None
