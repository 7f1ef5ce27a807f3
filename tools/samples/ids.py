"""Identifiers with the shape of the real ones, so that every join can be tried on the samples."""

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime
from random import Random
from uuid import UUID

ACCOUNT = "20906457"
_POD = "bcdfghjklmnpqrstvwxz2456789"
_ATTEMPTED = {"delivered", "bounce", "deferred"}
_WITHOUT_ATTEMPT = {"processed": "processed", "dropped": "drop"}


@dataclass(frozen=True)
class ProviderIds:
    """What the provider calls one recipient's copy; `index` is the recipient's place in the request."""

    x_message_id: str
    receiver: str
    index: int
    smtp_id: str

    @property
    def message_id(self) -> str:
        """The full sg_message_id."""
        return f"{self.x_message_id}.{self.receiver}.{self.index}"

    def copy(self, index: int) -> "ProviderIds":
        """The ids of another recipient of the same request."""
        return ProviderIds(self.x_message_id, self.receiver, index, self.smtp_id)


def unpadded(raw: bytes) -> str:
    """base64url without the `=` signs."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def new_ids(rng: Random, created: datetime) -> ProviderIds:
    """Ids of a request the provider took at `created`, whose second is written into them in hexadecimal."""
    x_message_id = unpadded(UUID(int=rng.getrandbits(128), version=4).bytes)
    pod = "".join(rng.choice(_POD) for _ in range(5))
    stamp = f"{int(created.timestamp()):X}"
    receiver = f"recvd-{rng.getrandbits(40):010x}-{pod}-1-{stamp}-{rng.randrange(1, 128):X}"
    return ProviderIds(x_message_id, receiver, 0, f"<{x_message_id}@geopod-ismtpd-{rng.randrange(1, 60)}>")


def event_id(kind: str, attempt: int, ids: ProviderIds, when: datetime) -> str:
    """The sg_event_id: readable for delivery events, sixteen opaque bytes for opens, clicks and the like."""
    tail = f"{ACCOUNT}-{ids.x_message_id}-{ids.index}"
    if kind in _ATTEMPTED:
        return unpadded(f"{kind}-{attempt}-{tail}".encode())
    if kind in _WITHOUT_ATTEMPT:
        return unpadded(f"{_WITHOUT_ATTEMPT[kind]}-{tail}".encode())
    return opaque_id(f"{kind} {tail} {when.isoformat()}")


def opaque_id(text: str) -> str:
    """Sixteen bytes that say nothing, the same for the same text."""
    return unpadded(hashlib.sha256(text.encode()).digest()[:16])


def request_id(rng: Random) -> str:
    """The application's request id; its real shape is not documented, so a plain hexadecimal one."""
    return f"{rng.getrandbits(128):032x}"
