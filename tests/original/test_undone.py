"""A whole mail in an encoding that something put around it: it is read, and what was undone is told."""

import base64
import html
import quopri

import pytest

from lasthop.original import Original, read_original
from tests.original.test_paste import MESSAGE, WHOLE, codes, told

TEXT = MESSAGE.decode()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(TEXT.encode("utf-16-le"), "utf16", id="UTF-16, little end first"),
        pytest.param(TEXT.encode("utf-16-be"), "utf16", id="UTF-16, big end first"),
        pytest.param(TEXT.encode("utf-16-le")[:-1], "utf16", id="UTF-16, cut in a character"),
        pytest.param(base64.b64encode(MESSAGE), "base64", id="base64 in one line"),
        pytest.param(base64.encodebytes(MESSAGE.replace(b"\n", b"\r\n")), "base64", id="base64 in lines"),
        pytest.param(
            b"\n\n" + base64.encodebytes(MESSAGE).replace(b"\n", b"\r\n"), "base64", id="base64, lines before"
        ),
        pytest.param(quopri.encodestring(MESSAGE), "quoted_printable", id="quoted-printable"),
        pytest.param(quopri.encodestring(MESSAGE).replace(b"\n", b"\r\n"), "quoted_printable", id="the same with CRLF"),
        pytest.param(html.escape(html.escape(TEXT)).encode(), "html_escaped_twice", id="escaped twice"),
        pytest.param(html.escape(html.escape(html.escape(TEXT))).encode(), "html_escaped_twice", id="three times"),
    ],
)
def test_the_mail_is_read_and_what_was_undone_is_told(data: bytes, code: str):
    found = read_original(data)
    assert told(found) == told(WHOLE)
    assert found.message_id == WHOLE.message_id
    assert code in codes(found)


def test_an_attached_mail_in_base64_twice_is_undone_once_and_no_further():
    assert "no_header" in codes(read_original(base64.b64encode(base64.b64encode(MESSAGE))))


EQUALS_AT_END = (
    b"Received: by b.example with ESMTP id 1; Tue, 19 Nov 2024 08:00:00 +0000\n"
    b"X-Tag: YWJjZGVmZ2g=\nX-Other: a=3D\nTo: a@example.com\n\nbody =3D\n"
)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(MESSAGE, id="the message"),
        pytest.param(EQUALS_AT_END, id="equals signs at the end of values"),
        pytest.param(b"From: a@example.com\nTo: b@example.com\n\n" + base64.b64encode(MESSAGE), id="base64 in a body"),
        pytest.param(b"From: a@example.com\nTo: b@example.com\n\n" + quopri.encodestring(MESSAGE), id="QP in a body"),
        pytest.param(b"From: <a@example.com>\nSubject: &amp;lt;b&amp;gt;\n\nbody", id="escapes in a subject"),
        pytest.param(b"Subject: =?utf-8?Q?a=3Db?=\nFrom: a@example.com\n\nbody", id="an encoded word"),
    ],
)
def test_in_a_text_that_is_whole_nothing_is_undone(data: bytes):
    found = read_original(data)
    assert not UNDONE & codes(found)
    assert found.header.body == data.partition(b"\n\n")[2]


UNDONE = {"utf16", "base64", "quoted_printable", "html_escaped", "html_escaped_twice"}


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\x00" * 400, id="NUL alone"),
        pytest.param(b"a\x00" * 400, id="no lines"),
        pytest.param(b"QUJD" * 100, id="base64 of no mail"),
        pytest.param(b"A" * 401, id="base64 cut short"),
        pytest.param(b"=3D" * 200, id="nothing but escapes"),
        pytest.param(b"&amp;lt;" * 200, id="escapes alone"),
    ],
)
def test_what_holds_no_mail_gives_a_result_all_the_same(data: bytes):
    assert _empty(read_original(data))


def _empty(found: Original) -> bool:
    return found.hops == () and "no_header" in codes(found)
