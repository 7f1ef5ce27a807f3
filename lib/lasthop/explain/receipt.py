"""The id that the receiving server gave the message: what its administrator can look for."""

import re

# What servers write into the reply to the end of the data; each names itself by its words.
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        r"\[InternalId=(?P<id>\d{3,20}), ?Hostname=[\w.-]{1,255}\]",  # Exchange, Microsoft 365
        r"\bqueued as (?P<id>[\w.-]{5,64})",  # Postfix, and what imitates it
        r"\bOK id=(?P<id>[\w-]{6,64})",  # Exim
        r"\bOK\s+\d{9,11} (?P<id>[\w.-]{6,80}) - gsmtp",  # Google
        r"\bok \d{9,11} qp (?P<id>\d{2,10})\b",  # qmail
        r"<[^<>\s]{3,320}> (?P<id>[\w+/-]{12,40}) Saved\b",  # Dovecot LMTP
        r"\b(?P<id>[\w-]{8,40}) Message accepted for delivery",  # Sendmail
        r"\bOk (?P<id>[0-9a-f]{16}-[0-9a-f-]{10,50})\b",  # Amazon SES
    )
)


def receipt(reply: str | None) -> str | None:
    """The receiving server's own id of an accepted message, from its reply; None when the reply holds none we know."""
    text = " ".join((reply or "")[:4096].split())
    for form in _FORMS:
        found = form.search(text)
        if found:
            return found["id"].rstrip(".")
    return None
