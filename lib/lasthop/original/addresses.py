"""Addresses in a header: who is meant, and whom a rewritten one stands for.

An address in angles comes first, so that the sender is never what the display name pretends to be (RFC 5322 §3.4).
"""

import re
from dataclasses import dataclass
from email.utils import getaddresses

LONGEST = 20_000
"""So much of one list of addresses is read."""

_ANGLE = re.compile(r"<\s*(?P<address>[^<>\s]{1,320}@[^<>\s]{1,255})\s*>")
_BARE = re.compile(r"(?P<address>[^\s<>,;:\"()\[\]]{1,320}@[^\s<>,;:\"()\[\]]{1,255})")
_VERP = re.compile(
    r"bounces?\+(?P<user>\d{1,12})-(?P<hash>[0-9a-f]{2,8})-(?P<local>[^<>\s]{1,64})=(?P<domain>[^=@<>\s]{1,255})@",
    re.IGNORECASE | re.ASCII,
)
_SRS = re.compile(
    r"SRS0[=+-](?P<hash>[^=]{2,40})=(?P<day>[^=]{2})=(?P<domain>[^=@]{1,255})=(?P<local>[^@\s]{1,320})@(?P<by>[^\s<>]{1,255})",
    re.IGNORECASE,
)  # fmt: skip
_CAF = re.compile(r"(?P<local>[^\s<>@+]{1,64})\+caf_=(?P<to>[^\s<>@]{1,255})@(?P<domain>[^\s<>]{1,255})")


@dataclass(frozen=True, slots=True)
class Verp:
    """A return path as SendGrid writes it: ``bounces+ACCOUNT-HASH-LOCAL=DOMAIN@…``."""

    user_id: str
    recipient: str


@dataclass(frozen=True, slots=True)
class Forwarded:
    """A return path that a forwarder rewrote."""

    way: str
    """``srs`` (Sender Rewriting Scheme) or ``caf`` (Gmail's forwarding)."""
    address: str
    """SRS: the sender before the forward; caf: the address that forwards."""
    by: str
    """The domain that rewrote it; caf: the address that it was forwarded to."""


def angle_address(value: str) -> str | None:
    """The address of a field with one: that in the last angles, else the first bare one; None where there is none."""
    value = value[:LONGEST]
    angles = _ANGLE.findall(value)
    if angles:
        return str(angles[-1])
    match = _BARE.search(value)
    return match["address"] if match else None


def read_addresses(value: str) -> list[tuple[str, str]]:
    """Display name and address of each in a list, in order; what is no address is left out."""
    try:
        pairs = getaddresses([value[:LONGEST]], strict=False)
    except (TypeError, ValueError, IndexError):  # an older Python without ``strict``, or one that stumbles
        pairs = []
    found = [(name, address) for name, address in pairs if "@" in address]
    return found or [("", address) for address in [angle_address(value)] if address]


def read_verp(value: str) -> Verp | None:
    """The account and the first recipient in SendGrid's return path; None where it is another one."""
    match = _VERP.search(value[:2000])
    if match is None:
        return None
    return Verp(match["user"], f"{match['local']}@{match['domain']}")


def read_forwarded(value: str) -> Forwarded | None:
    """Who rewrote a return path and whose it was; None where nobody did."""
    value = value[:2000]
    if match := _SRS.search(value):
        return Forwarded("srs", f"{match['local']}@{match['domain']}", match["by"])
    if match := _CAF.search(value):
        local, _, domain = match["to"].rpartition("=")
        return Forwarded("caf", f"{match['local']}@{match['domain']}", f"{local}@{domain}" if local else match["to"])
    return None
