"""Any bytes give a result, and the time grows no faster than the text."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lasthop.cli.original_document import original_document
from lasthop.cli.originals import chapters
from lasthop.original import Original, read_original
from lasthop.original.block import PATIENCE, TOLD
from lasthop.original.dsn import read_dsn
from lasthop.original.evidence import read_evidence
from lasthop.original.route import read_route
from tests.original.growth import LINEAR, growth
from tests.original.test_paste import MESSAGE
from tools.damaged import FORMS, damaged

RECEIVED = (
    b"Received: from a.example (a.example [192.0.2.1]) by b.example with ESMTP id 1; Tue, 19 Nov 2024 8:00 +0000\n"
)

PIECES = st.sampled_from([
    b"Received: ", b"From: ", b"X-Received: ", b"Date: ", b"Return-Path: ", b"Message-ID: ", b"DKIM-Signature: t=",
    b"from ", b" by ", b" with ", b" id ", b" for ", b" via ", b"(", b")", b"<", b">", b"[", b"]", b'"', b"\\", b";",
    b"\n", b"\r\n", b"\r\r\n", b"\r", b"\n\n", b"\n\t", b"\n ", b"> ", b"    ", b"```\n", b"&lt;", b"&nbsp;", b"\xc2\xa0",
    b"Original Message\n", b"Message ID\t<a@example.com>\n", b"Created at:\t", b"SPF:\tPASS\n", b"DKIM:\t'PASS'\n",
    b"Tue, 19 Nov 2024 08:00:00 +0000", b"2024-11-19 08:00:00.1 +0000 UTC m=+3", b"99 Nov 9999 99:99:99 -9999",
    b"[192.0.2.1]", b"[IPv6:2001:db8::1]", b"helo=", b"(SG) with HTTP id ", b"recvd-1-1-FFFFFFFF-1", b"MTIzNDU2Nw",
    b"bounces+1-a1-a=example.net@em.example.com", b"\xff", b"\x00", b"\xed\xa0\x80", b"\xff\xfe", b"From ", b":", b"=?",
])  # fmt: skip
TEXTS = st.lists(PIECES | st.binary(max_size=8), max_size=40).map(b"".join)


def read(data: bytes) -> Original:
    found = read_original(data)
    read_route(found)
    return found


@given(st.binary(max_size=400))
def test_any_bytes_give_a_result(data: bytes):
    assert read(data).header is not None


@settings(max_examples=300)
@given(TEXTS)
def test_anything_made_of_the_pieces_of_messages_gives_a_result(data: bytes):
    found = read(data)
    assert len(found.hops) == len(found.header.all("Received"))


@given(st.sampled_from(sorted(FORMS)), st.integers(0, len(MESSAGE)), st.binary(max_size=4))
def test_a_damaged_message_that_was_cut_or_changed_gives_a_result(form: str, place: int, more: bytes):
    data = damaged(MESSAGE, form)
    assert read(data[:place]).header is not None
    assert read(data[:place] + more + data[place:]).header is not None


@pytest.mark.parametrize(
    "piece",
    [
        b"(",
        b")",
        b"<",
        b"[",
        b'"',
        b";",
        b"\\",
        b"a",
        b" ",
        b"\n\n",
        b"\n ",
        b"\r",
        b"a;",
        b"1 Jan 2020 ",
        b"&lt;",
        b"> ",
    ],
)
def test_time_grows_with_the_length_of_one_header_and_not_faster(piece: bytes):
    def of(size: int) -> Callable[[], object]:
        data = b"Received: from a by b " + piece * (size // len(piece)) + b"\nTo: a@example.com\n\nbody"
        return lambda: read_original(data)

    assert growth(of, 50_000) < LINEAR


@pytest.mark.parametrize("line", [b"X-A: b\n", RECEIVED, b"no field\n", b"> x\n", b"\n", b"X-A: b\n\n"])
def test_time_grows_with_the_number_of_lines_and_not_faster(line: bytes):
    def of(lines: int) -> Callable[[], object]:
        data = RECEIVED + line * lines + RECEIVED
        return lambda: read_original(data)

    assert growth(of, 2_000) < LINEAR


FROM = b"From: a@example.com\n"


@pytest.mark.parametrize(
    ("before", "line"),
    [
        pytest.param(RECEIVED + FROM + b"\n", b"\n", id="empty lines"),
        pytest.param(RECEIVED, b"no field\n", id="junk"),
        pytest.param(b"no field\n", b"no field\n", id="junk alone"),
        pytest.param(b"> " + RECEIVED + b"> " + FROM + b">\n", b"> x\n", id="quoted"),
        pytest.param(b"    " + RECEIVED + b"    " + FROM + b"\n", b"    x\n", id="indented"),
        pytest.param(RECEIVED + b"\n" + FROM + b"\nTo: a@example.net\n\n\n\n", b"x\n\n", id="blank lines between"),
        pytest.param(b"see\n```\n" + RECEIVED + FROM + b"\n", b"x\n", id="fenced"),
        pytest.param(RECEIVED + b"From: &lt;a@example.com&gt;\n\n", b"x &lt;y&gt;\n", id="escaped"),
        pytest.param(RECEIVED + b"X-A: b\n", b" c\n", id="folds"),
    ],
)
def test_all_that_is_said_of_many_lines_takes_no_more_than_its_share(before: bytes, line: bytes):
    def of(lines: int) -> Callable[[], object]:
        data = before + line * lines
        return lambda: all_of(data)

    assert growth(of, 20_000) < LINEAR


def all_of(data: bytes) -> object:
    evidence = read_evidence(read_original(data))
    route = read_route(evidence.original)
    return original_document("many", evidence, route), list(chapters(evidence, route)), read_dsn(data)


def test_after_so_many_lines_without_a_field_the_body_has_begun():
    junk = b"no field\n" * (PATIENCE + 1)
    found = read_original(RECEIVED + b"\t(a fold)\n" + junk + RECEIVED)
    assert (len(found.hops), found.header.body) == (1, junk + RECEIVED)
    assert [(defect.code, defect.line) for defect in found.defects] == [("no_separator", 3)]


def test_lines_of_junk_are_told_one_by_one_and_then_by_their_number():
    found = read_original(RECEIVED + b"no field\n" * (TOLD + 20) + b"From: a@example.com\n\tx\n\nbody")
    told = [defect for defect in found.defects if defect.code == "junk_line"]
    assert len(told) == TOLD + 1
    assert "20 more lines" in told[-1].says


def test_a_hundred_thousand_headers_and_a_header_of_ten_megabytes_are_read():
    found = read_original(b"X-A: b\n" * 100_000 + RECEIVED + b"\nbody")
    assert (len(found.header.fields), len(found.hops)) == (100_001, 1)
    found = read_original(RECEIVED + b"Received: from c.example " + b"(" * 10_000_000 + b"\n\nbody")
    assert [hop.from_ for hop in found.hops] == ["a.example", "c.example"]


def test_a_message_of_25_megabytes_keeps_its_body():
    body = b"one line of the body, repeated\r\n" * 800_000
    found = read_original(RECEIVED + b"From: a@example.com\n\n" + body)
    assert len(found.header.body) == len(body)


@pytest.mark.parametrize(
    "line",
    [
        b"Authentication-Results: mx.example.net; spf=pass smtp.mailfrom=a@example.com; dkim=pass header.d=example.com\n",
        b"X-Spam-Status: Yes, score=%d.5 required=5\n",
        b"Delivered-To: a%d@example.net\n",
        b"DKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=s; h=from; bh=YQ==; b=x\n",
        RECEIVED,
    ],
    ids=["results", "filters", "mailboxes", "signatures", "hops"],
)
def test_what_is_said_of_many_headers_takes_no_more_than_its_share(line: bytes):
    def of(lines: int) -> Callable[[], object]:
        made = b"".join(line % n if b"%d" in line else line for n in range(lines))
        evidence = read_evidence(read_original(RECEIVED + made + b"From: a@example.com\n\nbody"))
        route = read_route(evidence.original)
        return lambda: (original_document("many", evidence, route), list(chapters(evidence, route)))

    assert growth(of, 1_000) < LINEAR
