"""What a reply names beside its reason: block list, provider's token, time to wait, address, page to read."""

import re

from lasthop.reply.scan import MARKS, URL_MARK, WAIT_MARKS

_URL = re.compile(r"https?://[^\s<>()\"'`]{4,300}", re.IGNORECASE)
_LISTED = ("reputation_block", "spam_content", "policy_related", "rate_limited", "greylisted", "unclassified")
_ZONE = re.compile(
    r"(?:using|listed (?:at|in|on|by)|blocked by|found (?:on|in)|block ?list:?|present on|rejected by|by|in) "
    r"(?:the )?(?:dnsbl |rbl |blacklist |blocklist )?<?((?:[a-z0-9_-]{1,40}\.){1,5}[a-z]{2,12})\b"
)
_LISTS = {  # what stands in the reply or its link -> the list
    "spamhaus": "Spamhaus", "spamcop": "SpamCop", "barracudacentral": "Barracuda", "sorbs": "SORBS",
    "uceprotect": "UCEPROTECT", "abusix": "Abusix", "invaluement": "Invaluement", "mailspike": "Mailspike",
    "surbl": "SURBL", "uribl": "URIBL", "cloudmark": "Cloudmark", "senderscore": "Validity Sender Score",
    "proofpoint.com": "Proofpoint", "psbl": "PSBL", "spamrats": "SpamRATS", "manitu": "NiX Spam",
    "nixspam": "NiX Spam", "senderbase": "Talos", "talosintelligence": "Talos", "cbl.abuseat": "CBL",
    "backscatterer": "Backscatterer", "junkemailfilter": "Hostkarma", "s5h.net": "S5H",
    "trendmicro": "Trend Micro ERS", "mail-abuse": "Trend Micro ERS", "gbudb": "GBUdb", "truncate": "GBUdb",
    "blocklist.de": "blocklist.de", "interserver": "InterServer RBL", "0spam": "0spam", "hetrix": "HetrixTools",
    "rfc-ignorant": "RFC-Ignorant", "anonmails": "anonmails.de", "spfbl": "SPFBL", "ahbl": "AHBL", "njabl": "NJABL",
    "dronebl": "DroneBL",
}  # fmt: skip
_KNOWN = re.compile("|".join(re.escape(mark) for mark in _LISTS))
_LISTLIKE = re.compile(r"bl\.|rbl|dnsbl|black|bl-|spam|block|list\.")
_TOKEN_MARKS = frozenset(range(len(MARKS))) - WAIT_MARKS - {URL_MARK}
_TOKEN = re.compile(
    r"[?&]p=(?P<anchor>[a-z0-9_.-]{2,40})"
    r"|\((?P<paren>s[0-9]{3,5}|(?:rly|con|dyn|dns|hvu|rtr):[a-z0-9]{2,3})\)"
    r"|\[(?P<bracket>[a-z]{2,5}[0-9]{2,3})(?::[0-9a-z]{1,4})?\]"
    r"|\b(?P<word>as\([0-9]{3,12}\)|(?:ofr|lpn)[0-9]{0,3}_[0-9]{3}|ib[0-9]{3}[a-z]?|aup\#[a-z0-9-]{2,12})(?![a-z0-9])",
    re.IGNORECASE,
)
_WAIT = re.compile(
    r"(?:in|after|wait|retry|try again|later|minimum|for|next|delay|again)[^0-9.]{1,24}"
    r"([0-9]{1,5}) ?(s|sec|secs|seconds?|m|min|mins|minutes?|h|hours?)\b|retry[- ]?after[: =]{1,2}([0-9]{1,5})"
)
_CLOCK = re.compile(r"(?:in|for|wait|after) (?:([0-9]{1,2}):)?([0-5]?[0-9]):([0-5][0-9])\b")
_SECONDS = {"s": 1, "m": 60, "h": 3600}


def attributes(shown: str, present: frozenset[int], label: str, owner: str | None) -> dict[str, str]:
    """What the reply names beside its reason; only what is there, a block list only where ``label`` can come from one.

    The names are blocklist, blocklist_url, provider, provider_token, url, and retry_after_s (seconds).

    ``shown`` is the folded text, ``present`` the marks that the scan has seen in it, ``owner`` the provider if known.
    """
    found: dict[str, str] = {}
    if owner:
        found["provider"] = owner
    if URL_MARK in present:
        url = _URL.search(shown)
        if url:
            found["url"] = url[0].rstrip(".,;:!]")
    if label in _LISTED:
        _blocklist(shown.lower(), found)
    if not present.isdisjoint(_TOKEN_MARKS):
        token = _TOKEN.search(shown)
        if token:
            found["provider_token"] = token[token.lastgroup or 0]
    if not present.isdisjoint(WAIT_MARKS):
        seconds = _retry_after(shown.lower())
        if seconds is not None:
            found["retry_after_s"] = str(seconds)
    return found


def _blocklist(text: str, found: dict[str, str]) -> None:
    """The list by its own name where that is known, else by the zone that was asked (``bl.example.org``)."""
    known = _KNOWN.search(text)
    if known:
        name: str | None = _LISTS[known[0]]
    else:
        zone = _ZONE.search(text) if "bl." in text or "list." in text or "rbl" in text else None
        name = zone[1] if zone and _LISTLIKE.search(zone[1]) else None
    if name:
        found["blocklist"] = name
        if "url" in found:
            found["blocklist_url"] = found["url"]


def _retry_after(text: str) -> int | None:
    match = _WAIT.search(text)
    if match:
        return int(match[3]) if match[3] else int(match[1]) * _SECONDS[match[2][0]]
    clock = _CLOCK.search(text)
    return int(clock[1] or 0) * 3600 + int(clock[2]) * 60 + int(clock[3]) if clock else None
