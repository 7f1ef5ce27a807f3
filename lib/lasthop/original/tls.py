"""What a ``Received`` header says of encryption."""

import re
from dataclasses import dataclass

_VERSION = re.compile(r"\b(?:TLS|SSL)(?:v|_v)?\d(?:[._]\d)?\b", re.IGNORECASE | re.ASCII)
_CIPHER = re.compile(r"\b(?:cipher[= ]|tls )?(?P<name>[A-Z0-9]{2,10}(?:[-_][A-Za-z0-9]{2,12}){2,9})\b", re.ASCII)
_PROTOCOLS = frozenset((
    "esmtps", "esmtpsa", "lmtps", "lmtpsa", "smtps", "https", "utf8smtps", "utf8smtpsa", "utf8lmtps", "utf8lmtpsa",
))  # fmt: skip
"""RFC 3848 and RFC 6531: an S in the name says that TLS was used."""

LONGEST = 600


@dataclass(frozen=True, slots=True)
class Tls:
    """One encrypted hand-over."""

    version: str | None
    """As written: ``TLSv1.3``, ``TLS1_2``; None: only the protocol's name says that there was TLS."""
    cipher: str | None

    def __str__(self) -> str:
        return " ".join(part for part in (self.version, self.cipher) if part) or "TLS"


def read_tls(protocol: str | None, comments: list[str]) -> Tls | None:
    """TLS by what the comments say, else by the protocol's name; None: nothing is said."""
    for comment in comments:
        text = comment[:LONGEST]
        version = _VERSION.search(text)
        if version:
            cipher = _CIPHER.search(text, version.end())
            return Tls(version.group(), cipher["name"] if cipher else None)
    if protocol and protocol.lower() in _PROTOCOLS:
        return Tls(None, None)
    return None
