"""The receiver as a running server: uvicorn within bounds, and its importer beside it."""

import asyncio
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import uvicorn
from starlette.applications import Starlette

from lasthop.errors import InputError
from lasthop.live.patience import PatientForAWhile
from lasthop.live.receive import Receiver, application

CONNECTIONS = 64
"""More at once are answered 503, and SendGrid sends again: with the limit of a body this bounds the memory."""
KEEP_ALIVE_S = 30
STOP_S = 20.0
TELL_S = 60.0
Log = Callable[[str], None]


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens. Raises InputError when the address is taken or not this machine's."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=128)
    except (OSError, OverflowError) as error:
        raise InputError(f"Cannot listen on {host}:{port}.", str(error), "Name another --host or --port.") from error


def serve(receiver: Receiver, listening: socket.socket, root: Path, every_s: float, log: Log) -> None:
    """Take posts until the process is told to stop; ``root`` is the workspace that they are imported into."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(_import(root, every_s, log)), asyncio.create_task(_tell_refused(receiver, log))]
        yield
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    uvicorn.Server(bounded(application(receiver, lifespan))).run(sockets=[listening])


def bounded(app: Starlette) -> uvicorn.Config:
    """How uvicorn serves ``app``: bounds on connections and on the time of a head, and no line for each request."""
    return uvicorn.Config(
        app,
        http=PatientForAWhile,
        ws="none",
        lifespan="on",
        log_config=None,
        log_level="error",
        access_log=False,
        server_header=False,
        limit_concurrency=CONNECTIONS,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=int(STOP_S),
    )


async def _import(root: Path, every_s: float, log: Log) -> None:
    """Keep an importer running; its standard input is open as long as this process lives."""
    command = [sys.executable, "-m", "lasthop.live.importing", str(root), str(every_s)]
    pause = 1.0
    while True:
        # A session of its own: Ctrl-C goes to the receiver, which lets the importer end its batch.
        importer = await asyncio.create_subprocess_exec(*command, stdin=asyncio.subprocess.PIPE, start_new_session=True)
        try:
            code = await importer.wait()
        except asyncio.CancelledError:
            await _end(importer)
            raise
        log(f"the importer ended with {code} and is started again in {pause:.0f} s; posts are kept meanwhile")
        await asyncio.sleep(pause)
        pause = min(2 * pause, 60.0)


async def _end(importer: asyncio.subprocess.Process) -> None:
    """Let it end its batch; a kill would lose nothing, only work."""
    if importer.stdin:
        importer.stdin.close()
    try:
        async with asyncio.timeout(STOP_S):
            await importer.wait()
    except TimeoutError:
        with suppress(ProcessLookupError):
            importer.kill()


async def _tell_refused(receiver: Receiver, log: Log) -> None:
    """Once a minute, a line about what was refused, if anything was."""
    while True:
        await asyncio.sleep(TELL_S)
        refused = receiver.tally.take()
        if refused:
            log("refused: " + ", ".join(f"{number:,} with {status}" for status, number in sorted(refused.items())))
