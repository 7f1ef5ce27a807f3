"""serve, demo: the dashboard."""

import os
import signal
import subprocess
import sys
import tempfile
import webbrowser
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click

from lasthop.cli.options import no_workspace_option, say, workspace_option
from lasthop.errors import Failure
from lasthop.live.sendgrid import BASE
from lasthop.load import load_files
from lasthop.pull.keys import SENDGRID_KEY
from lasthop.standin import DEMO_KEY, demo_account, running, stand_in
from lasthop.store import Workspace


def app_folder() -> Path:
    """Where app.py lies: inside the installed package, or at the top of a checkout."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "_app", package.parents[1]):
        if (folder / "app.py").exists():
            return folder
    raise Failure("The dashboard's app.py was not found.", hint="Install lasthop again.")


host_option = click.option(
    "--host",
    default="localhost",
    show_default=True,
    help="Address to listen on. There is no login: open it to a network only behind something that has one.",
)


@click.command()
@click.option("--port", type=int, default=8501, show_default=True)
@host_option
@workspace_option
def serve(port: int, host: str, workspace: Workspace) -> int:
    """Open the dashboard on a workspace.

    Example: lasthop serve --workspace ./workspace --port 8501
    """
    return _serve(workspace, port, host)


@click.command()
@click.option("--port", type=int, default=8501, show_default=True)
@host_option
@click.option("--live", is_flag=True, help="With a stand-in for SendGrid on this machine, to pull invented mail from.")
@no_workspace_option
def demo(port: int, host: str, live: bool) -> int:
    """Load the samples into a throw-away workspace and open the dashboard on it.

    Example: lasthop demo --live
    """
    with tempfile.TemporaryDirectory(prefix="lasthop-demo-") as folder:
        workspace = Workspace(Path(folder) / "workspace")
        files = sorted((app_folder() / "data" / "samples").iterdir())
        report = load_files(workspace, files, Path(folder), timezone="Asia/Tokyo")
        say(f"lasthop: {report.messages} synthetic messages loaded; they are deleted when you stop with Ctrl-C.")
        with ExitStack() as stack:
            environment = stack.enter_context(_stand_in()) if live else {}
            return _serve(workspace, port, host, environment)


@contextmanager
def _stand_in() -> Iterator[dict[str, str]]:
    """The stand-in while the block runs; what tells the dashboard of it. A key of the user's is not shown to it."""
    with running(stand_in(demo_account())) as address:
        say("lasthop: a stand-in for SendGrid is running; pull its invented mail on the page Sources.")
        yield {BASE: address, SENDGRID_KEY: DEMO_KEY}


def _serve(workspace: Workspace, port: int, host: str, environment: Mapping[str, str] | None = None) -> int:
    app = app_folder() / "app.py"
    options: dict[str, object] = {"server.port": port, "server.address": host, "browser.serverAddress": host}
    options |= {"server.headless": not _has_browser(), "server.showEmailPrompt": False}
    options["server.fileWatcherType"] = "none"  # nobody edits the installed pages while they are served
    command = [sys.executable, "-m", "streamlit", "run", str(app)]
    command += [f"--{name}={str(value).lower()}" for name, value in options.items()]
    told = {**os.environ, **(environment or {}), "LASTHOP_WORKSPACE": str(workspace.root)}
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)  # to be stopped is as good as Ctrl-C
    try:
        with subprocess.Popen(command, env=told, cwd=app.parent) as server:  # noqa: S603  (our own command)
            try:
                return server.wait()
            except KeyboardInterrupt:
                server.send_signal(signal.SIGINT)
                return 0
    finally:
        signal.signal(signal.SIGTERM, before)


def _has_browser() -> bool:
    """Whether a browser can be opened from here; on a server Streamlit then prints the address instead."""
    try:
        webbrowser.get()
    except webbrowser.Error:
        return False
    return True
