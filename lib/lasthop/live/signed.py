"""The signature of SendGrid's Event Webhook: ECDSA on P-256 with SHA-256, over the timestamp and the raw bytes.

Found so in SendGrid's public client libraries, and true of their two published vectors: every byte of the body counts,
line ends too, so JSON that was read and written again never verifies.
"""

import base64
import binascii

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key, load_pem_public_key

from lasthop.errors import InputError

SIGNATURE = "x-twilio-email-event-webhook-signature"
TIMESTAMP = "x-twilio-email-event-webhook-timestamp"
AHEAD_S = 300
"""A clock may go before ours by this much."""
_WHERE = "SendGrid shows it under Mail Settings, Event Webhooks, Security features: Verification Key."


def read_public_key(text: str) -> EllipticCurvePublicKey:
    """The key as SendGrid shows it (base64 of DER) or as PEM. Raises InputError for anything else."""
    stripped = text.strip()
    try:
        if stripped.startswith("-----BEGIN PUBLIC KEY-----"):
            key = load_pem_public_key(stripped.encode())
        else:
            key = load_der_public_key(base64.b64decode("".join(stripped.split()), validate=True))
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:  # the bytes stay out of the message
        raise InputError("The public key of the Event Webhook cannot be read.", hint=_WHERE) from error
    if not isinstance(key, EllipticCurvePublicKey) or not isinstance(key.curve, SECP256R1):
        raise InputError("The public key of the Event Webhook is not one on the curve P-256.", hint=_WHERE)
    return key


def verifies(key: EllipticCurvePublicKey, signature: str, timestamp: str, content: bytes) -> bool:
    """Whether ``signature`` (base64 of DER) is the key's over ``timestamp`` followed by ``content``, byte by byte."""
    try:
        key.verify(base64.b64decode(signature, validate=True), timestamp.encode() + content, ECDSA(SHA256()))
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def seconds_of(timestamp: str) -> int | None:
    """The timestamp header as Unix seconds; None when it is no plain number."""
    return int(timestamp) if timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12 else None


def is_timely(timestamp: str, now_s: float, window_s: float) -> bool:
    """Whether the timestamp is at most ``window_s`` old and at most five minutes ahead of ``now_s`` (Unix seconds)."""
    seconds = seconds_of(timestamp)
    return seconds is not None and now_s - window_s <= seconds <= now_s + AHEAD_S
