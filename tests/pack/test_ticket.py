from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lasthop.pack import FIELDS, Case, Reference, missing, parse_management_url, per_message
from lasthop.pack.ticket import reference_in_words, why_no_header
from lasthop.store import Snapshot
from lasthop.trace import Message, messages_of
from tests.pack.exports import every_message

HOST = "https://aozora.g.kuroco-mng.app"
HEADER = "Received: from mx.example\nFrom: a@b.example\nMessage-ID: <1@x>\n"


@pytest.mark.parametrize(
    ("place", "kind", "number"),
    [
        ("/management/inquiry/inquiry_edit/?inquiry_id=12", "form", "12"),
        ("/management/inquiry/inquiry_edit/inquiry_id=12", "form", "12"),
        ("/management/inquiry/inquiry_bn_list/?inquiry_id=3", "form", "3"),
        ("/management/inquiry/inquiry_bn_list/?filters=%7B%22filter%22%3A%22status%22%7D&inquiry_id=3", "form", "3"),
        ("/management/inquiry/inquiry_bn_list/?inquiry_id=3&filters=%7B%22order%22%3A%22%22%7D", "form", "3"),
        ("/management/inquiry/inquiry_reply_edit/?inquiry_bn_id=4711", "answer", "4711"),
        ("/management/inquiry/inquiry_reply_edit/inquiry_bn_id=4711", "answer", "4711"),
        ("/management/magazine/magazine_edit/?magazine_id=8", "notification", "8"),
        ("/management/magazine/magazine_edit/magazine_id=8", "notification", "8"),
        ("/management/magazine/magazine_sendmail_list/?magazine_id=8", "notification", "8"),
        ("/direct/inquiry/file_download/?file_nm=4711_ext_01", "answer", "4711"),
        ("/management/inquiry/inquiry_edit?inquiry_id=12", "form", "12"),
    ],
)
def test_every_screen_with_an_id_is_understood(place: str, kind: str, number: str) -> None:
    found = parse_management_url(f"  {HOST}{place}\n")
    assert found is not None
    assert (found.kind, found.id, found.site) == (kind, number, "aozora")
    assert parse_management_url(place) == replace(found, site=None)


def test_the_site_is_read_from_the_hosts_of_the_application_only() -> None:
    place = "/management/inquiry/inquiry_edit/?inquiry_id=1"
    hosts = {
        "aozora.g.kuroco.app": "aozora",
        "aozora.kuroco.r-cms.jp": "aozora",
        "Aozora.G.Kuroco-Mng.app:443": "aozora",
        "mng.shop.example": None,
        "aozora.g.kuroco.app.evil.example": None,
    }
    for host, site in hosts.items():
        found = parse_management_url(f"https://{host}{place}")
        assert found == Reference("form", "1", "inquiry_edit", site)
    assert parse_management_url(f"aozora.g.kuroco.app{place}") == Reference("form", "1", "inquiry_edit", "aozora")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12",
        "https://aozora.g.kuroco-mng.app/",
        f"{HOST}/management/inquiry/inquiry_edit/inquiry_id=**",
        f"{HOST}/management/inquiry/inquiry_edit/?inquiry_id=12abc",
        f"{HOST}/management/inquiry/inquiry_edit/?inquiry_id=１２",
        f"{HOST}/management/inquiry/inquiry_edit/?magazine_id=12",
        f"{HOST}/management/topics/topics_edit/?topics_id=12",
        "javascript://x/management/inquiry/inquiry_edit/?inquiry_id=12",
        "https://[broken/management/inquiry/inquiry_edit/?inquiry_id=12",
        "mailto:a@b.example",
    ],
)
def test_other_texts_name_nothing(text: str) -> None:
    assert parse_management_url(text) is None


@given(st.text())
def test_no_text_breaks_the_parser(text: str) -> None:
    parse_management_url(text)
    parse_management_url(f"{HOST}/management/inquiry/inquiry_edit/{text}")


def test_a_reference_in_words() -> None:
    assert (
        reference_in_words(f"{HOST}/management/magazine/magazine_edit/?magazine_id=8")
        == "notification 8 on the site aozora"
    )
    assert reference_in_words(" 12 ") == "id 12"
    assert reference_in_words("the contact form") is None


def messages(snapshot: Snapshot) -> list[Message]:
    return messages_of(snapshot, list(every_message(snapshot)))


def test_all_that_is_missing_is_said_with_how_to_get_it(snapshot: Snapshot) -> None:
    said = missing(Case("c"), messages(snapshot))
    assert len(said) == 3
    assert said[0].startswith("The id or management URL of the form or notification is missing. Open the form")
    assert "Show original" in said[1]
    assert said[2].startswith("Inquiry no. of messages m")
    assert all(sentence.endswith(".") for sentence in said)


def test_nothing_is_missing_from_a_full_ticket(snapshot: Snapshot) -> None:
    known = messages(snapshot)
    numbers = {per_message("number", message.message): "5" for message in known}
    ticket = {"reference": "12", "header": HEADER, **numbers}
    assert missing(Case("c", ticket=ticket), known) == []


def test_a_notification_and_an_answer_need_no_inquiry_numbers(snapshot: Snapshot) -> None:
    for place in ("magazine/magazine_edit/?magazine_id=8", "inquiry/inquiry_reply_edit/?inquiry_bn_id=5"):
        ticket = {"reference": f"{HOST}/management/{place}", "header": HEADER}
        assert missing(Case("c", ticket=ticket), messages(snapshot)) == []


def test_what_is_there_but_no_use_is_said(snapshot: Snapshot) -> None:
    said = missing(Case("c", ticket={"reference": "the form", "header": "From: a@b.example"}), messages(snapshot))
    assert "neither an id nor a page" in said[0]
    assert "neither a Received nor a Message-ID line" in said[1]


def test_a_message_that_no_server_accepted_may_have_no_header(snapshot: Snapshot) -> None:
    bounced = messages(snapshot)[:1]
    assert not any("header" in each for each in missing(Case("c"), bounced))
    assert why_no_header(Case("c"), bounced) == (
        "No header is asked for: no server is known to have accepted any of these messages, so nobody received one. "
        "Where one did arrive, paste its header."
    )
    assert why_no_header(Case("c", ticket={"header": HEADER}), bounced) is None


def test_from_is_asked_for_where_no_source_tells_it(snapshot: Snapshot) -> None:
    one = replace(messages(snapshot)[0], sender=None)
    ticket = {"reference": "12", "header": HEADER, per_message("number", one.message): "5"}
    assert missing(Case("c", ticket=ticket), [one]) == [
        f"From of message {one.message} is missing. {FIELDS['sender'].hint}"
    ]
    assert missing(Case("c", ticket={**ticket, per_message("sender", one.message): "shop@x.example"}), [one]) == []


def test_many_messages_are_counted(snapshot: Snapshot) -> None:
    many = [replace(messages(snapshot)[0], message=f"m{n}") for n in range(9)]
    assert missing(Case("c"), many)[-1].startswith("Inquiry no. of messages m0, m1, m2, m3, m4 and 4 more is missing.")
