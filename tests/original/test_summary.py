"""Gmail's summary above an original message, read as evidence."""

import pytest

from lasthop.original import read_original
from lasthop.original.lines import with_line_feeds
from lasthop.original.summary import Result, Summary, split_summary

ROWS = (
    ("Message ID", "<one@mail.example>"),
    ("Created at:", "Tue, Nov 19, 2024 at 5:00 PM (Delivered after 2 minutes)"),
    ("From:", "Shop <info@example.com> Using Mailer 1.0"),
    ("To:", "taro@example.net"),
    ("Subject:", "Re: your order"),
    ("SPF:", "PASS with IP 192.0.2.4 Learn more"),
    ("DKIM:", "'PASS' with domain example.com Learn more"),
    ("DMARC:", "'FAIL' Learn more"),
)
HEADER = "From: other@example.org\nReceived: from a.example by b.example; Tue, 19 Nov 2024 08:00:00 +0000\n\nbody"


def page(between: str, title: str = "Original Message\n") -> str:
    return title + "".join(f"{label}{between}{value}\n" for label, value in ROWS)


def check(summary: Summary | None) -> None:
    assert summary is not None
    assert summary.message_id == "<one@mail.example>"
    assert summary.delivered_after == 120
    assert summary.sender == "Shop <info@example.com> Using Mailer 1.0"
    assert (summary.recipient, summary.subject) == ("taro@example.net", "Re: your order")
    assert summary.spf == Result("pass", "192.0.2.4")
    assert summary.dkim == Result("pass", "example.com")
    assert summary.dmarc == Result("fail", None)


@pytest.mark.parametrize("between", ["\t", " \t", " ", "\n", "\n\n\t"])
@pytest.mark.parametrize("title", ["Original Message\n", "Original message\n\n", "# Original Message\n", ""])
@pytest.mark.parametrize("after", ["", "\n", "\n\nDownload Original\n\nCopy to clipboard\n\n"])
def test_labels_and_values_are_read_however_they_were_copied(between: str, title: str, after: str):
    found = read_original((page(between, title) + after + HEADER).encode())
    check(found.summary)
    assert found.header.first("From").value == "other@example.org"
    assert len(found.hops) == 1
    assert found.header.body == b"body"


def test_the_labels_that_only_gmail_has_are_enough():
    text = "Message ID\t<one@mail.example>\nCreated at:\ttoday\nFrom:\tShop <info@example.com>\n\n"
    found = read_original((text + HEADER).encode())
    assert found.summary is not None
    assert (found.summary.sender, found.header.first("From").value) == ("Shop <info@example.com>", "other@example.org")


def test_the_time_in_words_is_kept_and_not_guessed():
    found = read_original((page("\t") + HEADER).encode()).summary
    assert found is not None
    assert found.created_text == "Tue, Nov 19, 2024 at 5:00 PM (Delivered after 2 minutes)"
    assert found.created is None


def test_a_header_that_begins_with_the_same_names_is_no_summary():
    data = f"Message-ID: <one@mail.example>\nFrom: a@example.com\nTo: b@example.net\nSubject: x\n{HEADER}"
    found = read_original(data.encode())
    assert found.summary is None
    assert len(found.header.all("From")) == 2


def test_a_message_without_one_has_none():
    assert split_summary(with_line_feeds(HEADER.encode()).split("\n")) == (None, 0)
    assert read_original(HEADER.encode()).summary is None
