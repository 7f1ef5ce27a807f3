"""SendGrid's Email Activity export: the main way in."""

import json

import pytest

from tests.read.taking import lines, take

HEADER = "processed,message_id,event,recv_message_id,email,type,reason,attempt,mx,outbound_ip,is_unique,categories"


def row(event: str = "delivered", **cells: str) -> str:
    full = {
        "processed": "2026-07-08 12:00:20.500",
        "message_id": "k2ynMg3XS1qDPmHIqsFJFA.recvd-86b77d8cc7-8d6gn-1-69D759AA-14.0",
        "event": event,
        "recv_message_id": "k2ynMg3XS1qDPmHIqsFJFA",
        "email": "User@Example.com",
    } | cells
    return ",".join(full.get(label, "") for label in HEADER.split(","))


def test_a_row_becomes_an_event() -> None:
    reply = '"550 5.1.1 no such user, ""really"""'
    taken = take(lines(HEADER, row("bounce", type="bounce", reason=reply, attempt="0", is_unique="true", mx="mx.a.jp")))

    event = taken.event
    assert taken.result.fast
    assert taken.sniffed.format == "sendgrid_activity"
    assert not taken.sniffed.asks_zone
    assert event["source_line"] == 2
    assert event["time_ms"] == 1_783_512_020_500
    assert event["time_raw"] == "2026-07-08 12:00:20.500"
    assert event["time_basis"] == "inferred"
    assert event["vantage"] == "provider"
    assert (event["kind"], event["kind_raw"]) == ("bounce_hard", "bounce/bounce")
    assert event["recipient"] == "user@example.com"
    assert event["x_message_id"] == "k2ynMg3XS1qDPmHIqsFJFA"
    assert event["reply"] == '550 5.1.1 no such user, "really"'
    assert (event["reply_code"], event["enhanced_code"]) == ("550", "5.1.1")
    assert (event["attempt"], event["host"]) == (0, "mx.a.jp")
    assert json.loads(event["extra"]) == {"is_unique": "true"}
    assert event["subject"] is None


@pytest.mark.parametrize(
    ("word", "type", "kind"),
    [
        ("drop", "", "dropped"),
        ("dropped", "", "dropped"),
        ("bounce", "blocked", "bounce_blocked"),
        ("bounce", "", "bounce_untyped"),
        ("bounce", "expired", "bounce_expired"),
        ("Bounce", "Blocked", "bounce_blocked"),
        ("spamreport", "", "spam_report"),
        ("Spam  Report", "", "spam_report"),
        ("group-unsubscribe", "", "group_unsubscribe"),
        ("teleported", "", "other"),
    ],
)
def test_every_spelling_of_an_event_is_one_kind(word: str, type: str, kind: str) -> None:
    event = take(lines(HEADER, row(word, type=type))).event

    assert event["kind"] == kind
    assert event["kind_raw"] == (f"{word}/{type}" if type else word)


def test_columns_are_read_by_name_in_any_order_and_number() -> None:
    event = take(lines("email,event,url,processed", "a@x.jp,click,https://x.jp/?q=1,2026-07-08 12:00:20.000")).event

    assert (event["recipient"], event["kind"]) == ("a@x.jp", "click")
    assert json.loads(event["extra"]) == {"url": "https://x.jp/?q=1"}


def test_a_copy_that_was_saved_again_with_other_labels() -> None:
    taken = take(lines("Timestamp;Event;Email id;Note", "1783512020;processed;a@x.jp;看過"), "copy.txt")

    assert taken.sniffed.mapping == {"Timestamp": "time", "Event": "event", "Email id": "recipient"}
    assert (taken.event["time_ms"], taken.event["time_basis"]) == (1_783_512_020_000, "explicit")
    assert json.loads(taken.event["extra"]) == {"Note": "看過"}


def test_what_a_person_says_of_a_column_wins() -> None:
    text = lines("processed,event,email,real address", "2026-07-08 12:00:20.000,open,wrong@x.jp,right@x.jp")
    event = take(text, mapping={"real address": "recipient"}).event

    assert event["recipient"] == "right@x.jp"
    assert json.loads(event["extra"]) == {"email": "wrong@x.jp"}


def test_a_repeated_label_is_kept_under_another_name_and_said() -> None:
    taken = take(lines("processed,event,email,email", "2026-07-08 12:00:20.000,open,first@x.jp,second@x.jp"))

    assert taken.event["recipient"] == "first@x.jp"
    assert json.loads(taken.event["extra"]) == {"email (2)": "second@x.jp"}
    assert taken.result.notes == ("The header repeats a column: the further one is read as 'email (2)'.",)


def test_a_reply_of_several_lines_and_the_lines_after_it() -> None:
    taken = take(lines(HEADER, row(), row(reason='"421 later\r\nplease\nwait"'), "", row("open"), row("click")))

    assert taken.result.fast
    assert [event["source_line"] for event in taken.events] == [2, 3, 7, 8]
    assert taken.events[1]["reply"] == "421 later\r\nplease\nwait"


def test_the_reader_of_a_mail_is_not_the_sender_of_it() -> None:
    opened = take(lines(HEADER, row("open", outbound_ip="203.0.113.9"))).event
    delivered = take(lines(HEADER, row("delivered", outbound_ip="198.51.100.1"))).event

    assert opened["ip"] is None
    assert json.loads(opened["extra"]) == {"ip": "203.0.113.9"}
    assert delivered["ip"] == "198.51.100.1"


def test_an_attempt_that_is_no_number_is_not_lost() -> None:
    event = take(lines(HEADER, row("deferred", attempt="many"))).event

    assert event["attempt"] is None
    assert json.loads(event["extra"]) == {"attempt": "many"}


@pytest.mark.parametrize(
    ("reply", "code", "enhanced"),
    [
        ("550 5.1.1 gone", "550", "5.1.1"),
        ("550-5.7.26 unauthenticated", "550", "5.7.26"),
        ("  421 try again", "421", None),
        ("Bounced Address", None, None),
        ("host 2.34.5.6 said no", None, None),
        ("error: (4.4.1) no answer", None, "4.4.1"),
        ("20260101 was the day", None, None),
    ],
)
def test_codes_are_taken_from_the_reply(reply: str, code: str | None, enhanced: str | None) -> None:
    event = take(lines(HEADER, row("bounce", reason=reply))).event

    assert (event["reply_code"], event["enhanced_code"]) == (code, enhanced)


@pytest.mark.parametrize("subject", ["=HYPERLINK(1)", "**bold** ![x](http://x)", "<b>x</b>", "+1", "@x", "ご注文 🎉"])
def test_hostile_text_is_kept_as_it_is(subject: str) -> None:
    text = lines("processed,event,email,subject", f"2026-07-08 12:00:20.000,open,a@x.jp,{subject}")

    assert take(text).event["subject"] == subject


@pytest.mark.parametrize(
    ("cell", "recipient"),
    [
        (" User@X.jp ", "user@x.jp"),
        ("no-at-sign", "no-at-sign"),
        ('"a@x.jp\nBcc: b@x.jp"', "a@x.jp\ufffdbcc:\ufffdb@x.jp"),
        ("a\u3000b@x.jp", "a\ufffdb@x.jp"),
        ("\ufeffa@x.jp", "a@x.jp"),
        ("太郎@例え.jp", "太郎@例え.jp"),
    ],
)
def test_dirty_addresses_stay_but_break_nothing(cell: str, recipient: str) -> None:
    assert take(lines(HEADER, row(email=cell))).event["recipient"] == recipient
