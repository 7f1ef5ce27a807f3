"""Original: from a pasted header to what it says, the message that it is, and what leaves of it."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lasthop.pack import open_case
from lasthop.pack.attachments import attached_bytes
from lasthop.store import Workspace
from tests.original.test_forwarded import GMAIL as FORWARD
from tests.original.test_forwarded import with_attached
from tests.original.test_paste import MESSAGE
from tests.pages.opening import ROOT, Opener, fine, html_of, markdown_of, select, tags_of, texts_of

ORIGINAL = ROOT / "data" / "samples" / "original.eml"
BOUNCE = ROOT / "data" / "samples" / "bounce_mail.eml"
GMAIL = """Original Message
Message ID\t<hello-1@shop.example>
Created at:\tTue, Nov 19, 2024 at 5:00 PM (Delivered after 5 seconds)
From:\tShop <news@shop.example>
To:\talice@receiver.example
Subject:\tHello
SPF:\tPASS with IP 192.0.2.25

"""
HEADER = """Received: from o1.shop.example (o1.shop.example [192.0.2.25])
 by mx.receiver.example with ESMTPS id 4XyZ for <alice@receiver.example>; Tue, 19 Nov 2024 08:00:05 +0000
Authentication-Results: mx.receiver.example; spf=pass smtp.mailfrom=news@shop.example;
 dkim=fail header.d=other.example; dmarc=pass header.from=shop.example
Received: by app.shop.example with ESMTP id 77; Tue, 19 Nov 2024 08:00:00 +0000
Message-ID: <hello-1@shop.example>
From: Shop <news@shop.example>
To: Alice <alice@receiver.example>
Subject: :red[Hello] <script>alert(1)</script>
Date: Tue, 19 Nov 2024 08:00:00 +0000

"""


def read(at: AppTest, text: str) -> AppTest:
    """Paste a text and press the button."""
    (box,) = at.text_area
    box.set_value(text)
    return fine(next(one for one in at.button if one.label == "Read it").click().run())


@pytest.mark.parametrize("before", ["", GMAIL], ids=["header", "Gmail's page"])
def test_a_pasted_header_is_told_in_sentences_with_their_lines(opened: Opener, empty: Path, before: str) -> None:
    at = read(opened(empty, "pages/original.py"), before + HEADER)
    told = f"{texts_of(at)}\n{html_of(at)}\n{markdown_of(at)}"
    assert "it was on the way for 5 s" in told
    assert "SPF passed" in told
    assert "DKIM failed" in told
    assert "Nothing is loaded here" in told
    assert len(at.get("plotly_chart")) == 1


def test_text_without_a_header_says_what_to_ask_for(opened: Opener, empty: Path) -> None:
    at = read(opened(empty, "pages/original.py"), "Dear support, the mail never came.")
    assert "No mail header was found in this text" in [one.value for one in at.subheader]


def test_nothing_of_the_mail_is_markup(opened: Opener, empty: Path) -> None:
    at = read(opened(empty, "pages/original.py"), HEADER.replace("Shop <", ":red[Shop] <b>x</b> <"))
    assert ":red[" not in markdown_of(at)
    assert "script" not in tags_of(html_of(at))


def test_the_example_is_found_among_the_loaded_messages(opened: Opener, own_samples: Path) -> None:
    at = read(opened(own_samples, "pages/original.py"), ORIGINAL.read_text(encoding="utf-8"))
    told = texts_of(at)
    assert "Certain: an id and the recipient are the same." in told
    assert "same X-Message-Id" in told or "sg_message_id begins" in told
    table = next(one for one in at.dataframe if (one.key or "").startswith("original match"))
    assert len(table.value) == 1
    ticked = select(at, "original match", rows=(0,))
    next(one for one in ticked.button if "case" in one.label.lower() and one.key != "original_to_case").click().run()
    assert len(open_case(Workspace(own_samples)).messages) == 1


def test_the_original_goes_into_the_case_as_it_was_given(opened: Opener, own_samples: Path) -> None:
    at = read(opened(own_samples, "pages/original.py"), HEADER)
    fine(at.button(key="original_to_case").click().run())
    workspace = Workspace(own_samples)
    (one,) = open_case(workspace).attachments
    assert attached_bytes(workspace, one) == HEADER.encode()


def test_a_bounce_mail_is_told_as_one(opened: Opener, own_samples: Path) -> None:
    at = read(opened(own_samples, "pages/original.py"), BOUNCE.read_text(encoding="utf-8"))
    assert "This is a bounce mail" in [one.value for one in at.subheader]
    assert "Certain: an id and the recipient are the same." in texts_of(at)


def test_loading_puts_its_hops_onto_the_timeline(opened: Opener, own_samples: Path) -> None:
    text = HEADER.replace("hello-1@shop.example", "never-sent-before@shop.example")
    at = read(opened(own_samples, "pages/original.py"), text)
    fine(at.button(key="original_load").click().run())
    with Workspace(own_samples).snapshot() as snapshot:
        assert snapshot.value("SELECT count(*) FROM events WHERE kind = 'hop' AND host = 'mx.receiver.example'") == 1


def test_a_forwards_summary_is_told_as_no_header(opened: Opener, empty: Path) -> None:
    at = read(opened(empty, "pages/original.py"), FORWARD)
    told = html_of(at)
    assert "not with its header" in told
    assert "Show original" in told


def test_an_attached_message_is_read_in_its_place(opened: Opener, empty: Path) -> None:
    at = read(opened(empty, "pages/original.py"), with_attached(MESSAGE).decode())
    assert "4 Received lines" in html_of(at)
    at = fine(at.button(key="original_attached").click().run())
    assert "4 Received lines" not in html_of(at)
    assert "Attached to Pasted text 1" in at.selectbox[0].options[0]
