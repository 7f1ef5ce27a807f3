"""The network's edge: requests go to the stand-in inside this process, over a clock that only the tests move."""

import asyncio
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn
from urllib.parse import urlsplit

import requests
from requests.adapters import BaseAdapter
from starlette.types import ASGIApp
from urllib3 import HTTPResponse

from lasthop.pull import Circumstances, Key, SendGrid
from lasthop.standin import Account, BrokenOff, Silence, stand_in

START = 1_793_000_000
"""A day in October 2026: the clock of every test begins here."""


@dataclass
class Clock:
    """A clock that sleeping moves on, with a record of how long was slept."""

    time: float = START
    slept: float = 0.0

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds
        self.slept += seconds


async def never(_seconds: float) -> NoReturn:
    """The stand-in keeps silent: no real time passes."""
    raise Silence


@dataclass
class Wire(BaseAdapter):
    """Carries requests to an ASGI application and its answers back; ``sent`` has them all."""

    app: ASGIApp
    clock: Clock
    seconds: float = 0.1
    """What every exchange takes."""
    sent: list[requests.PreparedRequest] = field(default_factory=list)
    before: Callable[[requests.PreparedRequest], None] = lambda _request: None

    def __post_init__(self) -> None:
        super().__init__()

    def close(self) -> None:
        """Nothing is open."""

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        self.sent.append(request)
        self.clock.time += self.seconds
        self.before(request)
        try:
            status, headers, body = asyncio.run(_exchange(self.app, request))
        except Silence:
            self.clock.time += 60
            raise requests.ReadTimeout(request=request) from None
        except BrokenOff:
            raise requests.exceptions.ChunkedEncodingError(request=request) from None
        response = requests.Response()
        response.status_code, response.request, response.url = status, request, request.url or ""
        response.headers = requests.structures.CaseInsensitiveDict(headers)
        response.raw = HTTPResponse(io.BytesIO(body), headers=headers, status=status, preload_content=False)
        return response


async def _exchange(app: ASGIApp, request: requests.PreparedRequest) -> tuple[int, Mapping[str, str], bytes]:
    where = urlsplit(request.url or "")
    body = request.body or b""
    messages: list[Any] = []
    scope = {
        "type": "http",
        "method": request.method,
        "path": where.path,
        "raw_path": where.path.encode(),
        "query_string": where.query.encode(),
        "headers": [(k.lower().encode(), v.encode("latin-1")) for k, v in request.headers.items()],
        "server": (where.hostname, 443),
        "scheme": "https",
        "http_version": "1.1",
    }

    async def receive() -> Any:
        return {"type": "http.request", "body": body.encode() if isinstance(body, str) else body}

    async def send(message: Any) -> None:
        messages.append(message)

    await app(scope, receive, send)
    headers = {name.decode(): value.decode() for name, value in messages[0]["headers"]}
    return messages[0]["status"], headers, b"".join(one.get("body", b"") for one in messages[1:])


def connected(account: Account, clock: Clock, **options: Any) -> SendGrid:
    """An account of the client, wired to an account of the stand-in that has the same clock."""
    if "clock" not in options:
        account.now = clock.now
    wire = Wire(stand_in(account, never), clock)
    circumstances = Circumstances(
        now=options.pop("clock", clock).now,
        sleep=clock.sleep,
        chance=lambda: 0.5,
        stopped=options.pop("stopped", lambda: False),
        transport=wire,
    )
    key = options.pop("key", Key(account.key, "a test"))
    return SendGrid(key, options.pop("host", "global"), options.pop("subuser", None), circumstances=circumstances)


def wire_of(client: SendGrid) -> Wire:
    """The wire of a connected client."""
    transport = client.session.circumstances.transport
    assert isinstance(transport, Wire)
    return transport
