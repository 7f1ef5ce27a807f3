"""What decided, how sure it is, where the witnesses disagree, and what else the reply names."""

import pytest

from lasthop.reply import Confidence, Reply, classify, classify_many, normalised


def test_the_deciding_words_and_rule_are_shown_as_they_stand():
    reason = classify(Reply("550 5.1.1 <a@example.com>: User Unknown here"))
    assert (reason.matched, reason.rule, reason.confidence) == ("User Unknown", "recipient.unknown", Confidence.HIGH)
    assert (reason.reply_code, reason.enhanced_code, reason.conflict) == ("550", "5.1.1", None)


@pytest.mark.parametrize(
    ("text", "confidence", "matched"),
    [
        ("550 5.2.2 no", "medium", "5.2.2"),
        ("550 5.7.1 no", "low", "5.7.1"),
        ("552 no", "low", "552"),
        ("550 access denied", "medium", "access denied"),
        ("nothing", "none", None),
    ],
)
def test_confidence_falls_from_phrase_to_reply_code(text, confidence, matched):
    reason = classify(Reply(text))
    assert (reason.confidence, reason.matched) == (confidence, matched)


@pytest.mark.parametrize(
    ("text", "label", "code"),
    [
        ("550 5.1.1 You sent to too many recipients this hour", "rate_limited", "5.1.1"),
        ("552 5.1.1 Recipient overquota", "mailbox_full", "5.1.1"),
        ("422 4.2.2 Greylisted", "greylisted", "4.2.2"),
        ("450 5.7.25 Mailbox full", "mailbox_full", "5.7.25"),
    ],
)
def test_text_goes_before_code_and_the_conflict_is_said(text, label, code):
    reason = classify(Reply(text))
    assert reason.label == label
    assert reason.conflict is not None
    assert f"code {code} says" in reason.conflict
    assert reason.confidence == Confidence.MEDIUM


def test_codes_of_two_classes_are_a_conflict():
    reason = classify(Reply("450 5.3.0 internal error"))
    assert reason.conflict == "reply code 450 and enhanced code 5.3.0 are of different classes"


def test_a_code_that_is_shared_by_many_causes_makes_no_conflict():
    assert classify(Reply("550 5.2.1 <a@example.com> user unknown")).conflict is None


@pytest.mark.parametrize(
    ("text", "attribute", "value"),
    [
        (
            "554 blocked using zen.spamhaus.org; see https://www.spamhaus.org/query/ip/192.0.2.1.",
            "blocklist",
            "Spamhaus",
        ),
        (
            "554 blocked, see https://www.spamhaus.org/query/ip/192.0.2.1.",
            "blocklist_url",
            "https://www.spamhaus.org/query/ip/192.0.2.1",
        ),
        ("554 Client host [192.0.2.1] blocked using dnsbl.example.net", "blocklist", "dnsbl.example.net"),
        ("550-5.1.1 no such user https://support.google.com/mail/?p=NoSuchUser x", "provider_token", "NoSuchUser"),
        ("550 5.7.1 on our block list (S3150)", "provider_token", "S3150"),
        ("550 5.4.1 Recipient address rejected: Access denied. AS(201806281)", "provider_token", "AS(201806281)"),
        ("421 4.7.0 [TSS04] deferred", "provider_token", "TSS04"),
        ("550 5.1.1 gone OFR_416", "provider_token", "OFR_416"),
        ("550 too many recipients this hour IB607", "provider_token", "IB607"),
        ("554 (RLY:B1) no", "provider_token", "RLY:B1"),
        ("450 Greylisted, try again in 300 seconds", "retry_after_s", "300"),
        ("450 Greylisted for 5 minutes", "retry_after_s", "300"),
        ("451 please wait 1 hour", "retry_after_s", "3600"),
        ("450 Greylisted, retry in 00:04:30", "retry_after_s", "270"),
        ("421 slow down, Retry-After: 90", "retry_after_s", "90"),
        ("550 <Hana.Yama@Example.jp> is a user unknown to us", "address", "Hana.Yama@Example.jp"),
        ("550 see http://example.com/why for more", "url", "http://example.com/why"),
    ],
)
def test_attributes(text, attribute, value):
    assert classify(Reply(text)).attributes[attribute] == value


def test_the_provider_is_named_by_host_or_domain():
    assert (
        classify(Reply("550 no", remote_host="mx.example.mail.protection.outlook.com.")).attributes["provider"]
        == "microsoft"
    )
    assert classify(Reply("550 no", recipient_domain="GMAIL.com")).attributes["provider"] == "google"
    assert "provider" not in classify(Reply("550 no", remote_host="mx.notgoogle.com")).attributes


def test_the_host_that_a_relay_names_counts_and_its_words_do_not():
    reason = classify(
        Reply("host mail.protection.outlook.com[192.0.2.1] said: 550 5.4.1 No (in reply to RCPT TO command)")
    )
    assert (reason.label, reason.attributes["provider"]) == ("invalid_recipient", "microsoft")
    assert classify(Reply("host mx.example.com [192.0.2.1]: 550 Mailbox not found")).label == "invalid_recipient"


def test_nothing_is_read_from_words_inside_an_address():
    reason = classify(Reply("550 5.7.1 refused: <mailbox.full+spam@virus.example.com>"))
    assert reason.label == "policy_related"
    assert reason.attributes["address"] == "mailbox.full+spam@virus.example.com"


@pytest.mark.parametrize("ip", ["192.0.2.250", "250.5.1.1", "5.1.1.250", "192.5.1.1"])
def test_octets_of_an_ip_are_no_codes(ip):
    reason = classify(Reply(f"refused for {ip}"))
    assert (reason.reply_code, reason.enhanced_code) == (None, None)


@pytest.mark.parametrize("text", ["wait 450 seconds", "at most 500 messages per day", "over 550 MB", "size 552kb"])
def test_amounts_are_no_codes(text):
    assert classify(Reply(text)).reply_code is None


@pytest.mark.parametrize(
    ("text", "reply_code", "enhanced"),
    [
        ("smtp;550 5.1.1 no", "550", "5.1.1"),
        ("host mx.example.com[192.0.2.1] said: 452-4.2.2 full", "452", "4.2.2"),
        ("Remote Server returned '550 5.7.606 no'", "550", "5.7.606"),
        ("554 #5.4.6 no", "554", "5.4.6"),
        ("5.0.0 - error 550 '5.1.1 no'", "550", "5.1.1"),
    ],
)
def test_codes_are_found_behind_what_a_relay_wraps_around(text, reply_code, enhanced):
    reason = classify(Reply(text))
    assert (reason.reply_code, reason.enhanced_code) == (reply_code, enhanced)


@pytest.mark.parametrize(
    ("code", "enhanced"), [("abc", "9.9.9"), ("999", "5.1"), ("", ""), ("55O", "5.1.1.1"), ("1", "x")]
)
def test_codes_of_a_wrong_form_are_left_out(code, enhanced):
    reason = classify(Reply("sorry", reply_code=code, enhanced_code=enhanced))
    assert (reason.label, reason.reply_code, reason.enhanced_code) == ("unclassified", None, None)


def test_a_code_given_apart_counts_as_one_in_the_text():
    assert classify(Reply("sorry", enhanced_code="5.2.2")).label == "mailbox_full"
    assert classify(Reply("", reply_code="552")).label == "mailbox_full"
    assert classify(Reply("5.0.0 sorry", enhanced_code="5.1.1")).enhanced_code == "5.1.1"


def test_folded_and_repeated_lines_are_one_text():
    lines = "550-5.2.2 The mailbox of Hana\r\n550-5.2.2 is now\r\n550 5.2.2 quite full"
    assert classify(Reply(lines)).matched == "mailbox of Hana is now quite full"
    assert classify(Reply(lines.replace("\r\n", " "))).matched == "mailbox of Hana is now quite full"
    assert classify(Reply(lines.replace("\r\n", "\\r\\n"))).label == "mailbox_full"


def test_many_gives_what_one_by_one_gives():
    replies = [Reply(f"550 5.1.1 <u{n % 7}@example.com> user unknown id {n % 3}") for n in range(60)]
    replies += [Reply(f"452 {n} mailbox full", recipient_domain="gmail.com") for n in range(5)]
    assert classify_many(iter(replies)) == [classify(reply) for reply in replies]
    assert classify_many([]) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("550 5.1.1 <a@example.com> no", "550 5.1.1 <bbb@example.org> no"),
        ("421 try 192.0.2.1 later", "421 try 198.51.100.77 later"),
        ("450 wait 300 seconds", "450 wait 12 seconds"),
        ("450 queued as 4BxK9Qz1LmT2", "450 queued as 9ZmA1Bc2Xy77"),
        ("550 at 2026-11-02T10:00:00Z no", "550 at 2026-12-24T23:59:59Z no"),
        ("550-5.1.1 no\r\n550 5.1.1 way", "550 5.1.1 no way"),
        ("550 id 0a1b2c3d4e5f no", "550 id ffeeddccbbaa no"),
    ],
)
def test_replies_of_one_kind_are_one_group(one, other):
    assert normalised(one) == normalised(other)


def test_normalised_keeps_the_codes_and_changes_nothing_twice():
    text = normalised("452-4.2.2 <a@example.com> at 192.0.2.1\n452 4.2.2 has 17 messages of id 0a1b2c3d4e5f")
    assert text == "452 4.2.2 <⟨address⟩> at ⟨ip⟩ has ⟨n⟩ messages of id ⟨id⟩"
    assert normalised(text) == text
