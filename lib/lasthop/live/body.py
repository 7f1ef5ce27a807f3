"""The body of one request, within bounds of size and time: what goes beyond them is refused, not held."""

import asyncio
import zlib
from dataclasses import dataclass

from starlette.requests import ClientDisconnect, Request

DRAIN_S = 2.0


@dataclass(frozen=True)
class Limits:
    """``bytes_``: of a body, packed and unpacked; SendGrid posts at most 768 KB. ``seconds``: for the whole of it."""

    bytes_: int = 2 << 20
    seconds: float = 10.0


@dataclass(frozen=True)
class Body:
    """``wire`` as it came, ``content`` unpacked; the same bytes unless the request was compressed."""

    wire: bytes
    content: bytes


class Refused(Exception):
    """A request that is not taken: its status, and one sentence for whoever set it up."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status, self.sentence = status, sentence


def check_declared(request: Request, limits: Limits) -> None:
    """Refuse by its headers a body that is too large or packed in a way that is not taken."""
    declared = request.headers.get("content-length", "0")
    if declared.isdigit() and int(declared) > limits.bytes_:
        raise _too_large(limits)
    if _encoding(request) not in ("", "identity", "gzip"):
        raise Refused(400, "This Content-Encoding is not taken: send the body plain or as gzip.")


async def take_body(request: Request, limits: Limits) -> Body:
    """Read the whole body. Raises Refused when it is too large, too slow, cut off or no gzip although it says so."""
    try:
        async with asyncio.timeout(limits.seconds):
            wire = await _read(request, limits)
    except TimeoutError as error:
        raise Refused(408, f"The body did not come within {limits.seconds:g} seconds.") from error
    except ClientDisconnect as error:
        raise Refused(400, "The connection ended before the body did.") from error
    return Body(wire, _unpacked(wire, limits) if _encoding(request) == "gzip" else wire)


async def drain(request: Request, limits: Limits) -> None:
    """Let a refused sender finish, within bounds, so that it reads the answer instead of a broken connection."""
    passed = 0
    try:
        async with asyncio.timeout(DRAIN_S):
            async for chunk in request.stream():
                passed += len(chunk)
                if passed > 4 * limits.bytes_:
                    return
    except (TimeoutError, ClientDisconnect, RuntimeError):  # RuntimeError: the stream was taken before
        return


async def _read(request: Request, limits: Limits) -> bytes:
    held = bytearray()
    async for chunk in request.stream():
        held += chunk
        if len(held) > limits.bytes_:
            raise _too_large(limits)
    return bytes(held)


def _unpacked(wire: bytes, limits: Limits) -> bytes:
    """Unpack gzip, several members too, and never more than the limit and one byte."""
    held, rest = bytearray(), wire
    try:
        while rest:
            member = zlib.decompressobj(wbits=31)
            held += member.decompress(rest, limits.bytes_ - len(held) + 1)
            if len(held) > limits.bytes_:
                raise _too_large(limits)
            if not member.eof:
                raise Refused(400, "The body is gzip that ends in the middle.")
            rest = member.unused_data
    except zlib.error as error:
        raise Refused(400, "The body says that it is gzip and cannot be unpacked.") from error
    return bytes(held)


def _encoding(request: Request) -> str:
    return request.headers.get("content-encoding", "").strip().lower()


def _too_large(limits: Limits) -> Refused:
    return Refused(413, f"The body is larger than {limits.bytes_:,} bytes.")
