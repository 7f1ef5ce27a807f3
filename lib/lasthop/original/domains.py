"""The registered domain (organizational domain, RFC 7489 §3.2) of a name, by the Public Suffix List in the package."""

from functools import cache, lru_cache

from publicsuffixlist import PublicSuffixList

LONGEST = 255
"""RFC 1035 §2.3.4."""


@lru_cache(4096)
def registered_domain(name: str | None) -> str | None:
    """``mail.example.co.jp`` -> ``example.co.jp``, in lower case; None for a public suffix, an address, no name."""
    plain = plain_domain(name)
    if plain is None or plain.replace(".", "").isdigit() or ":" in plain:
        return None
    found: str | None = _suffixes().privatesuffix(plain)
    return found


def plain_domain(name: str | None) -> str | None:
    """A domain in lower case, an international one as its A-label, without a last dot; None where it is no name."""
    plain = (name or "").strip().strip("<>[]").rstrip(".").lower()
    if not plain or len(plain) > LONGEST or any(char.isspace() for char in plain) or ".." in plain or plain[0] == ".":
        return None
    if plain.isascii():
        return plain
    try:
        return plain.encode("idna").decode("ascii")
    except UnicodeError:
        return plain


def domain_of(address: str | None) -> str | None:
    """The domain of an address, or of ``@domain`` or a bare domain; None for the empty sender ``<>``."""
    if not address:
        return None
    return plain_domain(address.strip().strip("<>").rpartition("@")[2])


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()
