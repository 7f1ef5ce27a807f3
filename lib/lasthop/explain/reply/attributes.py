"""What a reply names beside its reason: block list, provider's token, time to wait, address, page to read."""

import re

from lasthop.explain.reply.scan import Evidence

_URL = re.compile(r"https?://[^\s<>()\"'`]{4,300}", re.IGNORECASE)
_ADDRESS = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[a-z0-9](?:[a-z0-9-]{0,62}\.){0,8}[a-z0-9-]{1,63}", re.IGNORECASE)
_ZONE = re.compile(
    r"(?:using|listed (?:at|in|on|by)|blocked by|found (?:on|in)|block ?list:?|present on|rejected by|by|in) "
    r"(?:the )?(?:dnsbl |rbl |blacklist |blocklist )?<?((?:[a-z0-9_-]{1,40}\.){1,5}[a-z]{2,12})\b"
)
_LISTS = (
    ("spamhaus", "Spamhaus"), ("spamcop", "SpamCop"), ("barracudacentral", "Barracuda"), ("sorbs", "SORBS"),
    ("uceprotect", "UCEPROTECT"), ("abusix", "Abusix"), ("invaluement", "Invaluement"), ("mailspike", "Mailspike"),
    ("surbl", "SURBL"), ("uribl", "URIBL"), ("cloudmark", "Cloudmark"), ("senderscore", "Validity Sender Score"),
    ("proofpoint.com", "Proofpoint"), ("psbl", "PSBL"), ("spamrats", "SpamRATS"), ("manitu", "NiX Spam"),
    ("nixspam", "NiX Spam"), ("senderbase", "Talos"), ("talosintelligence", "Talos"), ("cbl.abuseat", "CBL"),
    ("backscatterer", "Backscatterer"), ("junkemailfilter", "Hostkarma"), ("s5h.net", "S5H"), ("trendmicro", "Trend Micro ERS"),
    ("mail-abuse", "Trend Micro ERS"), ("gbudb", "GBUdb"), ("truncate", "GBUdb"), ("blocklist.de", "blocklist.de"),
    ("interserver", "InterServer RBL"), ("0spam", "0spam"), ("hetrix", "HetrixTools"), ("rfc-ignorant", "RFC-Ignorant"),
    ("anonmails", "anonmails.de"), ("spfbl", "SPFBL"), ("ahbl", "AHBL"), ("njabl", "NJABL"), ("dronebl", "DroneBL"),
)  # fmt: skip
_TOKENS = (
    ("p=", re.compile(r"[?&]p=([a-z0-9_.-]{2,40})", re.IGNORECASE)),
    ("(s", re.compile(r"\((S[0-9]{3,5})\)", re.IGNORECASE)),
    ("as(", re.compile(r"\b(AS\([0-9]{3,6}\))", re.IGNORECASE)),
    ("as3", re.compile(r"\b(AS[0-9]{4,6})\b", re.IGNORECASE)),
    ("[", re.compile(r"\[((?:TSS?|BL|PH|CS|CH|CT|HM|VS|GL|FR|DM|RL|TS|RS|PR)[0-9]{1,3}(?::[0-9a-z]{1,4})?)\]", re.IGNORECASE)),
    ("_", re.compile(r"\b((?:OFR|LPN|OU|RP|MXIN|OFR)_?[0-9_]{3,8})\b", re.IGNORECASE)),
    ("ib", re.compile(r"\b(IB[0-9]{3}[a-z]?)\b", re.IGNORECASE)),
    ("aup#", re.compile(r"\b(AUP#[a-z0-9-]{2,12})", re.IGNORECASE)),
    ("[hm", re.compile(r"\[(HM[0-9]{2})\]", re.IGNORECASE)),
    ("jfe", re.compile(r"\b(JFE[0-9]{6})\b", re.IGNORECASE)),
    ("ncu", re.compile(r"\b(NCU[0-9]{3,6})\b", re.IGNORECASE)),
    ("rly:", re.compile(r"\((RLY:[A-Z0-9]{2})\)", re.IGNORECASE)),
    ("dyn:", re.compile(r"\((DYN:[A-Z0-9]{2})\)", re.IGNORECASE)),
    ("hvu:", re.compile(r"\((HVU:[A-Z0-9]{2})\)", re.IGNORECASE)),
    ("rtr:", re.compile(r"\((RTR:[A-Z0-9]{2})\)", re.IGNORECASE)),
)
_WAIT = re.compile(
    r"(?:in|after|wait|retry|try again|later|minimum|for|next|delay|again)[^0-9.]{1,24}"
    r"([0-9]{1,5}) ?(s|sec|secs|seconds?|m|min|mins|minutes?|h|hours?)\b|retry[- ]?after[: =]{1,2}([0-9]{1,5})"
)
_CLOCK = re.compile(r"(?:in|for|wait|after) (?:([0-9]{1,2}):)?([0-5]?[0-9]):([0-5][0-9])\b")
_SECONDS = {"s": 1, "m": 60, "h": 3600}


def attributes(evidence: Evidence, shown: str) -> dict[str, str]:
    """Block list and its URL, ``provider``, ``provider_token``, ``retry_after_s`` (seconds), ``address``, ``url``.

    Only what the reply names is there. ``shown`` is the text of the evidence in its own case.
    """
    text = evidence.text
    found: dict[str, str] = {}
    owner = evidence.providers[0] or evidence.providers[1]
    if owner:
        found["provider"] = owner
    url = _URL.search(shown) if "http" in text else None
    if url:
        found["url"] = url[0].rstrip(".,;:!]")
    _blocklist(text, found)
    _token(text, shown, found)
    if "@" in text:
        address = _ADDRESS.search(shown)
        if address:
            found["address"] = address[0].rstrip(".")
    seconds = _retry_after(text)
    if seconds is not None:
        found["retry_after_s"] = str(seconds)
    return found


def _blocklist(text: str, found: dict[str, str]) -> None:
    if "list" not in text and "block" not in text and "bl." not in text and "spam" not in text and "reputation" not in text:
        return
    zone = _ZONE.search(text) if ("bl" in text or "using" in text or "list" in text) else None
    name = next((shown for mark, shown in _LISTS if mark in text), None)
    if name is None and zone and any(mark in zone[1] for mark in ("bl.", "rbl", "dnsbl", "black", "bl-", "spam", "block")):
        name = zone[1]
    if name:
        found["blocklist"] = name
        if "url" in found:
            found["blocklist_url"] = found["url"]


def _token(text: str, shown: str, found: dict[str, str]) -> None:
    for mark, pattern in _TOKENS:
        if mark in text:
            match = pattern.search(shown)
            if match:
                found["provider_token"] = match[1]
                return


def _retry_after(text: str) -> int | None:
    if not ("retry" in text or "again" in text or "wait" in text or "later" in text or "grey" in text or "gray" in text):
        return None
    match = _WAIT.search(text)
    if match:
        return int(match[3]) if match[3] else int(match[1]) * _SECONDS[match[2][0]]
    clock = _CLOCK.search(text)
    return int(clock[1] or 0) * 3600 + int(clock[2]) * 60 + int(clock[3]) if clock else None
