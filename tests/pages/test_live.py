"""Sources, the live part: a pull from the stand-in, and a key that is shown nowhere."""

import logging
import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lasthop.live.job import job_of
from lasthop.standin import SCOPES, Account, demo_account, running, stand_in
from lasthop.store import Workspace
from lasthop.trace import look
from tests.pages.opening import Opener, elements, fine, texts_of

KEY = f"SG.{random.Random(5).randbytes(20).hex()}"


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Account]:
    """The stand-in on a port of this machine, with a key in the environment."""
    held = demo_account(count=40, days=3)
    held.key = KEY
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SENDGRID_API_KEY", KEY)
    with running(stand_in(held)) as address:
        monkeypatch.setenv("LASTHOP_SENDGRID_URL", address)
        yield held


def press(at: AppTest, key: str) -> AppTest:
    return at.button(key=key).click().run()


def test_without_a_key_it_says_how_to_give_one(
    opened: Opener, empty: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("SENDGRID_API_KEY", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    at = opened(empty, "pages/sources.py")
    assert "Set SENDGRID_API_KEY, or put a line" in texts_of(at)
    assert "pull_now" not in [one.key for one in at.button]


def test_a_pull_brings_the_mail_and_the_page_says_so(
    opened: Opener, empty: Path, account: Account, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    at = press(opened(empty, "pages/sources.py"), "pull_now")
    job = job_of(Workspace(empty))
    assert job is not None
    job.wait(60)
    at = fine(at.run())
    assert [one.value for one in at.success if re.search(r"^\d+ rows in \d+ windows?\\, \d+ new events", one.value)]
    assert ", logs: ended" in texts_of(at)
    with look(Workspace(empty)) as snapshot:
        assert snapshot.value("SELECT count(*) FROM messages") == len({one.message_id for one in account.mail})
    shown = "".join(str(element.proto) for element in elements(at))
    assert KEY not in shown + caplog.text + str(at.session_state._state.filtered_state)
    assert KEY.encode() not in b"".join(path.read_bytes() for path in empty.rglob("*") if path.is_file())


def test_a_missing_right_is_named(opened: Opener, empty: Path, account: Account) -> None:
    account.scopes = tuple(one for one in SCOPES if not one.startswith(("messages", "email_activity")))
    at = opened(empty, "pages/sources.py")
    at.session_state["pull_what"] = ["activity"]
    at = press(at, "pull_test")
    assert [one.value for one in at.warning if "The key may not read Email Activity" in one.value]


def test_a_wrong_key_is_a_sentence(opened: Opener, empty: Path, account: Account) -> None:
    account.key = "SG.another-one"
    at = press(opened(empty, "pages/sources.py"), "pull_test")
    assert at.error
    assert KEY not in at.error[0].value
