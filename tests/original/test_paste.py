"""A message comes back whole out of every form in which people copy one."""

import html
import re
import textwrap

import pytest

from lasthop.original import Original, read_original
from tools.damaged import FORMS, damaged

MESSAGE = b"""\
Delivered-To: taro@example.net
Received: by 2001:db8::1 with SMTP id q2mr2587339pgj.323;
        Tue, 19 Nov 2024 00:05:10 -0800 (PST)
Return-Path: <bounces+1234567-a1b2-taro=example.net@em.example.com>
Received: from o1.em.example.com (o1.em.example.com. [192.0.2.10])
        by mx.example.net with ESMTPS id a1si40590233igb.58.2024.11.19.00.05.08
        for <taro@example.net>
        (version=TLS1_3 cipher=TLS_AES_128_GCM_SHA256 bits=128/128);
        Tue, 19 Nov 2024 00:05:08 -0800 (PST)
Authentication-Results: mx.example.net;
       dkim=pass header.i=@example.com header.s=s1;
       spf=pass smtp.mailfrom="bounces+1234567-a1b2-taro=example.net@em.example.com"
DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.com;
\th=content-transfer-encoding:content-type:from:mime-version:
\tSubject:To:cc; s=s1; bh=YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXo=;
\tb=QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo
Received: by recvd-5f54b5d587-abcde with SMTP id recvd-5f54b5d587-abcde-1-673C4685-E
\t2024-11-19 08:04:21.692891945 +0000 UTC m=+9066723.885441860
Received: from MTIzNDU2Nw (unknown)
\tby geopod-ismtpd-9 (SG) with HTTP id 1aBcDeFgHiJkLmNoPqRsTu
\tTue, 19 Nov 2024 08:04:21.522 +0000 (UTC)
Content-Type: text/plain; charset=utf-8
Date: Tue, 19 Nov 2024 08:04:21 +0000 (UTC)
From: "Shop & Co." <info@example.com>
Message-ID: <1aBcDeFgHiJkLmNoPqRsTu@geopod-ismtpd-9>
Subject: Re: your order
To: taro@example.net

Hello,

this is the body. Received: it, please.
"""

WHOLE = read_original(MESSAGE)
HEADER = b"".join(MESSAGE.partition(b"\n\n")[0:2])


def told(original: Original) -> list[tuple[object, ...]]:
    return [
        (hop.from_, hop.by, hop.with_, hop.id, hop.for_, hop.stamp and hop.stamp.time, hop.peer, hop.tls)
        for hop in original.hops
    ]


def codes(original: Original) -> set[str]:
    return {defect.code for defect in original.defects}


def test_the_whole_message_has_no_defect_and_keeps_its_body():
    assert len(WHOLE.hops) == 4
    assert WHOLE.defects == ()
    assert WHOLE.header.body == MESSAGE.partition(b"\n\n")[2]
    assert WHOLE.sendgrid is not None
    assert WHOLE.sendgrid.message_id_prefix == "1aBcDeFgHiJkLmNoPqRsTu.recvd-5f54b5d587-abcde-1-673C4685-E"


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_way_and_the_same_fields(form: str):
    found = read_original(damaged(MESSAGE, form))
    assert told(found) == told(WHOLE)
    assert found.sendgrid and WHOLE.sendgrid
    assert found.sendgrid.message_id_prefix == WHOLE.sendgrid.message_id_prefix
    assert [field.name for field in found.header.fields] == [field.name for field in WHOLE.header.fields]
    for name in ("From", "Message-ID", "Subject"):
        assert found.header.first(name).value == WHOLE.header.first(name).value


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ("Gmail's page, copied whole", "gmail_summary"),
        ("leading white space lost", "lost_folds"),
        ("wrapped at 76", "lost_folds"),
        ("blank line between lines", "blank_lines"),
        ("quoted", "quoted"),
        ("words before it", "words_before"),
        ("indented by 4", "indented"),
        ("HTML", "html_escaped"),
        ("fenced", "fenced"),
    ],
)
def test_what_was_undone_is_told(form: str, code: str):
    assert code in codes(read_original(damaged(MESSAGE, form)))


@pytest.mark.parametrize(
    "form", ["quoted", "indented by 4", "fenced", "words before it", "HTML", "blank line between lines"]
)
def test_the_body_comes_back_too(form: str):
    assert read_original(damaged(MESSAGE, form)).header.body.rstrip() == WHOLE.header.body.rstrip()


def test_lines_that_end_in_crcrlf_are_no_damage_of_their_own():
    assert codes(read_original(damaged(MESSAGE, "header only, CRCRLF"))) == set()


def test_a_text_cut_hard_at_one_width_is_joined_without_a_blank():
    unfolded = re.sub(rb"\n[ \t]+", b" ", HEADER).decode()
    cut = "\n".join(line[at : at + 70] for line in unfolded.splitlines() for at in range(0, len(line), 70))
    assert [hop.id for hop in read_original(cut.encode()).hops] == [hop.id for hop in WHOLE.hops]


def unfolded() -> str:
    return re.sub(rb"\n[ \t]+", b" ", HEADER).decode()


def test_a_name_that_was_broken_at_its_hyphen_is_joined():
    whole = unfolded().replace("(unknown)", "(unknown [192.0.2.200])")
    wrapped = "\n".join(textwrap.fill(line, 64) for line in whole.splitlines())
    assert "geopod-\nismtpd-9" in wrapped
    assert told(read_original(wrapped.encode())) == told(read_original(whole.encode()))


def test_a_text_that_was_cut_hard_where_a_word_ended_by_chance_is_joined():
    lines = [
        f"Received: from {other}.example ({other}.example [192.0.2.1]) by {own}.example (Postfix) with ESMTP id {key} "
        f"for <taro@example.net>; Tue, 19 Nov 2024 08:00:{key} +0000"
        for own, other, key in (("c", "b", "10"), ("b", "a", "05"))
    ]
    cut = [line[at : at + 60] for line in lines for at in range(0, len(line), 60)]
    assert any(line.startswith(" ") for line in cut)
    assert told(read_original("\n".join(cut).encode())) == told(read_original("\n".join(lines).encode()))


def in_lines(change: object) -> bytes:
    return b"\n".join(map(change, MESSAGE.split(b"\n")))  # type: ignore[call-overload]


def in_html(page: str, end: str) -> bytes:
    return page.format(html.escape(MESSAGE.decode()).replace("\n", end)).encode()


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(in_lines(lambda line: b">" + line), id="quoted without a blank"),
        pytest.param(in_lines(lambda line: b"> > " + line), id="quoted twice"),
        pytest.param(b"Taro wrote:\n\n" + in_lines(lambda line: (b"> " + line).rstrip()), id="quoted by a program"),
        pytest.param(in_lines(lambda line: b"\t" + line), id="indented by a tab"),
        pytest.param(b"\xef\xbb\xbf" + MESSAGE, id="a byte order mark"),
        pytest.param(("\ufeff" + MESSAGE.decode()).encode("utf-16-le"), id="UTF-16"),
        pytest.param(MESSAGE.replace(b"\n", b"\r\n"), id="CRLF"),
        pytest.param(MESSAGE.replace(b"\n", b"\r"), id="CR alone"),
        pytest.param(MESSAGE.replace(b"\n", b"\r\r\n"), id="CRCRLF to the end"),
        pytest.param(b"Subject: help\n\nHi,\n\nplease see:\n\n" + MESSAGE, id="words that begin like a header"),
        pytest.param(b"\n\n\n" + MESSAGE, id="empty lines first"),
        pytest.param(b"From a@example.com Tue Nov 19 08:00:00 2024\n" + MESSAGE, id="mbox"),
        pytest.param(b"```text\n" + MESSAGE.strip() + b"\n```\nthanks!\n", id="a fence with a language"),
        pytest.param(b"Hello, see this:\n\n```\n" + MESSAGE + b"```\n", id="words and a fence"),
        pytest.param(damaged(damaged(MESSAGE, "Gmail's page, copied whole"), "quoted"), id="Gmail's page, quoted"),
        pytest.param(damaged(damaged(MESSAGE, "leading white space lost"), "quoted"), id="no folds, quoted"),
        pytest.param(damaged(damaged(MESSAGE, "words before it"), "HTML"), id="words, as HTML"),
        pytest.param(HEADER.replace(b"\n", b"\n\n"), id="the header alone, blank lines between"),
        pytest.param(HEADER.replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b">", b"&gt;"), id="escaped header"),
        pytest.param(HEADER.replace(b" ", b"\xc2\xa0"), id="blanks that do not break everywhere"),
        pytest.param(re.sub(rb"\n[ \t]*", b"\n\n", HEADER), id="blank lines between, no folds"),
        pytest.param(in_html("<pre>{}</pre>", "\n"), id="the source of a web page, preformatted"),
        pytest.param(in_html("<p>{}</p>", "<br />\n"), id="the source of a web page, with breaks"),
        pytest.param(in_html("<div class='a'>{}</div>", "<br>"), id="the source of a web page on one line"),
    ],
)
def test_other_forms_are_read_as_well(data: bytes):
    assert told(read_original(data)) == told(WHOLE)


def test_lines_keep_their_numbers_in_the_text_as_it_was_given():
    before = b"Hi support,\n\nsee below:\n\n"
    found = read_original(before + MESSAGE)
    assert found.hops[0].line == WHOLE.hops[0].line + before.count(b"\n")


def test_words_alone_are_no_message():
    found = read_original(b"Hi support,\n\nmy mail did not arrive.\n")
    assert found.hops == ()
    assert "no_header" in codes(found)


def test_a_mail_with_another_mail_in_its_body_is_read_at_its_own_header():
    bounce = b"From: mailer@example.net\nSubject: Returned mail\n\nYour mail:\n\n" + MESSAGE
    found = read_original(bounce)
    assert found.hops == ()
    assert found.header.first("Subject").value == "Returned mail"


def test_a_line_that_is_not_quoted_keeps_its_own_mark():
    quoted = in_lines(lambda line: line if line.startswith(b"Message-ID") else b"> " + line)
    assert read_original(quoted).message_id == WHOLE.message_id


def test_quoting_more_than_once_is_told_once():
    found = read_original(in_lines(lambda line: b"> > " + line))
    assert [defect.code for defect in found.defects] == ["quoted"]
