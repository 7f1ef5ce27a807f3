"""Bounce mails: by their fields, by their words, and what is none."""

import time

import pytest

from lasthop.original.dsn import Dsn, read_dsn
from tests.trace.mails import bounce, received


def mail(notice: str, *, sender: str = "MAILER-DAEMON@mx.example.net", subject: str = "failure notice",
         more: str = "") -> bytes:  # fmt: skip
    header = f"From: {sender}\nSubject: {subject}\nDate: Mon, 02 Nov 2026 21:05:00 +0900\n{more}\n"
    return (header + notice).encode()


def told(data: bytes) -> list[tuple[str | None, str | None, str | None, str | None]]:
    dsn = read_dsn(data)
    assert dsn is not None
    return [(one.recipient, one.action, one.status, one.diagnostic) for one in dsn.recipients]


def read(data: bytes) -> Dsn:
    dsn = read_dsn(data)
    assert dsn is not None
    return dsn


def test_the_fields_of_a_delivery_status() -> None:
    dsn = read(bounce(received()))
    (one,) = dsn.recipients
    assert (one.recipient, one.action, one.status) == ("user1@mail.example", "failed", "5.1.1")
    assert (one.diagnostic, one.remote_mta, one.reporting_mta) == (
        "550 5.1.1 No such user", "store.mail.example", "mx.mail.example",
    )  # fmt: skip
    assert one.last_attempt is not None
    assert one.last_attempt.time.isoformat() == "2026-11-02T12:05:00+00:00"
    assert one.form == "rfc3464"
    assert bounce(received()).decode().split("\n")[one.line - 1].startswith("Final-Recipient:")
    assert dsn.returned is not None
    assert (dsn.returned.message_id, dsn.returned.subject) == ("<xxxxxxxxxxxxxxxx000001@geopod-ismtpd-5>", "Order 1")


def test_fields_that_are_not_there_are_none() -> None:
    data = bounce(received())
    for name in (b"Remote-MTA", b"Diagnostic-Code", b"Last-Attempt-Date", b"Status"):
        data = b"\n".join(line for line in data.split(b"\n") if not line.startswith(name))
    (one,) = read(data).recipients
    assert (one.status, one.diagnostic, one.remote_mta, one.last_attempt) == (None, None, None, None)


@pytest.mark.parametrize("lost", ["boundary", "type", "header"])
def test_the_fields_are_read_where_the_mime_is_broken(lost: str) -> None:
    data = bounce(received()).decode()
    if lost == "boundary":
        data = data.replace('; boundary="b1"', "")
    elif lost == "type":
        data = data.replace("Content-Type: message/delivery-status", "Content-Type: text/plain")
    else:
        data = data.replace(
            'MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary="b1"\n', ""
        )
    assert told(data.encode()) == [("user1@mail.example", "failed", "5.1.1", "550 5.1.1 No such user")]


def test_each_recipient_has_its_own_fields() -> None:
    more = "\nFinal-Recipient: rfc822; other@mail.example\nAction: delayed\nStatus: 4.2.2\n\n--b1\nContent-Type: text/rfc822-headers"
    data = bounce(received()).decode().replace("\n--b1\nContent-Type: text/rfc822-headers", more).encode()
    assert [row[:3] for row in told(data)] == [
        ("user1@mail.example", "failed", "5.1.1"), ("other@mail.example", "delayed", "4.2.2"),
    ]  # fmt: skip


QMAIL = """Hi. This is the qmail-send program at mx.example.net.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<user@example.org>:
192.0.2.7 does not like recipient.
Remote host said: 550 5.1.1 No such user
Giving up on 192.0.2.7.

--- Below this line is a copy of the message.

Return-Path: <no-reply@shop.example>
Message-ID: <own@shop.example>
Subject: Order
"""
EXIM = """This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  user@example.org
    host mx.example.org [192.0.2.7]
    SMTP error from remote mail server after RCPT TO:<user@example.org>:
    550 No such user

------ This is a copy of the message, including all the headers. ------

Message-ID: <own@shop.example>
"""
POSTFIX = """This is the Postfix program at host mx.example.net.

I'm sorry to have to inform you that the message returned
below could not be delivered to one or more destinations.

<user@example.org>: host mx.example.org[192.0.2.7] said: 552 5.2.2 Mailbox
    full (in reply to RCPT TO command)
"""
GMAIL = """Delivery to the following recipient failed permanently:

     user@example.org

Technical details of permanent failure:
Google tried to deliver your message, but it was rejected by the server.

The error that the other server returned was:
550 5.1.1 User unknown

----- Original message -----

Message-ID: <own@shop.example>
"""
EXCHANGE = """Delivery has failed to these recipients or groups:

user@example.org<mailto:user@example.org>
The email address wasn't found.

Diagnostic information for administrators:

Generating server: mbx.example.net

user@example.org
Remote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound'

Original message headers:

Message-ID: <own@shop.example>
"""
DOMINO = """Your message

  Subject: Order

was not delivered to:

  user@example.org

because:

  User user (user@example.org) not listed in Domino Directory
"""
CARRIER = """Each of the following recipients was rejected by a remote mail server.

    Recipient: <user@carrier.example.jp>
    >>> RCPT TO:<user@carrier.example.jp>
    <<< 550 <user@carrier.example.jp>: User unknown
"""
SENDMAIL = """   ----- The following addresses had permanent fatal errors -----
<user@example.org>
    (reason: 550 5.7.1 Denied)

   ----- Transcript of session follows -----
... while talking to mx.example.org.:
"""
WAITING = """THIS IS A WARNING MESSAGE ONLY. YOU DO NOT NEED TO RESEND YOUR MESSAGE.

Your message could not be delivered yet. It will be retried.

<user@example.org>: connect to mx.example.org[192.0.2.7]:25: Connection timed out
"""


@pytest.mark.parametrize(
    ("notice", "recipient", "action", "status", "said", "host"),
    [
        (QMAIL, "user@example.org", "failed", "5.1.1", "550 5.1.1 No such user", None),
        (EXIM, "user@example.org", "failed", None, "550 No such user", "mx.example.org"),
        (POSTFIX, "user@example.org", "failed", "5.2.2", "552 5.2.2 Mailbox full (in reply", "mx.example.org"),
        (GMAIL, "user@example.org", "failed", "5.1.1", "550 5.1.1 User unknown", None),
        (EXCHANGE, "user@example.org", "failed", "5.1.10", "550 5.1.10 RESOLVER.ADR", None),
        (DOMINO, "user@example.org", "failed", None, "not listed in Domino Directory", None),
        (CARRIER, "user@carrier.example.jp", "failed", None, "User unknown", None),
        (SENDMAIL, "user@example.org", "failed", "5.7.1", "550 5.7.1 Denied", "mx.example.org"),
        (WAITING, "user@example.org", "delayed", None, "Connection timed out", "mx.example.org"),
    ],
    ids=["qmail", "exim", "postfix", "gmail", "exchange", "domino", "carrier", "sendmail", "waiting"],
)
def test_the_words_of_mailers(
    notice: str, recipient: str, action: str, status: str | None, said: str, host: str | None
) -> None:
    for data in (mail(notice), mail(notice).replace(b"\n", b"\r\n")):
        (one,) = read(data).recipients
        assert (one.recipient, one.action, one.status, one.form) == (recipient, action, status, "words")
        assert said in (one.diagnostic or "")
        if host:
            assert one.remote_mta == host


def test_the_words_below_the_notice_are_the_returned_message() -> None:
    for notice in (QMAIL, EXIM, GMAIL):
        dsn = read(mail(notice))
        assert dsn.returned is not None
        assert dsn.returned.message_id == "<own@shop.example>"


def test_the_header_names_a_recipient_that_the_words_do_not() -> None:
    data = mail("Der Empfang war nicht möglich.", more="X-Failed-Recipients: user@example.org\n")
    assert told(data) == [("user@example.org", "failed", None, None)]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0\xff" * 50,
        b"Subject: a\nno field \xff\n\n\xff",
        received(),
        mail("Undeliverable parcels are kept here. <user@example.org>: see above", sender="shop@example.com"),
        mail("Nothing about any delivery.", subject="Your invoice"),
        b"Content-Type: multipart/report; boundary=x\n\n--x\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\n--x--",
    ],
    ids=["empty", "bytes", "no field", "received", "customer", "invoice", "complaint"],
)
def test_what_is_no_bounce_mail(data: bytes) -> None:
    assert read_dsn(data) is None


@pytest.mark.parametrize(
    "body",
    [
        "<" * 400_000, "<style" * 60_000, "<user@example.org>:\n" * 20_000, "a@" * 200_000, "550 " * 100_000,
        "Final-Recipient: rfc822;x@example.org\n" * 20_000, "--x\n" * 100_000,
    ],
    ids=["angles", "tags", "heads", "ats", "codes", "fields", "boundaries"],
)  # fmt: skip
def test_hostile_sizes_take_no_long_time(body: str) -> None:
    data = mail(f"could not be delivered\n{body}", more="Content-Type: text/html\n" if "<style" in body else "")
    began = time.process_time()
    read_dsn(data)
    assert time.process_time() - began < 4
