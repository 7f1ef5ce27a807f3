"""receive: SendGrid's Event Webhook into the workspace."""

import os
from contextlib import suppress
from pathlib import Path

import click

from lasthop.cli.options import say, visible, workspace_option
from lasthop.errors import InputError
from lasthop.store import Workspace

KEY_VARIABLE = "LASTHOP_WEBHOOK_PUBLIC_KEY"
BEARER_VARIABLE = "LASTHOP_WEBHOOK_BEARER"
_LOCAL = {"127.0.0.1", "localhost", "::1"}


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on, plain HTTP.")
@click.option("--port", type=click.IntRange(0, 65_535), default=8502, show_default=True)
@click.option(
    "--public-key",
    metavar="KEY|FILE",
    help=f"SendGrid's verification key, or a file that holds it; default ${KEY_VARIABLE}.",
)
@click.option("--unsigned", is_flag=True, help="Take posts from anybody who reaches the port. For trials.")
@click.option(
    "--window",
    type=click.FloatRange(min=1),
    default=25.0,
    show_default=True,
    metavar="HOURS",
    help="How old a signature may be; SendGrid repeats a post for 24 hours.",
)
@click.option(
    "--every",
    type=click.FloatRange(min=1),
    default=30.0,
    show_default=True,
    metavar="SECONDS",
    help="The least time between two imports.",
)
@workspace_option
def receive(
    host: str, port: int, public_key: str | None, unsigned: bool, window: float, every: float, workspace: Workspace
) -> int:
    """Take SendGrid's Event Webhook, and load what it brings. Prints a line a batch.

    Put a proxy with TLS before it: docs/receive.md tells how. A post is answered with success once it is on the disk.
    With $LASTHOP_WEBHOOK_BEARER set, each post must carry that bearer token too.

    Example: lasthop receive --public-key MFkwEwYHKoZIzj0C…
    """
    # Imported here: no other command needs a web server.
    from lasthop.live.body import Limits  # noqa: PLC0415
    from lasthop.live.importing import stamped  # noqa: PLC0415
    from lasthop.live.receive import Gate, Receiver  # noqa: PLC0415
    from lasthop.live.server import listen, serve  # noqa: PLC0415
    from lasthop.live.signed import read_public_key  # noqa: PLC0415
    from lasthop.live.spool import Spool  # noqa: PLC0415

    text = _key_text(public_key)
    if not unsigned and text is None:
        raise InputError(
            "No public key is known, so no signature could be checked.",
            hint=f"Give --public-key or ${KEY_VARIABLE}; --unsigned takes posts from anybody.",
        )
    if unsigned and public_key:
        raise InputError("--unsigned and --public-key exclude each other.", hint="Leave one of them out.")
    key = None if unsigned or text is None else read_public_key(text)
    gate = Gate(key, os.environ.get(BEARER_VARIABLE) or None, window * 3600)
    listening = listen(host, port)
    if key is None:
        say("lasthop: WARNING: --unsigned. Anybody who reaches this port can put events into the workspace.")
    if host not in _LOCAL:
        say("lasthop: this is plain HTTP: let only a proxy with TLS reach it from outside.")

    def log(line: str) -> None:
        click.echo(stamped(line))

    spool = Spool(workspace)
    waiting = len(spool.waiting()) + len(spool.batches())
    log(_begin(listening.getsockname()[1], host, key is not None, waiting))
    with suppress(KeyboardInterrupt):
        serve(Receiver(gate, spool, Limits()), listening, workspace.root, every, log)
    return 0


def _begin(port: int, host: str, signed: bool, waiting: int) -> str:
    shown = f"[{host}]" if ":" in host else host
    said = f"receiving on http://{shown}:{port}/, {'signed posts only' if signed else 'UNSIGNED posts'}"
    return f"{said}; {waiting:,} in the spool from before" if waiting else said


def _key_text(given: str | None) -> str | None:
    """The key itself: from the option, from the file that it names, or from the environment."""
    if given is None:
        return os.environ.get(KEY_VARIABLE) or None
    with suppress(OSError, ValueError):  # a key is too long or too odd to be the name of a file
        path = Path(given)
        if path.is_file():
            return path.read_text(encoding="ascii", errors="replace")[:10_000]
    return visible(given)
