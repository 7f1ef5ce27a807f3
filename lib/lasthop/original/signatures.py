"""DKIM-Signature (RFC 6376 §3.5): who signed what, and when. No key is asked for: no signature is verified."""

from dataclasses import dataclass
from datetime import datetime

from lasthop.original.field import Defect, Field, Header
from lasthop.original.pairs import read_tags
from lasthop.original.stamps import read_epoch

REQUIRED = ("v", "a", "b", "bh", "d", "h", "s")
"""RFC 6376 §3.5."""


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature as it is written; None where a tag is not there or cannot be read."""

    field: Field
    domain: str | None
    """``d=``, in lower case: who takes responsibility."""
    selector: str | None
    algorithm: str | None
    identity: str | None
    """``i=``; a domain or address at or under ``d=``."""
    canonical: str | None
    """``c=`` as written; None means simple/simple."""
    body_hash: str | None
    """``bh=`` in base64, without white space."""
    signed: tuple[str, ...]
    """``h=``: the names of the signed headers in lower case, in order; one that comes twice is signed twice."""
    length: int | None
    """``l=``: so many octets of the body are signed, the rest is not; None: the whole body."""
    time: datetime | None
    """``t=``, UTC: the signer's clock."""
    expires: datetime | None
    """``x=``, UTC."""
    defects: tuple[Defect, ...] = ()


def signatures(header: Header) -> tuple[Signature, ...]:
    """Every DKIM-Signature of a header, the newest first."""
    return tuple(read_signature(found) for found in header.all("DKIM-Signature"))


def read_signature(found: Field) -> Signature:
    """One signature; ARC-Message-Signature (RFC 8617 §4.1.2) has the same tags."""
    tags = read_tags(found.value)
    missing = [tag for tag in REQUIRED if not tags.get(tag)]
    if found.name.lower() != "dkim-signature":
        missing = [tag for tag in missing if tag != "v"]  # RFC 8617 §4.1.2: i= stands in its place
    defects: list[Defect] = []
    if missing:
        names = ", ".join(f"{tag}=" for tag in missing)
        defects.append(Defect("missing_tag", f"The signature lacks {names} (RFC 6376 §3.5).", found.line))
    time, expires = read_epoch(tags.get("t", "")), read_epoch(tags.get("x", ""))
    if time and expires and expires < time:
        defects.append(Defect("expires_before_time", "The signature ends before it was made.", found.line))
    signed = tuple(name.strip().lower() for name in tags.get("h", "").split(":") if name.strip())
    if signed and "from" not in signed:
        defects.append(Defect("from_not_signed", "The signature does not cover From (RFC 6376 §5.4).", found.line))
    length = tags.get("l", "")
    return Signature(
        field=found,
        domain=_name(tags.get("d")),
        selector=tags.get("s") or None,
        algorithm=tags.get("a") or None,
        identity=tags.get("i") or None,
        canonical=tags.get("c") or None,
        body_hash="".join(tags.get("bh", "").split()) or None,
        signed=signed,
        length=int(length) if length.isascii() and length.isdigit() and len(length) < 16 else None,
        time=time,
        expires=expires,
        defects=tuple(defects),
    )


def _name(domain: str | None) -> str | None:
    return domain.lower().rstrip(".") or None if domain else None
