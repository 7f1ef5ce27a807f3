"""What servers write, in our own words, and the reason it stands for."""

import pytest

from lasthop.reply import LABELS, Reply, classify, reasons

TEXTS = {
    "invalid_recipient": [
        "550 5.1.1 <nobody@example.com>: Recipient address rejected: User unknown in the alias table",
        "550 No such mailbox at example.org",
        "550 The recipient does not exist on this server",
        "550-5.1.1 The account you look for\n550-5.1.1 could not be found: recipient not found\n550 5.1.1 at all",
        "550 Empfänger unbekannt",
        "550 宛先不明です",
        "host mx.example.net[192.0.2.1] said: 550 #5.1.0 Address rejected. (in reply to RCPT TO command)",
    ],
    "bad_domain": [
        "Domain example.invalid does not exist",
        "550 5.1.2 Host unknown: mx.example.invalid",
        "556 5.1.10 example.com publishes a null MX",
        "lookup example.invalid on 192.0.2.53:53: no such host",
    ],
    "inactive_mailbox": [
        "554 Mailbox disabled since spring",
        "550 5.2.1 This account is suspended",
        "550 Compte désactivé",
    ],
    "mailbox_moved": ["551 Hana has moved to hana@example.net", "550 5.1.6 gone away"],
    "mailbox_full": [
        "452 4.2.2 Over quota",
        "552 Mailbox of taro is full",
        "550 5.2.2 Postfach voll",
        "552 容量を超えています",
    ],
    "recipient_refused": [
        "550 You do not have permission to send to this list; members only",
        "550 5.7.1 Blocked by recipient",
        "La groupe staff n'existe peut-être pas",
    ],
    "authentication_failed": ["550 5.7.1 DMARC says no", "550 SPF check failed: fail", "554 DKIM signature is broken"],
    "sender_rejected": ["450 4.1.8 <a@example.com>: Sender address rejected: Domain not found", "553 Invalid sender"],
    "reverse_dns_failure": [
        "450 4.7.1 Client host rejected: cannot find your hostname, [192.0.2.1]",
        "550 The address 192.0.2.1 has no PTR record",
        "504 <box>: Helo command rejected: not fully qualified",
    ],
    "relay_denied": [
        "554 5.7.1 Relay access denied, <x@example.org> lives elsewhere",
        "550 Unable to relay for x@example.org",
    ],
    "smtp_auth_failed": ["535 5.7.8 Bad username or password", "530 Authentication required"],
    "esp_account": ["550 The From address does not match a verified sender", "Maximum credits exceeded"],
    "suppressed": [
        "Bounced Address",
        "Unsubscribed Address",
        "Spam Reporting Address",
        "address is on the suppression list",
    ],
    "reputation_block": [
        "554 5.7.1 Client host [192.0.2.1] blocked using bl.example.net",
        "550 5.7.1 Your IP has a poor reputation",
        "554 Connection refused: 192.0.2.9 is listed",
    ],
    "rate_limited": ["421 Too many connections from 192.0.2.1", "450 4.7.0 Rate limit reached, slow down"],
    "greylisted": ["450 4.2.0 Greylisted, come again in 300 seconds", "422 4.2.2 Greylisted"],
    "spam_content": ["554 5.7.1 Message looks like spam to us", "550 Rejected due to content restrictions"],
    "virus_detected": ["550 A virus (Example.A) was found", "554 Malware in the second part"],
    "prohibited_attachment": ["552 5.7.0 Attachment type .scr is not allowed here"],
    "malformed_message": ["550 5.6.0 Duplicate header 'Subject'", "554 Message is not RFC 5322 compliant"],
    "message_too_large": ["552 5.3.4 Message size exceeds the limit of 10240000", "552 5.2.3 no"],
    "policy_related": ["550 5.7.1 Refused by local policy", "550 Administrative prohibition"],
    "tls_failure": [
        "454 4.7.0 TLS not available",
        "530 Must issue a STARTTLS command first",
        "x509: certificate expired",
    ],
    "dns_failure": ["451 4.4.3 DNS lookup of example.com failed: SERVFAIL", "Host not found, try again"],
    "connection_failed": [
        "connect to mx.example.com[192.0.2.1]:25: Connection refused",
        "dial tcp 192.0.2.1:25: i/o timeout",
    ],
    "routing_error": ["554 5.4.6 Too many hops", "550 Mail loops back to myself"],
    "message_expired": ["Delivery time expired", "retry timeout exceeded after a week"],
    "receiver_system_error": ["452 4.3.1 Insufficient system storage", "451 Internal error, sorry", "451"],
    "protocol_error": ["503 5.5.1 Bad sequence of commands", "500 Command unrecognized"],
    "too_many_recipients": ["452 4.5.3 Too many recipients", "552 too many recipients for us"],
    "complaint": ["This is an email abuse report for a message of yours"],
    "auto_reply": ["Out of office: back on Monday", "自動返信: 休暇中です"],
    "unclassified": ["", "hm", "550 hm", "5.0.0", "250 2.0.0 OK"],
}


def test_every_label_is_in_the_table():
    assert set(TEXTS) == set(LABELS)


@pytest.mark.parametrize(("label", "text"), [(label, text) for label, texts in TEXTS.items() for text in texts])
def test_own_words(label, text):
    reason = classify(Reply(text))
    assert reason.label == label
    meaning = reasons()[label]
    assert (reason.who, reason.next_step) == (meaning.who, meaning.next_step)


@pytest.mark.parametrize(
    ("host", "domain", "text", "label"),
    [
        ("example-jp.mail.protection.outlook.com", None, "550 5.4.1 No", "invalid_recipient"),
        (None, None, "550 5.4.1 No", "connection_failed"),
        ("mx2.mail.icloud.com", None, "554 5.7.1 [HM08] No", "spam_content"),
        ("aspmx.l.google.com", None, "550 5.7.27 No", "authentication_failed"),
        (None, None, "550 5.7.27 No", "sender_rejected"),
        (None, "gmail.com", "421 4.7.29 No", "tls_failure"),
        (None, "docomo.ne.jp", "550 5.2.0 No", "recipient_refused"),
        (None, "ezweb.ne.jp", "550 Not deliverable there", "invalid_recipient"),
    ],
)
def test_the_same_code_means_other_things_elsewhere(host, domain, text, label):
    assert classify(Reply(text, remote_host=host, recipient_domain=domain)).label == label


@pytest.mark.parametrize(
    ("command", "label"),
    [("MAIL FROM", "sender_rejected"), ("RCPT", "invalid_recipient"), ("DATA", "unclassified"), (None, "unclassified")],
)
def test_the_command_tells_what_a_bare_550_refused(command, label):
    assert classify(Reply("550 no", smtp_command=command)).label == label


@pytest.mark.parametrize(
    ("text", "permanence"),
    [
        ("550 5.1.1 user unknown, alas", "hard"),
        ("450 4.1.1 user unknown", "temporary"),
        ("4.1.1 user unknown", "temporary"),
        ("552 5.2.2 mailbox full, alas", "soft"),
        ("550 Greylisted", "temporary"),
        ("Out of office", "none"),
    ],
)
def test_a_4xx_reply_is_temporary_whatever_the_cause(text, permanence):
    assert classify(Reply(text)).permanence == permanence
