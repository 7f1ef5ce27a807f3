"""Wordings that nobody has listed: the families of words behind the rules, in several languages and either order."""

import tomllib
from pathlib import Path

import pytest

from lasthop.reply import LABELS, Reply, classify

WORDINGS = tomllib.loads(Path(__file__).with_name("wordings.toml").read_text(encoding="utf-8"))

ACCEPTED = [
    "250 2.0.0 Ok: queued as 4Bx9Kz",
    "250 2.1.5 Recipient OK",
    "250 Message accepted for delivery",
    "250 Requested mail action okay, completed",
    "250 2.5.0 Fine, delivered to the mailbox",
    "delivered to /var/mail/emi",
    "354 End data with a dot",
]


@pytest.mark.parametrize(("label", "text"), [(label, text) for label, texts in WORDINGS.items() for text in texts])
def test_what_a_server_may_say_in_its_own_words(label, text):
    assert label in LABELS
    assert classify(Reply(text)).label == label


@pytest.mark.parametrize("text", ACCEPTED)
def test_what_refuses_nothing_has_no_reason(text):
    assert classify(Reply(text)).label == "unclassified"
