"""What SendGrid's own ids say, decoded.

Not documented by SendGrid; found by decoding published events (about a dozen, 2017 to 2026), so every part is
*inferred* and None is the answer to any text of another shape.
"""

import base64
import binascii
import re
from dataclasses import dataclass

_MESSAGE_ID = re.compile(
    r"(?P<x>.+?)\.(?P<host>(?:filter|recvd)[^.]*?)-(?P<hex>[0-9A-Fa-f]{8})-(?P<batch>[0-9A-Fa-f]+)\.(?P<index>\d+)"
)
_EVENT_ID = re.compile(r"(?P<event>[a-z_]+)-(?:(?P<attempt>\d+)-)?(?P<user>\d+)-(?P<x>[\w-]{22})-(?P<index>\d+)")


@dataclass(frozen=True)
class MessageIdParts:
    """``created_ms``: when SendGrid made the message, epoch ms UTC, whole seconds. ``recipient_index`` from 0."""

    x_message_id: str
    host: str
    created_ms: int
    recipient_index: int


@dataclass(frozen=True)
class EventIdParts:
    """``attempt`` is zero-based and None for events that are no attempt (processed, drop)."""

    event: str
    attempt: int | None
    user_id: str
    x_message_id: str
    recipient_index: int


def decode_message_id(text: str | None) -> MessageIdParts | None:
    """The parts of an ``sg_message_id`` such as ``<X-Message-Id>.recvd-…-<hex seconds>-<hex>.<index>``."""
    found = _MESSAGE_ID.fullmatch((text or "").strip("<> "))
    if not found:
        return None
    return MessageIdParts(found["x"], found["host"], int(found["hex"], 16) * 1000, int(found["index"]))


def decode_event_id(text: str | None) -> EventIdParts | None:
    """The parts of an ``sg_event_id`` of a delivery event: base64url of ``event-attempt-user-XMessageId-index``."""
    raw = (text or "").strip().rstrip("=")
    try:
        plain = base64.b64decode(raw + "=" * (-len(raw) % 4), altchars=b"-_", validate=True).decode("ascii")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None
    found = _EVENT_ID.fullmatch(plain)
    if not found:
        return None
    attempt = int(found["attempt"]) if found["attempt"] is not None else None
    return EventIdParts(found["event"], attempt, found["user"], found["x"], int(found["index"]))
