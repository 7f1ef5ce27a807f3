"""From values and addresses of a message -> what is known of its people: addresses, local parts, names."""

import re
from email.utils import parseaddr
from functools import lru_cache

from lasthop.explain import Dossier
from lasthop.pack.redact.encoded import without_words
from lasthop.pack.redact.known import NAME, NOBODY, WIDE, Known, lowered
from lasthop.pack.redact.masks import MASK, canonical
from lasthop.pack.redact.ordinary import ORDINARY

_LOCAL, _DIGITS = 3, 6
"""Fewer characters of a local part, or of a number, name nobody by themselves."""
_WORD = re.compile(r"\w+")


@lru_cache(4096)
def known_from(said: frozenset[str]) -> Known:
    """The addresses and From values of a message, taken apart."""
    if not said:
        return NOBODY
    addresses: list[str] = []
    tokens: dict[str, str] = {}
    weak: dict[str, str] = {}
    for one in sorted(said):
        address, strong_parts, weak_parts, names = _parts(one)
        addresses.append(address)
        tokens.update((each, address) for each in strong_parts if each not in tokens)
        weak.update((each, address) for each in weak_parts if each not in weak)
        tokens.update((each, each) for each in names if each not in tokens)
    return Known(frozenset(each for each in addresses if each), tokens, weak)


def known_of(known: Dossier) -> frozenset[str]:
    """The recipients and the From values of a message, its events and its stop lists."""
    message = known.message
    said = {message.recipient, message.sender}
    for event in (*known.timeline, *known.stop_lists):
        said |= {event.get("recipient"), event.get("sender")}
    if known.typo is not None:
        said.add(known.typo.suggestion)
    return frozenset(one for one in said if one)


@lru_cache(65536)
def _parts(one: str) -> tuple[str, tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """A From value: its address, what of its local part names a person, what does not by itself, and its names."""
    name, written = parseaddr(one) if any(c in one for c in '<" (') else ("", one)
    address = canonical(written) if "@" in written else ""
    local = address.rpartition("@")[0].strip('"')
    spaced = local.replace("\ufffd", " ")  # so a space of a quoted local part is kept, RFC 5321 §4.1.2
    parts = [
        each for each in dict.fromkeys((local, local.partition("+")[0], spaced)) if each and not MASK.fullmatch(each)
    ]
    strong = tuple(each for each in parts if _names_one(each, _LOCAL))
    return address, strong, tuple(each for each in parts if each not in strong), _names(name)


def _names(name: str) -> tuple[str, ...]:
    whole = lowered(" ".join(without_words(name).split())).strip("'\"")
    if "@" in whole or MASK.fullmatch(whole):
        return ()
    words = [each.strip(".,;:()[]\"'「」（）") for each in whole.split()]
    told = [whole] if _names_one(whole, _LOCAL) else []
    return tuple(dict.fromkeys((*told, *(each for each in words if _names_one(each, NAME)))))


def _names_one(text: str, least: int) -> bool:
    if text in ORDINARY or not _WORD.search(text):
        return False
    return len(text) >= (_DIGITS if text.isdigit() else least if text.isascii() else WIDE)
