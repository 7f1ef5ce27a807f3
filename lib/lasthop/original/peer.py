"""Who handed a message over, by the ``from`` clause of ``Received``: the name it gave, its PTR name, its address.

RFC 5321 §4.4 wants the HELO name first and in parentheses the TCP address with its looked-up name. Exim and qmail put
the looked-up name first and the HELO name into parentheses; both say so by writing ``helo=`` or ``HELO``.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address

from lasthop.original.words import Word

LONGEST = 400

_HELO = re.compile(r"\b(?:helo|ehlo)[= ]+(?P<name>[^\s()\[\],]+)", re.IGNORECASE)
_EMPTY_HELO = re.compile(r"\b(?:helo|ehlo)\b", re.IGNORECASE)
_LITERAL = re.compile(r"\[(?:IPv6:)?(?P<ip>[0-9A-Fa-f:.]{2,45})(?:%[\w]{1,16})?\]", re.IGNORECASE)
_ADDRESS = re.compile(r"\[*(?:IPv6:)?(?P<ip>[0-9A-Fa-f:.]{3,45})(?:%[^%\]]{0,60})?\]*", re.IGNORECASE)
_NOBODY = frozenset(("unknown", "unverified", "no", "localhost?"))


@dataclass(frozen=True, slots=True)
class Peer:
    """The other side of one hop; None where the header does not say."""

    helo: str | None = None
    """The name that it gave itself."""
    ptr: str | None = None
    """The name that its address was looked up to."""
    ip: str | None = None
    """Its address, in the shortest form; an IPv4 address mapped into IPv6 as IPv4."""


NOBODY = Peer()
"""Of a hop without ``from``."""


def read_address(text: str) -> str | None:
    """An IP address in its usual form, else None: ``15.20.6631.29`` and other numbers with dots are none."""
    match = _ADDRESS.fullmatch(text)
    return _usual_form(match["ip"]) if match else None


@lru_cache(4096)
def _usual_form(text: str) -> str | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return str(getattr(address, "ipv4_mapped", None) or address)


def read_peer(words: list[Word], *, http: bool = False) -> Peer:
    """The other side, from the words of one Received. ``http``: no SMTP was spoken, so the first word is no HELO."""
    name, comments = _from_clause(words)
    if name is None and not comments:
        return NOBODY
    ip = next((found for comment in comments if (found := _address_in(comment))), None)
    own_ip = read_address(name) if name else None
    told = next((match["name"] for comment in comments if (match := _HELO.search(comment))), None)
    swapped = any(_EMPTY_HELO.search(comment) for comment in comments)
    looked_up = next((found for comment in comments if (found := _looked_up(comment))), None)
    first = None if name is None or name.lower() in _NOBODY else name
    if swapped:  # Exim, qmail: the first word is what was looked up
        return Peer(told, None if own_ip else first or looked_up, ip or own_ip)
    return Peer(None if http else first, looked_up, ip or own_ip)


def _from_clause(words: list[Word]) -> tuple[str | None, list[str]]:
    """The first word of ``from`` and its comments; a literal beside the name (``from host [192.0.2.1]``) is one too."""
    start = next((i for i, word in enumerate(words) if word.kind == "word" and word.text.lower() == "from"), None)
    if start is None:
        return None, []
    name: str | None = None
    comments: list[str] = []
    for word in words[start + 1 :]:
        if word.kind == "comment":
            comments.append(word.text[:LONGEST])
        elif word.kind == ";" or word.text.lower() in {"by", "via", "with", "id", "for"}:
            break
        elif name is None:
            name = word.text
        elif word.text[0] == "[":
            comments.append(word.text[:LONGEST])
    return name, comments


def _address_in(comment: str) -> str | None:
    """The address in a comment: in brackets, or alone (qmail, Exchange)."""
    for match in _LITERAL.finditer(comment):
        if found := read_address(match["ip"]):
            return found
    return read_address(comment)


def _looked_up(comment: str) -> str | None:
    """The name before the address: ``mail.example.com [192.0.2.1]``, ``IDENT:user@mail.example.com [192.0.2.1]``."""
    if "=" in comment.partition("[")[0] or "[" not in comment:
        return None
    before = comment.partition("[")[0].rstrip().rpartition("@")[2].split()
    name = before[-1].rstrip(".") if before else ""
    if not name or name.lower() in _NOBODY or read_address(name) or ":" in name:
        return None
    return name
