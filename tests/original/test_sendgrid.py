"""What SendGrid leaves in a message."""

from datetime import UTC, datetime

import pytest

from lasthop.original import read_original
from lasthop.original.addresses import Forwarded, Verp, read_forwarded, read_verp
from lasthop.original.sendgrid import SendGrid, hex_time

TAKEN_IN = (
    "Received: from MTIzNDU2Nw (unknown) by geopod-ismtpd-3 (SG) with HTTP id 1aBcDeFgHiJkLmNoPqRsTu "
    "Tue, 19 Nov 2024 08:04:21.607 +0000 (UTC)\n"
)
SENT_ON = (
    "Received: by recvd-6f9d8c7b5-abcde with SMTP id recvd-6f9d8c7b5-abcde-1-673C4685-1A "
    "2024-11-19 08:04:21.619427743 +0000 UTC m=+3415831.382713\n"
)
OTHER = "Received: from a.example by mx.example.net with ESMTP id q1; Tue, 19 Nov 2024 08:04:23 +0000\n"


def sendgrid(*lines: str) -> SendGrid | None:
    return read_original("".join((*lines, "From: info@example.com\n", "\nbody")).encode()).sendgrid


def test_both_ids_make_the_beginning_of_sg_message_id():
    found = sendgrid(OTHER, SENT_ON, TAKEN_IN)
    assert found is not None
    assert found.x_message_id == "1aBcDeFgHiJkLmNoPqRsTu"
    assert found.message_id_prefix == "1aBcDeFgHiJkLmNoPqRsTu.recvd-6f9d8c7b5-abcde-1-673C4685-1A"
    assert (found.user_id, found.user_id_from) == ("1234567", "received")
    assert found.sent_on_time == datetime(2024, 11, 19, 8, 4, 21, tzinfo=UTC)


@pytest.mark.parametrize(
    ("by", "second"),
    [
        ("filter0588p1mdw1.sendgrid.net", "filter0588p1mdw1-25055-673C4685-48"),
        ("filterdrecv-p3mdw1-6685f47d68-bgzv8", "filterdrecv-p3mdw1-6685f47d68-bgzv8-19-673C4685-5D"),
        ("filter0552p1mdw1.sendgrid.net", "filter0552p1mdw1.16694.673C468535"),
    ],
)
def test_older_names_of_the_second_server_are_known(by: str, second: str):
    line = f"Received: by {by} with SMTP id {second} 2024-11-19 08:04:21.9 +0000 UTC\n"
    found = sendgrid(line, TAKEN_IN)
    assert found is not None
    assert found.message_id_prefix == f"1aBcDeFgHiJkLmNoPqRsTu.{second}"
    assert hex_time(second) == datetime(2024, 11, 19, 8, 4, 21, tzinfo=UTC)


@pytest.mark.parametrize(
    ("by", "rest", "taken_in"),
    [
        pytest.param("ismtpd0007p1lon1.sendgrid.net", "\n 2024-11-19 08:04:21.2471931 +0000 UTC m=+72377.4",
                     "from [192.0.2.114] (unknown)\n by {by} (SG) with ESMTP\n id {id}\n {date}", id="folded by a list"),
        pytest.param("ismtpd0004p1iad1.sendgrid.net", "\n        2024-11-19 08:04:21.87 +0000 UTC",
                     "from a (a.example [192.0.2.16])\n\tby {by} (SG) with ESMTP id {id}\n\tfor <b@example.net>; {date}",
                     id="with a recipient and a semicolon"),
        pytest.param("geopod-ismtpd-2-0", " 2024-11-19 08:04:21 +0000 UTC m=+9.41e+06\nX-Trace: 4c6b",
                     "from a.example (unknown)\n\tby {by} (SG)\n\twith ESMTP\n\tid {id}\n\t{date}", id="a line for each part"),
        pytest.param("geopod-ismtpd-canary-12", " 2024-11-19 08:04:21.6 +0000 UTC m=+1.5",
                     "from MTIzNDU2Nw (unknown) by {by} (SG) with HTTP id {id} for <b@example.net> {date}",
                     id="with a recipient and no semicolon"),
    ],
)  # fmt: skip
def test_the_way_and_the_ids_are_read_in_every_layout(by: str, rest: str, taken_in: str):
    second, first = "recvd-canary-5b6884b69d-vpgnq-1-673C4685-121", "-_BcDeFgHiJkLmNoPqRsTu"
    filled = taken_in.format(by=by, id=first, date="Tue, 19 Nov 2024 08:04:21.043 +0000 (UTC)")
    lines = f"Received: by recvd-canary-5b6884b69d-vpgnq with SMTP id {second}{rest}\n", f"Received: {filled}\n"
    found = read_original("".join((OTHER, *lines, "From: info@example.com\n\nbody")).encode())
    assert [(hop.by, hop.id, hop.stamp and hop.stamp.time.second) for hop in found.hops[1:]] == [
        ("recvd-canary-5b6884b69d-vpgnq", second, 21),
        (by, first, 21),
    ]
    assert found.sendgrid and found.sendgrid.message_id_prefix == f"{first}.{second}"


def test_over_smtp_the_first_word_is_a_host_and_no_account():
    line = TAKEN_IN.replace("MTIzNDU2Nw (unknown)", "app (app.example.com [192.0.2.3])").replace("HTTP", "ESMTP")
    found = sendgrid(SENT_ON, line)
    assert found is not None
    assert (found.x_message_id, found.user_id) == ("1aBcDeFgHiJkLmNoPqRsTu", None)


def test_with_one_id_missing_there_is_no_prefix():
    for lines in ((TAKEN_IN,), (SENT_ON,)):
        found = sendgrid(*lines)
        assert found is not None
        assert found.message_id_prefix is None


def test_the_default_message_id_stands_in_for_a_hop_that_was_cut():
    found = sendgrid(SENT_ON, "Message-ID: <1aBcDeFgHiJkLmNoPqRsTu@geopod-ismtpd-3>\n")
    assert found is not None
    assert found.x_message_id_from == "message_id"
    assert found.x_message_id == "1aBcDeFgHiJkLmNoPqRsTu"
    assert found.message_id_prefix == "1aBcDeFgHiJkLmNoPqRsTu.recvd-6f9d8c7b5-abcde-1-673C4685-1A"


def test_the_return_path_gives_account_and_first_recipient():
    found = sendgrid("Return-Path: <bounces+7654321-0a1b-taro.suzuki=example.net@em.example.com>\n", OTHER)
    assert found is not None
    assert (found.user_id, found.user_id_from) == ("7654321", "return_path")
    assert found.recipient == "taro.suzuki@example.net"


def test_the_feedback_id_gives_the_account_last():
    found = sendgrid("X-Feedback-ID: 7654321:SG\n", SENT_ON)
    assert found is not None
    assert (found.user_id, found.user_id_from) == ("7654321", "feedback_id")


@pytest.mark.parametrize("name", ["bWFpbA", "12345", "MTIz*NDU", "mail.example.com", "4pyT4pyT"])
def test_a_name_that_is_no_number_in_base64_is_no_account(name: str):
    found = sendgrid(TAKEN_IN.replace("MTIzNDU2Nw", name))
    assert found is not None
    assert found.user_id is None


def test_of_two_passes_through_sendgrid_the_first_counts():
    again = TAKEN_IN.replace("1aBc", "2xYz"), SENT_ON.replace("673C4685", "673C4700")
    found = sendgrid(again[1], again[0], OTHER, SENT_ON, TAKEN_IN)
    assert found is not None
    assert found.message_id_prefix == "1aBcDeFgHiJkLmNoPqRsTu.recvd-6f9d8c7b5-abcde-1-673C4685-1A"


def test_the_second_id_is_that_of_a_newer_hop():
    older = SENT_ON.replace("1-673C4685-1A", "9-673C4600-2B")
    found = sendgrid(SENT_ON, TAKEN_IN, older)
    assert found is not None
    assert found.message_id_prefix == "1aBcDeFgHiJkLmNoPqRsTu.recvd-6f9d8c7b5-abcde-1-673C4685-1A"


@pytest.mark.parametrize(
    "line", [OTHER, "Received: by filter.example.net with SMTP id 4F1; 19 Nov 2024 08:00:00 GMT\n"]
)
def test_others_mail_is_not_sendgrids(line: str):
    assert sendgrid(line) is None


@pytest.mark.parametrize(
    ("value", "verp"),
    [
        ("<bounces+12-ab12-taro=example.net@em.example.com>", Verp("12", "taro@example.net")),
        ("bounces+12-ab12-a-b=c=example.net@sendgrid.net", Verp("12", "a-b=c@example.net")),
        ("<bounce+taro=example.net@example.com>", None),
        ("<>", None),
    ],
)
def test_return_paths_of_sendgrid(value: str, verp: Verp | None):
    assert read_verp(value) == verp


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("<SRS0=HHHH=TT=example.com=info@fwd.example.org>", Forwarded("srs", "info@example.com", "fwd.example.org")),
        ("<taro+caf_=hanako=example.org@example.net>", Forwarded("caf", "taro@example.net", "hanako@example.org")),
        ("<info@example.com>", None),
    ],
)
def test_return_paths_that_a_forwarder_rewrote(value: str, told: Forwarded | None):
    assert read_forwarded(value) == told
