"""Saved mails as a source: recognised, read by the way of every other file, and never more than they say."""

from pathlib import Path

import pytest

from lasthop.load import inspect
from lasthop.original.dsn import read_dsn
from lasthop.read import Member, sniff
from lasthop.read.mail import kind_of, looks_like_mail, read_mails
from lasthop.read.rejects import Record, Rejected
from tests.trace.mails import bounce, received


def records(tmp_path: Path, data: bytes) -> list[Record]:
    path = tmp_path / "mail.eml"
    path.write_bytes(data)
    return [one for one in read_mails(path) if isinstance(one, Record)]


def values(record: Record) -> dict[str, str]:
    assert isinstance(record.values, dict)
    return record.values


@pytest.mark.parametrize(
    "data",
    [
        received(),
        bounce(received()),
        b"From a@b.example Mon Nov  2 12:00:00 2026\r\n" + received(),
        b"\xef\xbb\xbf" + received(),
    ],
    ids=["original", "bounce", "mbox", "mark"],
)
def test_a_mail_is_recognised(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "download"
    path.write_bytes(data)
    known = sniff(Member("download", path))
    assert (known.format, known.asks_zone) == ("original", False)


@pytest.mark.parametrize(
    "data",
    [b"", b"From,To,Subject\na,b,c\n", b'{"event": "x"}', b"Subject: only\n\nFrom: here on", b"From: a\nTo: b\n"],
)
def test_what_is_no_mail(data: bytes) -> None:
    assert not looks_like_mail(data)


def test_every_stamp_is_a_record_with_its_line_and_its_header(tmp_path: Path) -> None:
    found = records(tmp_path, received())
    assert [(one.line, values(one)["host"]) for one in found] == [
        (3, "geopod-ismtpd-5"), (2, "recvd-5bd4c9fb6-p2x8q"), (1, "mx.mail.example"),
    ]  # fmt: skip
    first = values(found[0])
    assert (first["kind"], first["vantage"], first["time"]) == ("hop", "original", "1793620802607")
    assert first["provider_message_id"].startswith(first["x_message_id"] + ".recvd-")
    assert (first["recipient"], first["subject"]) == ("user1@mail.example", "Order 1")
    assert '"hop":"1 of 3"' in first["extra"]
    assert "from MTIzNDU2Nw (unknown) by geopod-ismtpd-5" in first["extra"]


def test_a_server_that_wrote_no_stamp_or_no_zone_makes_no_event(tmp_path: Path) -> None:
    data = received().replace(b"; Mon, 02 Nov 2026 21:00:09 +0900", b"").replace(b" +0000 (UTC)", b"")
    assert [values(one)["host"] for one in records(tmp_path, data)] == ["recvd-5bd4c9fb6-p2x8q"]


def test_a_mail_without_any_stamp_is_a_rejected_line(tmp_path: Path) -> None:
    path = tmp_path / "draft.eml"
    path.write_bytes(b"From: a@example.com\r\nMessage-ID: <1@example.com>\r\nSubject: draft\r\n\r\nHello")
    (one,) = read_mails(path)
    assert isinstance(one, Rejected)
    assert "no server stamped" in one.reason


@pytest.mark.parametrize(
    ("line", "recipient", "source"),
    [
        (b"Return-Path: <bounces+4711-ab12-first=mail.example@em.shop.example>", "first@mail.example", "return path"),
        (b"Delivered-To: forwarded@other.example", "user1@mail.example", "Received"),
    ],
)
def test_whom_it_was_sent_to_after_a_forward(tmp_path: Path, line: bytes, recipient: str, source: str) -> None:
    one = values(records(tmp_path, line + b"\r\n" + received())[0])
    assert one["recipient"] == recipient
    assert f'"recipient is from":"{source}' in one["extra"]


def test_an_mbox_holds_several(tmp_path: Path) -> None:
    line = b"From shop@example.com Mon Nov  2 12:00:00 2026\r\n"
    found = records(tmp_path, line + received(1) + b"\r\n\r\n" + line + received(2) + b"\r\n")
    assert [values(one)["recipient"] for one in found] == ["user1@mail.example"] * 3 + ["user2@mail.example"] * 3
    text = (tmp_path / "mail.eml").read_bytes().split(b"\r\n")
    assert all(text[one.line - 1].startswith(b"Received:") for one in found)


def test_a_report_is_one_event_of_the_address_that_was_sent_to(tmp_path: Path) -> None:
    verp = b"Return-Path: <bounces+4711-ab12-alias=mail.example@em.shop.example>\r\n"
    (one,) = records(tmp_path, bounce(verp + received()))
    told = values(one)
    assert (told["recipient"], told["vantage"], told["kind"]) == ("alias@mail.example", "receiver", "bounce_hard")
    assert (told["reply"], told["status"], told["host"]) == ("550 5.1.1 No such user", "5.1.1", "store.mail.example")
    assert '"Final-Recipient":"user1@mail.example"' in told["extra"]


@pytest.mark.parametrize(
    ("action", "status", "reply", "kind"),
    [
        ("failed", "5.1.1", "550 no", "bounce_hard"),
        ("failed", "5.7.1", "550 no", "bounce_blocked"),
        ("failed", "5.2.2", "552 full", "bounce_blocked"),
        ("failed", "4.4.7", "expired", "bounce_expired"),
        ("failed", "5.0.0", "550 5.1.1 No such user", "bounce_hard"),
        ("failed", "5.0.0", "550 no", "bounce_untyped"),
        ("delayed", "4.2.2", "452 full", "deferred"),
        ("delivered", "2.0.0", "250 ok", "delivered"),
        ("expanded", "2.0.0", "250 ok", "delivered"),
        ("invented", "5.1.1", "550 no", None),
    ],
)
def test_action_and_status_make_the_kind(action: str, status: str, reply: str, kind: str | None) -> None:
    dsn = read_dsn(bounce(received(), action=action, status=status, reply=reply))
    assert dsn is not None
    assert kind_of(dsn.recipients[0]) == kind


def test_a_folder_stands_for_the_mails_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "saved"
    folder.mkdir()
    (folder / "1.eml").write_bytes(received())
    (folder / "2.eml").write_bytes(bounce(received()))
    (folder / "notes.txt").write_text("not a mail")
    offers = inspect(folder, tmp_path)
    assert [(offer.name, offer.sniffed and offer.sniffed.format) for offer in offers] == [
        ("1.eml", "original"), ("2.eml", "original"),
    ]  # fmt: skip
    assert inspect(tmp_path / "saved" / "none", tmp_path)[0].error is not None
