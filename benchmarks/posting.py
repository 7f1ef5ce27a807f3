"""Signed posts as SendGrid's Event Webhook makes them, and a receiver in a process of its own to send them to."""

import base64
import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

HEAD = "X-Twilio-Email-Event-Webhook-"
LASTHOP = "from lasthop.cli import main; main()"


class Sender:
    """An account of its own: it makes events, signs posts with its key and knows what was acknowledged."""

    def __init__(self, seed: int = 1) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.chance = random.Random(seed)
        self._lock = threading.Lock()
        self._number = 0

    @property
    def public_key(self) -> str:
        """As SendGrid shows it: base64 of DER."""
        der = self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return base64.b64encode(der).decode()

    def batch(self, events: int) -> tuple[list[str], bytes]:
        """The X-Message-Ids of new delivered events, and the body that holds them: an array, a line each, CRLF."""
        with self._lock:
            first, self._number = self._number, self._number + events
        ids = [
            base64.urlsafe_b64encode(number.to_bytes(16, "big")).decode()[:22]
            for number in range(first, first + events)
        ]
        now = int(time.time())
        lines = [
            json.dumps(_delivered(xid, first + place, now), separators=(",", ":")) for place, xid in enumerate(ids)
        ]
        return ids, ("[" + ",\r\n".join(lines) + "]\r\n").encode()

    def headers(self, body: bytes, timestamp: int | None = None) -> dict[str, str]:
        """The two headers of a signed post; ``timestamp`` in Unix seconds, now when None."""
        stamp = str(timestamp if timestamp is not None else int(time.time()))
        signature = self.key.sign(stamp.encode() + body, ec.ECDSA(SHA256()))
        return {f"{HEAD}Signature": base64.b64encode(signature).decode(), f"{HEAD}Timestamp": stamp}


def _delivered(xid: str, number: int, now: int) -> dict[str, object]:
    return {
        "email": f"user{number % 50_000}@example.com",
        "event": "delivered",
        "ip": "192.0.2.17",
        "response": f"250 2.0.0 OK {number:x} - mx.example.com",
        "sg_event_id": f"ZGVsaXZlcmVkLTAtMTAtbGFzdGhvcC{number:08d}",
        "sg_message_id": f"{xid}.recvd-86b77d8cc7-8d6gn-1-{now:X}-14.0",
        "smtp-id": f"<{xid}@geopod-ismtpd-51>",
        "timestamp": now,
        "tls": 1,
        "category": ["order"],
        "site_id": "1",
    }


@dataclass
class Server:
    """A running ``lasthop receive`` and the port that it took."""

    process: subprocess.Popen[str]
    port: int
    log: list[str] = field(default_factory=list)

    def importer(self) -> int | None:
        """The process id of its importer; None while there is none."""
        for child in _children(self.process.pid):
            return child
        return None

    def memory_mb(self) -> tuple[float, float]:
        """What the receiver holds in memory now, and the most that its importer ever held."""
        importer = self.importer()
        return _status(self.process.pid, "VmRSS"), _status(importer, "VmHWM") if importer else 0.0

    def kill(self) -> None:
        """Kill -9 of the receiver; its importer sees the end of its standard input."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


def _children(pid: int) -> list[int]:
    with suppress(OSError, ValueError):
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def _status(pid: int, name: str) -> float:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith(f"{name}:"):
                return int(line.split()[1]) / 1024
    return 0.0


@contextmanager
def receiving(workspace: Path, public_key: str, *more: str) -> Iterator[Server]:
    """Start ``lasthop receive`` on a free port, wait until it listens, and stop it in the end."""
    words = [sys.executable, "-c", LASTHOP, "receive", "--port", "0", "--workspace", str(workspace)]
    environment = {**os.environ, "LASTHOP_WEBHOOK_PUBLIC_KEY": public_key, "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen([*words, *more], stdout=subprocess.PIPE, text=True, env=environment)
    server = Server(process, 0)
    first = process.stdout.readline() if process.stdout else ""
    try:
        server.port = int(first.split("http://127.0.0.1:")[1].split("/")[0])
        server.log.append(first)
        listener = threading.Thread(target=lambda: server.log.extend(process.stdout or []), daemon=True)
        listener.start()
        yield server
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        process.wait(60)


def post(port: int, body: bytes, headers: dict[str, str], seconds: float = 30.0) -> int:
    """The status of one post on a connection of its own; 0 when there was no answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
    try:
        connection.request("POST", "/", body, {"Content-Type": "application/json", **headers})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def drip(port: int, seconds: float) -> tuple[str, float]:
    """Send a signed head and then a byte a second: the status line that came, and after how long."""
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as line:
        signature = f"{HEAD}Signature: MEUC\r\n{HEAD}Timestamp: {int(time.time())}\r\n"
        head = f"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n{signature}\r\n"
        line.sendall(head.encode())
        line.settimeout(1.0)
        while time.monotonic() - began < seconds:
            with suppress(TimeoutError):
                if answer := line.recv(200):
                    return answer.decode().partition("\r\n")[0], time.monotonic() - began
                break
            with suppress(OSError):
                line.sendall(b" ")
    return "", time.monotonic() - began


def until(ready: Callable[[], bool], seconds: float) -> bool:
    """Wait for something; False when it did not come in time."""
    end = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True
