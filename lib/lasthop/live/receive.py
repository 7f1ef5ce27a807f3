"""The endpoint of SendGrid's Event Webhook: check, keep the raw bytes on the disk, and only then answer.

Whatever goes wrong before the bytes are synced is answered with something else than 2xx or not at all, and SendGrid
sends the same events again for 24 hours. So a crash loses nothing, and what comes twice is told apart at the import.
"""

import asyncio
import hashlib
import hmac
import time
from collections import Counter, OrderedDict
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from lasthop.live.body import Body, Limits, Refused, check_declared, drain, take_body
from lasthop.live.signed import SIGNATURE, TIMESTAMP, is_timely, verifies
from lasthop.live.spool import Full, Spool

WINDOW_S = 25 * 3600.0
"""SendGrid repeats a post for 24 hours, and whether it then signs anew is not documented: so the window is longer."""
REMEMBERED = 65_536
"""Digests of signed bodies that are known to be kept: their replay takes no further room on the disk."""

Lifespan = Callable[[Starlette], AbstractAsyncContextManager[None]]


@dataclass(frozen=True)
class Gate:
    """Who may post. ``key`` None: anybody, which must be asked for; ``bearer`` None: no token is asked for."""

    key: EllipticCurvePublicKey | None
    bearer: str | None = field(default=None, repr=False)
    window_s: float = WINDOW_S

    def check_headers(self, request: Request, now_s: float) -> None:
        """Refuse what its headers already tell. ``now_s``: Unix seconds."""
        if self.bearer is not None:
            scheme, _, token = request.headers.get("authorization", "").partition(" ")
            if scheme.lower() != "bearer" or not hmac.compare_digest(token.strip().encode(), self.bearer.encode()):
                raise Refused(401, "The bearer token is missing or not the one that is expected.")
        if self.key is None:
            return
        if not (request.headers.get(SIGNATURE) and request.headers.get(TIMESTAMP)):
            raise Refused(401, "The request is not signed: switch on Signed Event Webhook at SendGrid.")
        if not is_timely(request.headers[TIMESTAMP], now_s, self.window_s):
            raise Refused(403, "The signature's timestamp is too old or lies in the future.")

    def check_body(self, request: Request, body: Body) -> None:
        """Refuse what the key did not sign. Whether a compressed body is signed packed is not known: both will do."""
        if self.key is None:
            return
        signature, timestamp = request.headers[SIGNATURE], request.headers[TIMESTAMP]
        if not any(verifies(self.key, signature, timestamp, each) for each in {body.content, body.wire}):
            raise Refused(403, "The signature does not fit these bytes and the configured public key.")


@dataclass
class Tally:
    """What was refused since it was last asked, by status."""

    refused: Counter[int] = field(default_factory=Counter)

    def take(self) -> Counter[int]:
        """The counts so far; counting begins anew."""
        taken, self.refused = self.refused, Counter()
        return taken


class Receiver:
    """Takes posts for one spool."""

    def __init__(self, gate: Gate, spool: Spool, limits: Limits, clock: Callable[[], float] = time.time) -> None:
        self.gate, self.spool, self.limits, self.clock = gate, spool, limits, clock
        self.tally = Tally()
        self._kept: OrderedDict[bytes, None] = OrderedDict()

    async def post(self, request: Request) -> Response:
        """Answer one post: 200 once its bytes are on the disk, else what was wrong in one sentence."""
        try:
            self.gate.check_headers(request, self.clock())
            check_declared(request, self.limits)
            body = await take_body(request, self.limits)
            await asyncio.to_thread(self._keep, request, body)
        except Refused as refused:
            return await self._refuse(request, refused.status, refused.sentence)
        except Full:
            return await self._refuse(request, 503, "The disk cannot take more now; send it again later.")
        return PlainTextResponse("kept\n")

    def _keep(self, request: Request, body: Body) -> None:
        self.gate.check_body(request, body)
        if self.gate.key is None:
            self.spool.keep(body.content)
            return
        digest = hashlib.sha256(request.headers[TIMESTAMP].encode() + b"\0" + body.content).digest()
        if digest in self._kept:
            return
        self.spool.keep(body.content)
        self._kept[digest] = None
        while len(self._kept) > REMEMBERED:
            self._kept.popitem(last=False)

    async def _refuse(self, request: Request, status: int, sentence: str) -> Response:
        self.tally.refused[status] += 1
        if status != 408:  # who was too slow once gets no second time
            await drain(request, self.limits)
        return PlainTextResponse(f"{sentence}\n", status, headers={"connection": "close"})


async def _healthy(_: Request) -> Response:
    return PlainTextResponse("lasthop receives\n")


def application(receiver: Receiver, lifespan: Lifespan | None = None) -> Starlette:
    """The ASGI application: posts at any path, for a proxy may map its own; ``GET /health`` for monitors."""
    routes = [
        Route("/health", _healthy, methods=["GET"]),
        Route("/{path:path}", receiver.post, methods=["POST"]),
    ]
    return Starlette(routes=routes, lifespan=lifespan)
