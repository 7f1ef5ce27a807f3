"""The stand-in on a port of this machine, told to pages by the environment, with a key that nobody may see."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lasthop.standin import Account, demo_account, running, stand_in
from tests.pages.opening import elements

KEY = f"SG.{random.Random(5).randbytes(20).hex()}"


def account_in_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Account]:
    held = demo_account(count=120, days=3)
    held.key = KEY
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SENDGRID_API_KEY", KEY)
    with running(stand_in(held)) as address:
        monkeypatch.setenv("LASTHOP_SENDGRID_URL", address)
        yield held


def press(at: AppTest, key: str) -> AppTest:
    return at.button(key=key).click().run()


def where_the_key_is(at: AppTest, workspace: Path, log: str) -> list[str]:
    """The places that tell it: the screen, the log, the session's state, the workspace."""
    places = {
        "screen": "".join(str(element.proto) for element in elements(at)),
        "log": log,
        "state": str(at.session_state._state.filtered_state),
        "workspace": "".join(path.read_bytes().decode("latin-1") for path in workspace.rglob("*") if path.is_file()),
    }
    return [name for name, text in places.items() if KEY in text]
