"""A message inside another one: its summary alone, or the whole of it attached."""

import base64
import quopri

import pytest

from lasthop.explain.original.forwarded import forwarded_said
from lasthop.original import read_original
from lasthop.original.forwarded import Forwarded, find_forwarded
from tests.original.test_paste import MESSAGE

GMAIL = """Hi, this one came too late.

---------- Forwarded message ---------
From: Shop <info@example.com>
Date: Tue, Nov 19, 2024 at 5:04 PM
Subject: Your order
To: <taro@example.net>


Thank you for your order.
"""
LABELS = ("From: Shop <info@example.com>", "Date: Tue, 19 Nov 2024", "Subject: Your order", "To: <taro@example.net>")
OUTER = (
    "Received: from a.example by mx.example.net with ESMTPS id 1; Tue, 19 Nov 2024 09:00:00 +0000\n"
    "From: Taro <taro@example.net>\nTo: help@example.org\nSubject: {subject}\nMessage-ID: <f@example.net>\n"
)
JAPANESE = (
    "差出人: Shop <info@example.com>\n送信日時: 2024年11月19日 17:04\n宛先: taro@example.net\n件名: ご注文\n\n本文\n"
)


def found(text: str | bytes) -> Forwarded | None:
    data = text if isinstance(text, bytes) else text.encode()
    return find_forwarded(data, read_original(data))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param(GMAIL, 3, id="Gmail"),
        pytest.param("\n".join(f"> {line}" for line in GMAIL.split("\n")), 3, id="Gmail, quoted"),
        pytest.param(
            "-----Original Message-----\n" + "\n".join(LABELS).replace("Date", "Sent") + "\n\nx", 1, id="Outlook"
        ),
        pytest.param("Begin forwarded message:\n\n" + "\n".join(LABELS) + "\n\nx\n", 1, id="Apple"),
        pytest.param("Begin forwarded message:\n\n" + "".join(f"> {x}\n" for x in LABELS), 1, id="Apple, quoted"),
        pytest.param("________________________________\n" + "\n".join(LABELS) + "\n\nx", 1, id="Outlook on the web"),
        pytest.param(f"転送します。\n\n---------- 転送メッセージ ----------\n{JAPANESE}", 3, id="Japanese"),
        pytest.param(f"-----元のメッセージ-----\n{JAPANESE}", 1, id="Japanese Outlook"),
        pytest.param(f"転送されたメッセージ:\n\n{JAPANESE}", 1, id="Japanese Apple"),
    ],
)
def test_a_summary_alone_is_told_as_one(text: str, line: int):
    told = found(text)
    assert told is not None
    assert (told.attached, told.line) == (False, line)
    assert told.sender == "Shop <info@example.com>"
    says = forwarded_said(told, outer=False).text
    assert "not with its header" in says
    assert "Show original" in says


@pytest.mark.parametrize("encode", [quopri.encodestring, base64.encodebytes], ids=["quoted-printable", "base64"])
def test_the_summary_in_the_body_of_a_mail_with_its_own_way_is_found(encode: object):
    how = "base64" if encode is base64.encodebytes else "quoted-printable"
    head = f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: {how}\n\n"
    told = found((OUTER.format(subject="Fwd: Your order") + head).encode() + encode(GMAIL.encode()))  # type: ignore[operator]
    assert told is not None
    assert (told.date, told.subject) == ("Tue, Nov 19, 2024 at 5:04 PM", "Your order")
    assert "that of the mail that passes it on" in forwarded_said(told, outer=True).text


QUOTING = "-----Original Message-----\n" + "\n".join(LABELS)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(MESSAGE, id="a message"),
        pytest.param(b"", id="nothing"),
        pytest.param("---------- Forwarded message ---------\n" + MESSAGE.decode(), id="a header below the mark"),
        pytest.param(OUTER.format(subject="Re: Your order") + "\nYes.\n\n" + QUOTING, id="what a reply quotes"),
        pytest.param("---------- Forwarded message ---------\nand no label\n", id="a mark alone"),
        pytest.param(OUTER.format(subject="x") + 'Content-Type: multipart/mixed; boundary="b\n\n--b\nmessage/rfc822',
                     id="broken MIME"),
    ],
)  # fmt: skip
def test_where_nothing_is_forwarded_nothing_is_told(data: str | bytes):
    assert found(data) is None


def with_attached(content: bytes, encoding: str = "8bit") -> bytes:
    head = (
        OUTER.format(subject="Fwd: Your order") + 'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n\n'
    )
    text = "--b\nContent-Type: text/plain\n\nsee the attached mail\n"
    part = f"{text}--b\nContent-Type: message/rfc822\nContent-Transfer-Encoding: {encoding}\n\n"
    return head.encode() + part.encode() + content + b"\n--b--\n"


@pytest.mark.parametrize("encoding", ["8bit", "base64"])
def test_an_attached_message_comes_out_whole(encoding: str):
    content = base64.encodebytes(MESSAGE) if encoding == "base64" else MESSAGE
    told = found(with_attached(content, encoding))
    assert told is not None
    assert (told.attached, told.hops, told.subject) == (True, 4, "Re: your order")
    inner = read_original(told.content)
    assert [hop.id for hop in inner.hops] == [hop.id for hop in read_original(MESSAGE).hops]
    assert "4 Received lines" in forwarded_said(told, outer=True).text


def test_an_attached_message_without_a_way_is_told_as_such():
    told = found(with_attached(b"From: info@example.com\nSubject: Your order\n\nbody"))
    assert told is not None
    assert "without any Received line" in forwarded_said(told, outer=True).text
