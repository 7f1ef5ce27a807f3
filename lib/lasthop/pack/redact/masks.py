"""An address -> its mask: the same for every way of writing it, another in every workspace."""

import hmac
import re
import unicodedata
from contextlib import suppress
from urllib.parse import unquote

DIGITS = 20
"""Hexadecimal digits of a mask, 80 bits: among 100,000 addresses a collision has a chance of about 4 in 10^15."""
MASK = re.compile(rf"masked-[0-9a-f]{{{DIGITS}}}")


def canonical(address: str) -> str:
    """The address in NFKC and lower case, its domain in ASCII (IDNA) where it can be."""
    plain = unicodedata.normalize("NFKC", address).strip().strip(".").lower()
    local, _, domain = plain.rpartition("@")
    domain = domain.replace("。", ".")
    with suppress(UnicodeError):  # no name of the DNS: it stands as it is written
        domain = domain.encode("idna").decode("ascii")
    return f"{local}@{domain}"


def plain_at(text: str) -> str:
    """An address with its encodings taken off: URL, quoted-printable, JSON and HTML."""
    text = re.sub(r"&#(?:64|x40);", "@", text, flags=re.IGNORECASE)
    text = re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m[1], 16)), text)
    if "%" in text:
        text = unquote(unquote(text))
    return re.sub(r"=EF=BC=A0|=40", "@", text, flags=re.IGNORECASE)


def token(secret: bytes, purpose: str, text: str) -> str:
    """``masked-`` and 20 hexadecimal digits of the HMAC-SHA256."""
    said = f"{purpose}\0{text}".encode("utf-8", "surrogatepass")
    return f"masked-{hmac.digest(secret, said, 'sha256').hex()[:DIGITS]}"
