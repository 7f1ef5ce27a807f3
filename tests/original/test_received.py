"""Received: every shape in which servers write it, by hand on example domains."""

from datetime import UTC, datetime

import pytest

from lasthop.original.field import Field
from lasthop.original.received import LONGEST, Hop, read_received

CLAUSES = ("from", "by", "with", "id", "for", "via")

SHAPES = [
    pytest.param(
        "from mail.example.com (mail.example.com [192.0.2.7]) (using TLSv1.2 with cipher ECDHE-RSA-AES128-GCM-SHA256 "
        "(256/256 bits)) by mx.example.net (Postfix) with ESMTPS id 4F1A2 for <taro@example.net>; "
        "Tue, 19 Nov 2024 17:00:05 +0900 (JST)",
        {
            "from": "mail.example.com",
            "by": "mx.example.net",
            "with": "ESMTPS",
            "id": "4F1A2",
            "for": "<taro@example.net>",
        },
        "2024-11-19T08:00:05",
        id="Postfix, TLS in a comment before by",
    ),
    pytest.param(
        "by recvd-6f9d8c7b5-abcde with SMTP id recvd-6f9d8c7b5-abcde-1-673C4685-1A 2024-11-19 08:04:21.619427743 "
        "+0000 UTC m=+3415831.382713",
        {"by": "recvd-6f9d8c7b5-abcde", "with": "SMTP", "id": "recvd-6f9d8c7b5-abcde-1-673C4685-1A"},
        "2024-11-19T08:04:21.619427",
        id="SendGrid, the time of Go and no semicolon",
    ),
    pytest.param(
        "from MTIzNDU2Nw (unknown) by geopod-ismtpd-3 (SG) with HTTP id s_aBcDeFgHiJkLmNoPqRsT "
        "Tue, 19 Nov 2024 08:04:21.607 +0000 (UTC)",
        {"from": "MTIzNDU2Nw", "by": "geopod-ismtpd-3", "with": "HTTP", "id": "s_aBcDeFgHiJkLmNoPqRsT"},
        "2024-11-19T08:04:21.607",
        id="SendGrid, a fraction and no semicolon",
    ),
    pytest.param(
        "from app.example.com (ec2.example.org [192.0.2.31]) by ismtpd0002p1iad1.sendgrid.net (SG) with ESMTP id "
        "3aBcDeFgHiJkLmNoPqRsTu for <taro@example.net>; Sun, 19 Mar 2017 10:40:22.913 +0000 (UTC)",
        {
            "from": "app.example.com",
            "by": "ismtpd0002p1iad1.sendgrid.net",
            "with": "ESMTP",
            "id": "3aBcDeFgHiJkLmNoPqRsTu",
            "for": "<taro@example.net>",
        },
        "2017-03-19T10:40:22.913",
        id="SendGrid over SMTP, with a semicolon",
    ),
    pytest.param("(qmail 2160 invoked by uid 8061); 26 Dec 2016 05:32:04 -0000", {}, "2016-12-26T05:32:04", id="qmail"),
    pytest.param(
        "from localhost (localhost [local]); by localhost (OpenSMTPD) with ESMTPA id 9f; for <taro@example.net>; "
        "Fri, 29 Jun 2018 05:06:37 +0200 (CEST)",
        {"from": "localhost", "by": "localhost", "with": "ESMTPA", "id": "9f", "for": "<taro@example.net>"},
        "2018-06-29T03:06:37",
        id="OpenSMTPD, a semicolon after each clause",
    ),
    pytest.param(
        "from [192.0.2.9] (helo=desk); authenticated by web.example.org running ExIM with esmtpsa id 1abc; "
        "Tue, 19 Nov 2024 09:00:00 +0100",
        {"from": "[192.0.2.9]", "by": "web.example.org", "with": "esmtpsa", "id": "1abc"},
        "2024-11-19T08:00:00",
        id="a remark between two semicolons",
    ),
    pytest.param(
        "from a.example by b.example with LMTP id X for <taro@example.net>;e0ff9c6a; Tue, 19 Nov 2024 08:00:00 +0000",
        {"from": "a.example", "by": "b.example", "with": "LMTP", "id": "X", "for": "<taro@example.net>"},
        "2024-11-19T08:00:00",
        id="a token between two semicolons",
    ),
    pytest.param(
        "from a.example by b.example by uid 1005 with qmail-scanner-1.24 (clear:RC:0(192.0.2.1):. in 2.0 secs); "
        "26 Dec 2016 05:32:04 -0000",
        {"from": "a.example", "by": "b.example", "with": "qmail-scanner-1.24"},
        "2016-12-26T05:32:04",
        id="by twice: the first",
    ),
    pytest.param(
        "from eu.example.com (eu.example.com [192.0.2.5]) by relay.example.net with ESMTP with STARTTLS "
        "(version=TLSv1.2, cipher=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384) id uk-mta-1; Tue, 19 Nov 2024 08:00:00 +0000",
        {"from": "eu.example.com", "by": "relay.example.net", "with": "ESMTP", "id": "uk-mta-1"},
        "2024-11-19T08:00:00",
        id="with twice: the first",
    ),
    pytest.param(
        "from outer.example (by inner.example (8.12.3) with ESMTP id Q1; Tue, 19 Nov 2024 08:00:00 GMT",
        {"from": "outer.example", "by": "inner.example", "with": "ESMTP", "id": "Q1"},
        "2024-11-19T08:00:00",
        id="a parenthesis that never closes",
    ),
    pytest.param(
        "by out.example.com (PowerMTA(TM) v5.0); Tue, 19 Nov 2024 09:22:59 -0400 (envelope-from <b@mail.example.com>)",
        {"by": "out.example.com"},
        "2024-11-19T13:22:59",
        id="PowerMTA, a comment after the stamp",
    ),
    pytest.param(
        "from localhost (localhost [127.0.0.1]) by c.example.org with dsn; Sat, 11 Dec 2010 12:19:59 +0900 "
        "id 0EFECD52.4D02EDDF.0000C65A",
        {"from": "localhost", "by": "c.example.org", "with": "dsn"},
        "2010-12-11T03:19:59",
        id="Courier, an id after the stamp",
    ),
    pytest.param(
        "(majordomo@list.example.org) by list.example.org via listexpand id S1 (ORCPT <rfc822;a@example.net>); "
        "Tue, 19 Nov 2024 03:00:00 -0500",
        {"by": "list.example.org", "via": "listexpand", "id": "S1"},
        "2024-11-19T08:00:00",
        id="a list server, with a semicolon in angles",
    ),
    pytest.param(
        "from SN1.example.com (2001:db8::5) by BY2.example.com (2001:db8::6) with Microsoft SMTP Server "
        "(version=TLS1_2, cipher=TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384) id 15.20.6631.29 via Frontend Transport; "
        "Tue, 19 Nov 2024 08:00:00 +0000",
        {
            "from": "SN1.example.com",
            "by": "BY2.example.com",
            "with": "Microsoft",
            "id": "15.20.6631.29",
            "via": "Frontend",
        },
        "2024-11-19T08:00:00",
        id="Exchange, a version that looks like an address",
    ),
    pytest.param(
        "from public code named unknown by gmailapi.example.com with HTTPREST; Tue, 19 Nov 2024 00:00:00 -0800",
        {"from": "public", "by": "gmailapi.example.com", "with": "HTTPREST"},
        "2024-11-19T08:00:00",
        id="a name of several words",
    ),
    pytest.param(
        "from <unknown> (<unknown> []) by mx.example.net with SMTP; Tue, 19 Nov 2024 08:00:00 +0000",
        {"from": "<unknown>", "by": "mx.example.net", "with": "SMTP"},
        "2024-11-19T08:00:00",
        id="a name in angles",
    ),
    pytest.param(
        "[from a.example by b.example with ESMTP id 7; Tue, 19 Nov 2024 08:00:00 +0000]",
        {"from": "a.example", "by": "b.example", "with": "ESMTP", "id": "7"},
        "2024-11-19T08:00:00",
        id="the whole header in brackets",
    ),
    pytest.param(
        "from (127.0.0.1 [127.0.0.1]) by Enable Inbound Mail Agent with ESMTP; Mon, 18 Nov 2024 16:00:00 -08:00",
        {"from": "(127.0.0.1 [127.0.0.1])", "by": "Enable", "with": "ESMTP"},
        "2024-11-19T00:00:00",
        id="from with nothing but a comment, a zone with a colon",
    ),
    pytest.param(
        "from by a.example with ESMTP id for <taro@example.net>; Tue, 19 Nov 2024 08:00:00 +0000",
        {"by": "a.example", "with": "ESMTP", "for": "<taro@example.net>"},
        "2024-11-19T08:00:00",
        id="clauses without a value",
    ),
    pytest.param(
        "from 192.0.2.5([198.51.100.38]) by free.example.net(Mail 2.5.3.0) with SMTP id 8281b2; 19 Nov 2024 08:00 +0000",
        {"from": "192.0.2.5", "by": "free.example.net", "with": "SMTP", "id": "8281b2"},
        "2024-11-19T08:00:00",
        id="no white space before comments, no seconds",
    ),
    pytest.param(
        "from ptr.example.com_[192.0.2.5] [192.0.2.5] by b.example with SMTP; Tue, 19 Nov 2024 08:00:00 +0000",
        {"from": "ptr.example.com_", "by": "b.example", "with": "SMTP"},
        "2024-11-19T08:00:00",
        id="an address that hangs on a name",
    ),
    pytest.param(
        "from a.example by b.example with SMTP for <taro@example.net; Tue, 19 Nov 2024 08:00:00 +0000",
        {"from": "a.example", "by": "b.example", "with": "SMTP", "for": "<taro@example.net"},
        "2024-11-19T08:00:00",
        id="an angle that never closes",
    ),
    pytest.param(
        "from [127.0.0.1] (localhost [127.0.0.1]) by mx.example.net with ESMTPSA id 99",
        {"from": "[127.0.0.1]", "by": "mx.example.net", "with": "ESMTPSA", "id": "99"},
        None,
        id="no stamp",
    ),
    pytest.param(
        "by a.example with SMTP id 2023.12.14.06.48.20; 22/08/2002 10:04:10",
        {"by": "a.example", "with": "SMTP", "id": "2023.12.14.06.48.20"},
        None,
        id="a date that could be two",
    ),
]


def hop(value: str) -> Hop:
    return read_received(Field("Received", value, 1))


def told(found: Hop) -> dict[str, str]:
    values = (found.from_, found.by, found.with_, found.id, found.for_, found.via)
    return {name: value for name, value in zip(CLAUSES, values, strict=True) if value is not None}


@pytest.mark.parametrize(("value", "clauses", "time"), SHAPES)
def test_each_shape_gives_its_clauses_and_its_stamp(value: str, clauses: dict[str, str], time: str | None):
    found = hop(value)
    assert told(found) == clauses
    assert (found.stamp.time if found.stamp else None) == (datetime.fromisoformat(f"{time}+00:00") if time else None)


def test_what_is_not_there_is_said_and_never_invented():
    assert [defect.code for defect in hop("from a.example by b.example").defects] == ["no_stamp"]
    assert [defect.code for defect in hop("by b.example; 22 Aug 2002 23:37:51").defects] == ["no_zone"]
    assert [defect.code for defect in hop("from a (b by c; 1 Jan 2024 00:00:00 GMT").defects] == ["open_comment"]


@pytest.mark.parametrize(
    "stamp",
    [
        "Tue, 22 Oct 2024 10:00\0:05 -0800",
        "Tue, 22 Oct 2\x01024 10:00:05 -08\x1c00",
        "Tue, 22 Oct 2024 10:00:0\x7f5 -0800",
    ],
    ids=["nul", "in two places", "delete"],
)
@pytest.mark.parametrize("before", ["by b.example; ", "by b.example "], ids=["semicolon", "none"])
def test_control_characters_in_a_stamp_make_it_no_other_time(before: str, stamp: str):
    found = hop(before + stamp)
    assert found.stamp
    assert found.stamp.time == datetime(2024, 10, 22, 18, 0, 5, tzinfo=UTC)
    assert "control_characters" in [defect.code for defect in found.defects]
    assert "no_zone" not in [defect.code for defect in found.defects]


@pytest.mark.parametrize("value", ["", ";", "()", "(", "from", "; ; ;", "from ;"])
def test_a_received_of_nothing_is_an_empty_hop(value: str):
    found = hop(value)
    assert told(found) == {}
    assert found.stamp is None


@pytest.mark.parametrize(
    ("value", "helo", "ptr", "ip"),
    [
        ("from me (ptr.example.com [192.0.2.1]) by b", "me", "ptr.example.com", "192.0.2.1"),
        ("from me (unknown [192.0.2.1]) by b", "me", None, "192.0.2.1"),
        ("from me (IDENT:joe@ptr.example.com [IPv6:2001:db8::1]) by b", "me", "ptr.example.com", "2001:db8::1"),
        ("from me (ptr.example.com. [192.0.2.1]) by b", "me", "ptr.example.com", "192.0.2.1"),
        ("from me (ptr.example.com [::ffff:192.0.2.1]) by b", "me", "ptr.example.com", "192.0.2.1"),
        ("from ptr.example.com ([192.0.2.1]:59716 helo=me) by b", "me", "ptr.example.com", "192.0.2.1"),
        ("from [192.0.2.1] (helo=me) by b", "me", None, "192.0.2.1"),
        ("from ptr.example.com (HELO me) (192.0.2.1) by b", "me", "ptr.example.com", "192.0.2.1"),
        ("from unknown (HELO me) (192.0.2.1) by b", "me", None, "192.0.2.1"),
        ("from 127.0.0.1  (EHLO me) (192.0.2.1) by b", "me", None, "192.0.2.1"),
        ("from me (192.0.2.1) by b (192.0.2.2) with Microsoft SMTP Server", "me", None, "192.0.2.1"),
        ("from me [192.0.2.1] by b", "me", None, "192.0.2.1"),
        ("from me ([fe80::1%12]) by b", "me", None, "fe80::1"),
        ("from [192.0.2.1] (account joe HELO me) by b", "me", None, "192.0.2.1"),
        ("from MTIzNDU2Nw (unknown [192.0.2.1]) by ismtpd1 (SG) with HTTP id x", None, None, "192.0.2.1"),
        ("by b (192.0.2.2) with SMTP", None, None, None),
        ("from me (8.12.3/8.12.3) by b", "me", None, None),
    ],
)
def test_helo_name_looked_up_name_and_address_are_kept_apart(value: str, helo: str, ptr: str, ip: str):
    peer = hop(value).peer
    assert (peer.helo, peer.ptr, peer.ip) == (helo, ptr, ip)


@pytest.mark.parametrize(
    ("value", "tls"),
    [
        (
            "from a (using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)) by b with ESMTPS",
            "TLSv1.3 TLS_AES_256_GCM_SHA384",
        ),
        (
            "from a by b with ESMTPS id 1 (version=TLS1_2 cipher=ECDHE-RSA-AES128-GCM-SHA256 bits=128/128)",
            "TLS1_2 ECDHE-RSA-AES128-GCM-SHA256",
        ),
        ("from a by b with esmtps (TLSv1.2:DHE-RSA-AES256-GCM-SHA384:256)", "TLSv1.2 DHE-RSA-AES256-GCM-SHA384"),
        ("from a by b with ESMTPSA id 1", "TLS"),
        ("from a by b with ESMTP id 1", None),
    ],
)
def test_tls_is_said_as_far_as_the_header_says_it(value: str, tls: str | None):
    found = hop(value).tls
    assert (str(found) if found else None) == tls


def test_a_step_inside_one_machine_is_named():
    assert hop("(qmail 2160 invoked by uid 8061); 26 Dec 2016 05:32:04 -0000").local == "qmail invoked by uid 8061"
    assert hop("(nullmailer pid 9 invoked by uid 8); 26 Dec 2016 05:32:04 -0000").local == "nullmailer invoked by uid 8"
    assert hop("(a comment); 26 Dec 2016 05:32:04 -0000").local is None
    assert hop("from a by b; 26 Dec 2016 05:32:04 -0000").local is None


def test_a_received_of_megabytes_is_read_at_its_beginning():
    found = hop("from a.example by b.example (" + "x" * LONGEST + "); 26 Dec 2016 05:32:04 -0000")
    assert (found.from_, found.by, found.stamp) == ("a.example", "b.example", None)
    assert "too_long" in {defect.code for defect in found.defects}
