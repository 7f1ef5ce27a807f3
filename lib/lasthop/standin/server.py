"""The stand-in on a port of this machine."""

import logging
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from lasthop.errors import Failure


@contextmanager
def running(app: ASGIApp, port: int = 0) -> Iterator[str]:
    """Serve an application in a thread while the block runs; gives its address. Port 0 takes a free one."""
    # What breaks off on purpose is an error to the server's log, which nobody is to see.
    logging.getLogger("uvicorn.error").disabled = True
    config = uvicorn.Config(app, log_config=None, access_log=False, date_header=False, lifespan="off")
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", port)) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        try:
            _wait_for(server, thread)
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = server.force_exit = True
            thread.join(timeout=10)


def _wait_for(server: uvicorn.Server, thread: threading.Thread) -> None:
    for _ in range(1_000):
        if server.started:
            return
        if not thread.is_alive():
            break
        time.sleep(0.01)
    raise Failure("The stand-in did not start.")
