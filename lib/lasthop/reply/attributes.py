"""What a reply names beside its reason: block list, provider's token, time to wait, address, page to read."""

import re
from collections.abc import Set as AbstractSet

from lasthop.reply import blocklists
from lasthop.reply.marks import LIST_MARKS, MARKS, URL_MARK, WAIT_MARKS, ZONE_MARKS

_URL = re.compile(r"https?://[^\s<>()\"'`]{4,300}", re.IGNORECASE)
_URL_END = ".,;:!]"
_LISTED = ("reputation_block", "spam_content", "policy_related", "rate_limited", "greylisted", "unclassified")
_ZONE = re.compile(  # of a list that has no name of its own here: bl.example.org, dnsbl-1.example.net
    r"(?<![\w.@-])((?:[a-z0-9_-]{1,40}\.){0,3}[a-z0-9_-]{0,20}(?:bl|black-?list|block-?list|bl-[0-9])"
    r"\.(?:[a-z0-9_-]{1,40}\.){1,3}[a-z]{2,12})\b"
    r"|(?:using|listed (?:at|in|on|by)|blocked by|found (?:on|in)|present on) (?:the )?"
    r"(?:dnsbl |rbl |blacklist |blocklist )?<?((?:[a-z0-9_-]{1,40}\.){1,5}[a-z]{2,12})\b"
)
_LISTLIKE = re.compile(r"bl\.|rbl|dnsbl|black|bl-|spam|block|list\.|abuse")
_NAMING = frozenset(mark for mark in LIST_MARKS if MARKS[mark] in blocklists.marks())
_LISTS = frozenset(LIST_MARKS)
_MARKS = frozenset(range(len(MARKS))) - _LISTS - ZONE_MARKS
_TOKEN_MARKS = _MARKS - WAIT_MARKS - {URL_MARK}
_TOKEN = re.compile(  # in lower case; each begins with a literal, so that the search runs from one to the next
    r"\?p=(?P<page>[a-z0-9_.-]{2,40})"
    r"|&p=(?P<page_>[a-z0-9_.-]{2,40})"
    r"|\((?P<paren>s[0-9]{3,5}|(?:rly|con|dyn|dns|hvu|rtr):[a-z0-9]{2,3})\)"
    r"|\[(?P<bracket>[a-z]{2,5}[0-9]{2,3})(?::[0-9a-z]{1,4})?\]"
    r"|a(?<!\w.)s\([0-9]{3,12}\)(?![a-z0-9])|a(?<!\w.)up\#[a-z0-9-]{2,12}(?![a-z0-9])"
    r"|o(?<!\w.)fr[0-9]{0,3}_[0-9]{3}(?![a-z0-9])|l(?<!\w.)pn[0-9]{0,3}_[0-9]{3}(?![a-z0-9])"
    r"|i(?<!\w.)b[0-9]{3}[a-z]?(?![a-z0-9])"
)
_WAIT = re.compile(
    r"(?:in|after|wait|retry|try again|later|minimum|for|next|delay|again)[^0-9.]{1,24}"
    r"([0-9]{1,5}) ?(s|sec|secs|seconds?|m|min|mins|minutes?|h|hours?)\b|retry[- ]?after[: =]{1,2}([0-9]{1,5})"
)
_CLOCK = re.compile(r"(?:in|for|wait|after) (?:([0-9]{1,2}):)?([0-5]?[0-9]):([0-5][0-9])\b")
_SECONDS = {"s": 1, "m": 60, "h": 3600}


def attributes(shown: str, present: AbstractSet[int], label: str, owner: str | None) -> dict[str, str]:
    """What the reply names beside its reason; only what is there, a block list only where ``label`` can come from one.

    The names are blocklist, blocklist_url, provider, provider_token, url, and retry_after_s (seconds).

    ``shown`` is the folded text, ``present`` the marks that the scan has seen in it, ``owner`` the provider if known.
    """
    found: dict[str, str] = {}
    if owner:
        found["provider"] = owner
    if not _MARKS.isdisjoint(present):
        _marked(shown, present, found)
    if label in _LISTED and not (_LISTS.isdisjoint(present) and ZONE_MARKS.isdisjoint(present)):
        _blocklist(shown, present, label, found)
    return found


def _marked(shown: str, present: AbstractSet[int], found: dict[str, str]) -> None:
    """What the marks point to: page, token, time to wait."""
    if URL_MARK in present:
        url = _URL.search(shown)
        if url:
            found["url"] = url[0].rstrip(_URL_END)
    if not present.isdisjoint(_TOKEN_MARKS):
        text = shown.lower()
        token = _TOKEN.search(text)
        if token:
            start, end = token.span(token.lastgroup or 0)
            found["provider_token"] = (shown if len(shown) == len(text) else text)[start:end]
    if not present.isdisjoint(WAIT_MARKS):
        seconds = _retry_after(shown.lower())
        if seconds is not None:
            found["retry_after_s"] = str(seconds)


def _blocklist(shown: str, present: AbstractSet[int], label: str, found: dict[str, str]) -> None:
    """The list by its own name where that is known, else by the zone that was asked (``bl.example.org``)."""
    known = (_LISTS if label == "reputation_block" else _NAMING) & present
    name = LIST_MARKS[min(known)] if known else _zone(shown.lower())
    if not name:
        return
    found["blocklist"] = name
    if "url" in found:
        words = [MARKS[mark] for mark in known]
        pages = (url.rstrip(_URL_END) for url in _URL.findall(shown))
        # The list's own page, where the reply gives more than one.
        found["blocklist_url"] = next((u for u in pages if any(w in u.lower() for w in words)), found["url"])


def _zone(text: str) -> str | None:
    zone = _ZONE.search(text)
    if zone is None:
        return None
    return zone[1] or (zone[2] if _LISTLIKE.search(zone[2]) else None)


def _retry_after(text: str) -> int | None:
    match = _WAIT.search(text)
    if match:
        return int(match[3]) if match[3] else int(match[1]) * _SECONDS[match[2][0]]
    clock = _CLOCK.search(text)
    return int(clock[1] or 0) * 3600 + int(clock[2]) * 60 + int(clock[3]) if clock else None
