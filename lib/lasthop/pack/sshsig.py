"""Detached signatures as OpenSSH makes them (PROTOCOL.sshsig): ``ssh-keygen -Y verify`` accepts ours, and we its.

Signed is not the file but its SHA-256 in an envelope of its own; the mathematics is the `cryptography` library's.
"""

import base64
import binascii
import hashlib
import struct
from dataclasses import dataclass
from io import BufferedReader

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_ssh_public_key

NAMESPACE = "file"
"""What ssh-keygen's manual names for files."""
HASHES = ("sha256", "sha512")

_MAGIC, _VERSION = b"SSHSIG", 1
_BEGIN, _END = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----"
_RSA: dict[bytes, hashes.HashAlgorithm] = {b"rsa-sha2-512": hashes.SHA512(), b"rsa-sha2-256": hashes.SHA256()}
_CURVES: dict[str, hashes.HashAlgorithm] = {
    "secp256r1": hashes.SHA256(),
    "secp384r1": hashes.SHA384(),
    "secp521r1": hashes.SHA512(),
}  # RFC 5656 §6.2.1

Private = ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
Public = ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey | rsa.RSAPublicKey


@dataclass(frozen=True)
class Signature:
    """A signature as it is read: ``key`` the public key that it names, ``hash`` a name in `HASHES`."""

    key: bytes
    hash: str
    value: bytes


def sign(key: Private, sha256: bytes) -> str:
    """The armoured signature of a file with this SHA-256."""
    envelope = _envelope("sha256", sha256)
    blob = _MAGIC + struct.pack(">L", _VERSION)
    blob += b"".join(map(_string, (wire(key.public_key()), NAMESPACE.encode(), b"", b"sha256", _made(key, envelope))))
    text = base64.b64encode(blob).decode()
    lines = [text[at : at + 70] for at in range(0, len(text), 70)]
    return "\n".join([_BEGIN, *lines, _END, ""])


def parse(text: str) -> Signature:
    """Read an armoured signature. Raises ValueError that says what is odd."""
    lines = [line.strip() for line in text.strip().splitlines()]
    if lines[:1] != [_BEGIN] or lines[-1:] != [_END]:
        raise ValueError("it does not begin and end as one")
    try:
        blob = base64.b64decode("".join(lines[1:-1]), validate=True)
    except binascii.Error as error:
        raise ValueError("it is no base64") from error
    if blob[:10] != _MAGIC + struct.pack(">L", _VERSION):
        raise ValueError("it is of another version")
    key, namespace, _reserved, algorithm, value = _strings(blob[10:], 5)
    if namespace != NAMESPACE.encode():
        raise ValueError(f"it is for {namespace!r}, not for {NAMESPACE!r}")
    name = algorithm.decode("ascii", "replace")
    if name not in HASHES:
        raise ValueError(f"it hashes with {name!r}")
    return Signature(key, name, value)


def holds(signature: Signature, digest: bytes) -> bool:
    """Whether the key that the signature names made it for a file with this digest.

    Raises ValueError for kinds of keys that are not known here.
    """
    kind, value = _strings(signature.value, 2)
    envelope, key = _envelope(signature.hash, digest), public_of(signature.key)
    try:
        match key:
            case ed25519.Ed25519PublicKey() if kind == b"ssh-ed25519":
                key.verify(value, envelope)
            case rsa.RSAPublicKey() if kind in _RSA:
                key.verify(value, envelope, padding.PKCS1v15(), _RSA[kind])
            case ec.EllipticCurvePublicKey() if kind == _strings(signature.key)[0]:
                r, s = (int.from_bytes(each, signed=True) for each in _strings(value, 2))
                key.verify(encode_dss_signature(r, s), envelope, ec.ECDSA(_CURVES[key.curve.name]))
            case _:
                return False
    except InvalidSignature:
        return False
    return True


def wire(key: Public) -> bytes:
    """A public key as bytes: what a signature names, and what a fingerprint is of."""
    return base64.b64decode(key.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).split()[1])


def public_of(blob: bytes) -> Public:
    """The key that `wire` gives these bytes for. Raises ValueError for kinds that are not known here."""
    (kind, *_) = _strings(blob)
    try:
        key = load_ssh_public_key(kind + b" " + base64.b64encode(blob))
    except (ValueError, UnsupportedAlgorithm) as error:
        raise ValueError(f"a key of the kind {kind[:60]!r} is not known here") from error
    if not isinstance(key, Public):
        raise ValueError(f"a key of the kind {kind[:60]!r} is not known here")
    return key


def public_line(line: str) -> tuple[bytes, str]:
    """A line of a .pub file: the key in its wire form, and the comment behind it. Raises ValueError for another."""
    kind, _, rest = line.strip().partition(" ")
    text, _, comment = rest.strip().partition(" ")
    try:
        blob = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("it is no base64") from error
    if _strings(blob)[0] != kind.encode():
        raise ValueError("the line does not begin with the kind of its key")
    public_of(blob)
    return blob, comment.strip()


def digest(stream: BufferedReader, algorithm: str) -> bytes:
    """The digest of a file by a name in `HASHES`."""
    return hashlib.file_digest(stream, algorithm).digest()


def fingerprint_of(blob: bytes) -> str:
    """The fingerprint as ssh-keygen -l shows it."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")


def _made(key: Private, envelope: bytes) -> bytes:
    """The signature itself, with its kind in front (RFC 8709 §6, RFC 8332 §3, RFC 5656 §3.1.2)."""
    match key:
        case ed25519.Ed25519PrivateKey():
            return _string(b"ssh-ed25519") + _string(key.sign(envelope))
        case rsa.RSAPrivateKey():
            return _string(b"rsa-sha2-512") + _string(key.sign(envelope, padding.PKCS1v15(), hashes.SHA512()))
        case ec.EllipticCurvePrivateKey():
            pair = decode_dss_signature(key.sign(envelope, ec.ECDSA(_CURVES[key.curve.name])))
            return _string(_strings(wire(key.public_key()))[0]) + _string(b"".join(map(_mpint, pair)))


def _envelope(algorithm: str, digest: bytes) -> bytes:
    return _MAGIC + b"".join(map(_string, (NAMESPACE.encode(), b"", algorithm.encode(), digest)))


def _string(content: bytes) -> bytes:
    return struct.pack(">L", len(content)) + content


def _mpint(number: int) -> bytes:
    """RFC 4251 §5: a leading zero byte where the highest bit is set."""
    return _string(number.to_bytes(number.bit_length() // 8 + 1))


def _strings(blob: bytes, count: int | None = None) -> list[bytes]:
    """The strings that follow each other; ``count`` of them and nothing else. Raises ValueError otherwise."""
    found, at = [], 0
    while at < len(blob):
        length = int.from_bytes(blob[at : at + 4])
        if at + 4 + length > len(blob):
            raise ValueError("it is cut off")
        found.append(blob[at + 4 : at + 4 + length])
        at += 4 + length
    if not found or (count is not None and len(found) != count):
        raise ValueError("it holds more or less than it should")
    return found
