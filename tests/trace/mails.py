"""Received mails and bounce mails of made-up messages, as a mail program saves them."""

from tests.pack.exports import x_id


def received(number: int = 1, *, sendgrid: bool = True, message_id: str | None = None, to: str = "") -> bytes:
    """Message ``number`` of ``tests.pack.exports``, at its receiver; without ``sendgrid``, none of its ids stands there."""
    address = to or f"user{number}@mail.example"
    chain = [
        f"by mx.mail.example with ESMTPS id q1 for <{address}>; Mon, 02 Nov 2026 21:00:09 +0900",
    ]
    if sendgrid:
        chain += [
            "by recvd-5bd4c9fb6-p2x8q with SMTP id recvd-5bd4c9fb6-p2x8q-1-6907495B-1 "
            "2026-11-02 12:00:03.619427743 +0000 UTC m=+3.38",
            f"from MTIzNDU2Nw (unknown) by geopod-ismtpd-5 (SG) with HTTP id {x_id(number)} "
            "Mon, 02 Nov 2026 12:00:02.607 +0000 (UTC)",
        ]
    identity = message_id or f"<{x_id(number)}@geopod-ismtpd-5>"
    lines = [*(f"Received: {each}" for each in chain), "Date: Mon, 02 Nov 2026 12:00:02 +0000",
             f"Message-ID: {identity}", "From: Shop <no-reply@shop.example>", f"To: {address}",
             f"Subject: Order {number}", "", "Thank you."]  # fmt: skip
    return "\r\n".join(lines).encode()


def bounce(original: bytes, number: int = 1, *, action: str = "failed", status: str = "5.1.1",
           reply: str = "550 5.1.1 No such user", minute: int = 5) -> bytes:  # fmt: skip
    """A report on it (RFC 3464) with the header of the original."""
    header = original.split(b"\r\n\r\n")[0].decode()
    return f"""Return-Path: <>
From: MAILER-DAEMON@mx.mail.example
Subject: Undelivered Mail Returned to Sender
Date: Mon, 02 Nov 2026 21:{minute:02d}:00 +0900
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain

This is the mail system at host mx.mail.example.

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.mail.example
Arrival-Date: Mon, 02 Nov 2026 21:00:09 +0900

Final-Recipient: rfc822; user{number}@mail.example
Action: {action}
Status: {status}
Remote-MTA: dns; store.mail.example
Diagnostic-Code: smtp; {reply}
Last-Attempt-Date: Mon, 02 Nov 2026 21:{minute:02d}:00 +0900

--b1
Content-Type: text/rfc822-headers

{header}

--b1--
""".replace("\r\n", "\n").encode()
