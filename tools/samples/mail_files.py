"""Two saved mails: an original as its receiver holds it, and the bounce mail about another message."""

from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime, timedelta
from email.header import Header
from hashlib import sha256
from pathlib import Path

from samples.clock import utc
from samples.ids import ACCOUNT, ProviderIds, unpadded
from samples.model import Message

_FROM = utc("2026-11-10 00:00")
_GO = "%Y-%m-%d %H:%M:%S.119427743 +0000 UTC m=+3415831.38"
_MAIL = "%a, %d %b %Y %H:%M:%S"
_TOKYO = timedelta(hours=9)
_BODY = "ご利用ありがとうございます。"
_SIGNED = "content-transfer-encoding:content-type:date:from:mime-version:subject:to"


def write(folder: Path, messages: Sequence[Message]) -> None:
    """Write ``original.eml`` and ``bounce_mail.eml``."""
    arrived = next(each for each in messages if _plain(each))
    returned = next(each for each in reversed(messages) if each.story == "delivered-then-bounced")
    (folder / "original.eml").write_bytes(_bytes([*_header(arrived), "", _BODY]))
    (folder / "bounce_mail.eml").write_bytes(_bytes(_report(returned)))


def _plain(message: Message) -> bool:
    kinds = [event.kind for event in message.events]
    return (
        message.sent >= _FROM and message.recipient.endswith("@gmail.example") and message.ids is not None
        and "delivered" in kinds and not {"deferred", "spamreport"} & set(kinds)
    )  # fmt: skip


def _bytes(lines: Sequence[str]) -> bytes:
    return "".join(f"{line}\r\n" for line in lines).encode()


def _ids(message: Message) -> ProviderIds:
    assert message.ids is not None  # noqa: S101  # both messages were chosen for their ids
    return message.ids


def _header(message: Message) -> list[str]:
    """The header as the receiver has it: the newest hop first."""
    ids, told = _ids(message), {event.kind: event for event in message.events}
    taken, done = message.sent, told["delivered"].time  # SendGrid's id holds the second that it took the message in
    local, _, domain = message.recipient.partition("@")
    pod = ids.receiver.rsplit("-", 3)[0]
    account, first = unpadded(ACCOUNT.encode()), ids.smtp_id.strip("<>").partition("@")[2]
    bounces = f"bounces+{ACCOUNT}-5a1e-{local}={domain}@em7.aozora-store.example"
    return [
        f"Return-Path: <{bounces}>",
        f"Received: from o1.em7.aozora-store.example (o1.em7.aozora-store.example. [192.0.2.31])\r\n"
        f"        by mx.{domain} with ESMTPS id 4dSample0001 for <{message.recipient}>\r\n"
        f"        (version=TLS1_3 cipher=TLS_AES_256_GCM_SHA384 bits=256/256); {_tokyo(done)}",
        f"Authentication-Results: mx.{domain};\r\n"
        f"        dkim=pass header.d=aozora-store.example header.s=s1;\r\n"
        f'        spf=pass smtp.mailfrom="{bounces}";\r\n'
        f"        dmarc=pass (p=QUARANTINE) header.from=aozora-store.example",
        _signature(ids),
        f"Received: by {pod} with SMTP id {ids.receiver} {taken:{_GO}}",
        f"Received: from {account} (unknown) by {first} (SG) with HTTP id {ids.x_message_id}\r\n"
        f"        {taken:{_MAIL}}.082 +0000 (UTC)",
        f"Date: {taken:{_MAIL}} +0000 (UTC)",
        f"Message-ID: {ids.smtp_id}",
        f"From: {message.occasion.sender}",
        f"To: {message.recipient}",
        f"Subject: {Header(message.subject, 'utf-8', maxlinelen=70).encode(linesep=chr(13) + chr(10))}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
    ]


def _signature(ids: ProviderIds) -> str:
    """As SendGrid signs. The body hash is true (relaxed, RFC 6376 §3.4.4); no key fits, for there is none."""
    body = b64encode(sha256(f"{_BODY}\r\n".encode()).digest()).decode()
    rounds = (sha256(f"{ids.x_message_id} {n}".encode()).digest() for n in range(8))  # 256 bytes, as RSA-2048 gives
    signed = b64encode(b"".join(rounds)).decode()
    folded = "\r\n         ".join(signed[at : at + 70] for at in range(0, len(signed), 70))
    return (
        "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=aozora-store.example;\r\n"
        f"        h={_SIGNED};\r\n        s=s1; bh={body};\r\n        b={folded}"
    )


def _report(message: Message) -> list[str]:
    """What the receiver's system wrote when it gave the message back (RFC 3464)."""
    bounce = next(event for event in message.events if event.kind == "bounce")
    host = f"mx.{message.recipient.partition('@')[2]}"
    return [
        "Return-Path: <>",
        f"From: Mail Delivery System <MAILER-DAEMON@{host}>",
        f"To: {message.occasion.sender}",
        "Subject: Undelivered Mail Returned to Sender",
        f"Date: {_tokyo(bounce.time + timedelta(seconds=2))}",
        "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="sample-report"',
        "", "--sample-report", "Content-Type: text/plain; charset=us-ascii", "",
        f"This is the mail system at host {host}.", "",
        "Your message could not be delivered to one or more recipients.", "",
        "--sample-report", "Content-Type: message/delivery-status", "",
        f"Reporting-MTA: dns; {host}", f"Arrival-Date: {_tokyo(message.sent)}", "",
        f"Final-Recipient: rfc822; {message.recipient}", "Action: failed",
        f"Status: {bounce.status or '5.0.0'}",
        f"Diagnostic-Code: smtp; {bounce.text}",
        f"Last-Attempt-Date: {_tokyo(bounce.time + timedelta(seconds=1))}", "",
        "--sample-report", "Content-Type: text/rfc822-headers", "",
        *_header(message), "", "--sample-report--",
    ]  # fmt: skip


def _tokyo(moment: datetime) -> str:
    return f"{moment + _TOKYO:{_MAIL}} +0900 (JST)"
