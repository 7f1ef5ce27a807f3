"""Which fields of a dossier or a case name people, and which are the ids by which a desk finds a message."""

import re

KEPT = frozenset(("provider_message_id", "x_message_id", "provider_event_id", "time_raw", "host", "ip", "template"))
"""They stay as they are, but for an address that somebody put into one."""
_OURS = """
message event event_id source_id evidence reason_event id messages sha256 time_basis vantage kind stop_list reply_code
enhanced_code outcome cause_id link_key link_confidence sent_basis confidence who basis last_kind receiver tie key
source menu menu_before entry
"""
OURS = frozenset(_OURS.split())
"""Ids that we make, codes of three digits or numbers, and words of our own lists: nobody else writes into them."""
NAMING = frozenset(("request_id", "message_id_header"))
"""Ids that an application makes, perhaps of a local part: one with four characters or more is masked."""
LEFT_OUT = frozenset(("subject", "extra", "reply", "last_reply", "category"))
"""What is left out at the level metadata."""
ADVICE = "text"
"""The field of a next step: words of our own."""
NOBODYS = "noreply@kuroco-mail.app"
"""The address of Kuroco's that our advice names; it stays there, unless it is the sender of the message."""
APP_HOST = "host of the application"
"""The field ``host`` of an event that the application tells: it gives the domain of the sender."""


def quotes(text: str, said: frozenset[str]) -> bool:
    """Whether ``text`` repeats four words in a row of what was said, or all of it."""
    low = " ".join(text.lower().split())
    return any(part in low for part in said)


_PAGE = re.compile(r"https?://[^\s/?#<>\"']+")


def pieces(texts: frozenset[str]) -> frozenset[str]:
    """What `quotes` looks for: every four words in a row, or a shorter text whole, and where a page lies."""
    found: set[str] = set()
    for text in texts:
        words = text.lower().split()
        found.update(_PAGE.findall(text.lower()))
        found |= {" ".join(words[n : n + 4]) for n in range(max(1, len(words) - 3))}
    return frozenset(each for each in found if len(each) >= 6)
