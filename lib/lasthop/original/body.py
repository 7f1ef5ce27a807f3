"""The body hash of a signature (RFC 6376 §3.7), made again from the body at hand: no key and no network is needed.

That it fits says the body is the one that was signed. That it does not fit says that somebody changed it: on the way,
or while it was copied. Only the first is certain.
"""

import hashlib
import re
from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from lasthop.original.field import Header
from lasthop.original.signatures import Signature

Outcome = Literal["whole", "changed", "cut", "not_given", "not_checked"]
"""``not_given``: no body; ``not_checked``: the signature names no hash or canonical form that is known."""

_RUNS = re.compile(rb"[ \t]+")
_ENDS = re.compile(rb"\r?\n|\r")
_BOUNDARY = re.compile(r"boundary\s{0,9}=\s{0,9}(?:\"([^\"]{1,200})\"|([^\s;\"]{1,200}))", re.IGNORECASE)
_HASHES = {"sha256": hashlib.sha256, "sha1": hashlib.sha1}


@dataclass(frozen=True, slots=True)
class BodyCheck:
    """What the body hash of one signature says about the body at hand."""

    signature: Signature
    outcome: Outcome
    unsigned: int = 0
    """Octets at the end that ``l=`` leaves out: anybody may have added them."""


def check_bodies(header: Header, signatures: Sequence[Signature]) -> tuple[BodyCheck, ...]:
    """One check for each signature, in order. Linear in the size of the body."""
    ends = _ENDS.sub(b"\r\n", header.body)  # a paste has lost its CRLF; mail on the wire has no other line end
    cut = is_cut(header)
    made: dict[bytes, bytes] = {}
    return tuple(_check(signature, ends, cut, made) for signature in signatures)


def is_cut(header: Header) -> bool:
    """Whether the body ends before it should: its outermost MIME boundary never closes (RFC 2046 §5.1.1)."""
    kind = header.first("Content-Type")
    found = _BOUNDARY.search(kind.value[:4000]) if kind and kind.value.lower().startswith("multipart/") else None
    if not found or not header.body:
        return False
    mark = b"--" + (found[1] or found[2]).encode("utf-8", "surrogateescape")
    return mark in header.body and mark + b"--" not in header.body


def _check(signature: Signature, body: bytes, cut: bool, made: dict[bytes, bytes]) -> BodyCheck:
    form = (signature.canonical or "simple/simple").lower().partition("/")[2] or "simple"
    kind = (signature.algorithm or "").lower().rpartition("-")[2]
    wanted = _hash_of(signature.body_hash)
    if wanted is None or kind not in _HASHES or form not in ("simple", "relaxed"):
        return BodyCheck(signature, "not_checked")
    if not body.strip():
        # An empty body can be signed as well; a header that was pasted alone has none either.
        return BodyCheck(
            signature, "whole" if _fits(b"\r\n" if form == "simple" else b"", kind, wanted) else "not_given"
        )
    name = form.encode()
    if name not in made:
        made[name] = canonical(body, form)
    text = made[name]
    signed = text if signature.length is None else text[: signature.length]
    if _fits(signed, kind, wanted):
        return BodyCheck(signature, "whole", len(text) - len(signed))
    short = signature.length is not None and len(text) < signature.length
    return BodyCheck(signature, "cut" if cut or short else "changed")


def canonical(body: bytes, form: str) -> bytes:
    """The body in the form ``simple`` or ``relaxed`` (RFC 6376 §3.4.3, §3.4.4), its line ends CRLF already."""
    # Loaded only here: it brings a DNS resolver along that nothing else needs.
    from dkim.canonicalization import CanonicalizationPolicy  # type: ignore[import-untyped]  # noqa: PLC0415

    if form == "relaxed":
        body = _RUNS.sub(b" ", body)  # so that dkimpy's own pattern stays linear on long runs of blanks
    if not body.endswith(b"\r\n"):
        body += b"\r\n"
    done: bytes = CanonicalizationPolicy.from_c_value(f"{form}/{form}".encode()).canonicalize_body(body)
    return done


def _fits(body: bytes, kind: str, wanted: bytes) -> bool:
    return _HASHES[kind](body).digest() == wanted


def _hash_of(text: str | None) -> bytes | None:
    try:
        return b64decode(text or "", validate=True) or None
    except (Error, ValueError):
        return None


def body_hash(body: bytes, form: str, kind: str = "sha256") -> str:
    """``bh=`` of a body whose line ends are CRLF, as a signer writes it."""
    return b64encode(_HASHES[kind](canonical(body, form)).digest()).decode("ascii")
