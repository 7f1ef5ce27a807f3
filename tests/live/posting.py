"""A sender with a key of its own, and a receiver that runs in a thread of the test."""

import base64
import http.client
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from lasthop.live.body import Limits
from lasthop.live.receive import Gate, Receiver, application
from lasthop.live.server import bounded
from lasthop.live.spool import Spool
from lasthop.store import Workspace

SIGNATURE = "X-Twilio-Email-Event-Webhook-Signature"
TIMESTAMP = "X-Twilio-Email-Event-Webhook-Timestamp"
KEY = ec.generate_private_key(ec.SECP256R1())
NOW = int(time.time())


def shown(key: ec.EllipticCurvePrivateKey) -> str:
    """The public key as SendGrid shows it."""
    return base64.b64encode(key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


def signed(body: bytes, at: int | None = None, key: ec.EllipticCurvePrivateKey = KEY) -> dict[str, str]:
    """The headers of a signed post; ``at``: Unix seconds, now when None."""
    stamp = str(at if at is not None else NOW)
    signature = key.sign(stamp.encode() + body, ec.ECDSA(SHA256()))
    return {SIGNATURE: base64.b64encode(signature).decode(), TIMESTAMP: stamp}


def event(number: int, **more: Any) -> dict[str, Any]:
    """A delivered event; equal numbers are the same event."""
    xid = base64.urlsafe_b64encode(number.to_bytes(16, "big")).decode()[:22]
    return {
        "email": f"user{number}@example.com",
        "event": "delivered",
        "response": "250 2.0.0 OK",
        "sg_event_id": f"event{number}",
        "sg_message_id": f"{xid}.recvd-86b77d8cc7-8d6gn-1-69D759AA-14.0",
        "timestamp": NOW - 60,
        **more,
    }


def posted(*events: Any) -> bytes:
    """Events as SendGrid posts them: an array, an object a line, CRLF."""
    return ("[" + ",\r\n".join(json.dumps(one, separators=(",", ":")) for one in events) + "]\r\n").encode()


@dataclass
class Endpoint:
    """A running receiver: where it listens, and the spool that it fills."""

    port: int
    spool: Spool
    receiver: Receiver

    def post(self, body: bytes, headers: dict[str, str] | None = None, path: str = "/") -> tuple[int, str]:
        """The status and the text of the answer."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            line.request("POST", path, body, {"Content-Type": "application/json", **(headers or {})})
            answer = line.getresponse()
            return answer.status, answer.read().decode()
        finally:
            line.close()

    def kept(self) -> list[bytes]:
        """The bodies on the disk."""
        return [path.read_bytes() for path in self.spool.waiting()]


@contextmanager
def endpoint(folder: Path, gate: Gate, limits: Limits | None = None) -> Iterator[Endpoint]:
    """A receiver on a free port, without its importer."""
    spool = Spool(Workspace(folder / "workspace"))
    receiver = Receiver(gate, spool, limits or Limits())
    server = uvicorn.Server(bounded(application(receiver)))
    listening = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield Endpoint(listening.getsockname()[1], spool, receiver)
    finally:
        server.should_exit = True
        thread.join(30)
