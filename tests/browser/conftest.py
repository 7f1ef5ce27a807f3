import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

sync_api = pytest.importorskip("playwright.sync_api") if os.environ.get("LASTHOP_BROWSER") != "required" else None
if sync_api is None:
    from playwright import sync_api

ROOT = Path(__file__).parents[2]


def chromium() -> str | None:
    """A Chromium of the system."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture(scope="module")
def browser() -> "Iterator[sync_api.Browser]":
    """Not of the session: while it is there, an event loop runs, and no test after it could run one of its own."""
    path = chromium()
    if path is None:
        if os.environ.get("LASTHOP_BROWSER") == "required":
            pytest.fail("LASTHOP_BROWSER=required, and there is no Chromium")
        pytest.skip("there is no Chromium on this machine")
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """The dashboard on a free port with an empty workspace; its address."""
    with serving(tmp_path / "workspace") as address:
        yield address


@contextmanager
def serving(workspace: Path) -> Iterator[str]:
    """Run the dashboard on a workspace; at its end whatever it had to warn of makes the test fail."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py")]
    options = ["--server.address=127.0.0.1", f"--server.port={port}", "--server.headless=true"]
    said: list[str] = []
    with subprocess.Popen(
        [*command, *options],
        env={**os.environ, "LASTHOP_WORKSPACE": str(workspace)},
        cwd=workspace.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:  # blocks until the server says where it is, or ends
            said.append(line)
            if "URL" in line:
                break
        assert process.poll() is None, "".join(said)
        reader = threading.Thread(target=said.extend, args=(process.stdout,))  # a full pipe would stop the server
        reader.start()
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            reader.join()
    told = "".join(said)
    assert not re.search(r"Traceback|WARNING|Error|created with a default value", told), told


@pytest.fixture
def page(browser: "sync_api.Browser", server: str) -> "Iterator[sync_api.Page]":
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, timezone_id="Asia/Tokyo", locale="en-GB", accept_downloads=True
    )
    context.set_default_timeout(60_000)
    opened = context.new_page()
    opened.goto(server)
    yield opened
    print("the page at the end:", opened.url, opened.locator("body").inner_text(), sep="\n")  # noqa: T201 - pytest shows it
    context.close()
