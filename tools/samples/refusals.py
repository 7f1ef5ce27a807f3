"""Final answers of receiving servers, by reason and by the style of the server."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Refusal:
    """A permanent or final answer, with what the provider makes of it."""

    type: str
    status: str
    classification: str
    text: str


_UNKNOWN = "bounce", "5.1.1", "Invalid Address"
_REPUTATION = "blocked", "5.7.1", "Reputation"
REFUSALS: dict[tuple[str, str], Refusal] = {
    ("unknown", "google"): Refusal(
        *_UNKNOWN,
        "550 5.1.1 The email account that you tried to reach does not exist. Please try double-checking the "
        "recipient's email address for typos or unnecessary spaces. Learn more at "
        "https://support.google.com/mail/?p=NoSuchUser {gid} - gsmtp",
    ),
    ("unknown", "microsoft"): Refusal(
        "bounce",
        "5.1.10",
        "Invalid Address",
        "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient {rcpt} not found by SMTP address lookup",
    ),
    ("unknown", "yahoo"): Refusal(
        "bounce",
        "5.0.0",
        "Invalid Address",
        "554 delivery error: dd This user doesn't have a {domain} account ({rcpt}) [0] - mta{num}.mail.{domain}",
    ),
    ("unknown", "carrier"): Refusal("bounce", "550", "Invalid Address", "550 Unknown user {rcpt}"),
    ("unknown", "postfix"): Refusal(
        *_UNKNOWN, "550 5.1.1 <{rcpt}>: Recipient address rejected: User unknown in virtual mailbox table"
    ),
    ("disabled", "google"): Refusal(
        "bounce",
        "5.2.1",
        "Mailbox Unavailable",
        "550 5.2.1 The email account that you tried to reach is inactive. Learn more at "
        "https://support.google.com/mail/?p=DisabledUser {gid} - gsmtp",
    ),
    ("disabled", "*"): Refusal(
        "bounce",
        "5.2.1",
        "Mailbox Unavailable",
        "550 5.2.1 <{rcpt}>: mailbox disabled, not accepting messages",
    ),
    ("reputation", "google"): Refusal(
        *_REPUTATION,
        "550-5.7.1 [{ip}] Gmail has detected that this message is likely suspicious due to the very low "
        "reputation of the sending domain.\n550-5.7.1 To best protect our users from spam, the message has "
        "been blocked.\n550 5.7.1 {gid} - gsmtp",
    ),
    ("reputation", "microsoft"): Refusal(
        *_REPUTATION,
        "550 5.7.1 Unfortunately, messages from [{ip}] weren't sent. Please contact your Internet service "
        "provider since part of their network is on our block list (S3140). [{mshost} {iso} {token}]",
    ),
    ("reputation", "*"): Refusal(
        *_REPUTATION,
        "554 5.7.1 Your access to this mail system has been rejected due to poor reputation, {ip}",
    ),
    ("list", "*"): Refusal(
        *_REPUTATION,
        "554 5.7.1 Service unavailable; Client host [{ip}] blocked using bl.blocklist.example; "
        "Listed, see https://bl.blocklist.example/query/{ip}",
    ),
    ("content", "google"): Refusal(
        "blocked",
        "5.7.0",
        "Content",
        "552 5.7.0 This message was blocked because its content presents a potential security issue. "
        "https://support.google.com/mail/?p=BlockedMessage {gid} - gsmtp",
    ),
    ("content", "*"): Refusal(
        "blocked",
        "5.7.1",
        "Content",
        '554 5.7.1 Message rejected, "spam score 8.1 of 6.0", please review its content ({queue})',
    ),
    ("quota", "google"): Refusal(
        "blocked",
        "4.2.2",
        "Mailbox Unavailable",
        "452 4.2.2 The recipient's inbox is out of storage space. Please direct the recipient to "
        "https://support.google.com/mail/?p=OverQuotaTemp {gid} - gsmtp",
    ),
    ("quota", "*"): Refusal("blocked", "5.2.2", "Mailbox Unavailable", "552 5.2.2 <{rcpt}>: Mailbox full, over quota"),
    ("policy", "google"): Refusal(
        "blocked",
        "5.7.26",
        "Reputation",
        "550 5.7.26 This mail has been blocked because the sender is unauthenticated. Gmail requires all "
        "senders to authenticate with either SPF or DKIM. {gid} - gsmtp",
    ),
    ("policy", "*"): Refusal(
        "blocked",
        "5.7.1",
        "Mailbox Unavailable",
        "550 5.7.1 <{rcpt}>: Recipient refuses mail from this sender",
    ),
    ("domain", "*"): Refusal(
        "blocked",
        "",
        "Unclassified",
        "unable to get mx info: failed to get IPs from PTR record: lookup <nil>: unrecognized address",
    ),
}


def refusal(why: str, style: str) -> Refusal:
    """How this kind of server refuses for that reason."""
    return REFUSALS.get((why, style)) or REFUSALS.get((why, "*")) or REFUSALS[(why, "postfix")]
