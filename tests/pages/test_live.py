"""Sources, the live part: a pull from the stand-in, and a key that is shown nowhere."""

import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from lasthop.live.job import job_of
from lasthop.standin import SCOPES, Account
from lasthop.store import Workspace
from lasthop.trace import look
from tests.pages.asking import KEY, account_in_environment, press, where_the_key_is
from tests.pages.opening import Opener, fine, texts_of


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Account]:
    yield from account_in_environment(monkeypatch, tmp_path)


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
    assert where_the_key_is(at, empty, caplog.text) == []


def test_a_stop_that_comes_when_all_was_brought_says_so(opened: Opener, empty: Path, account: Account) -> None:
    at = press(opened(empty, "pages/sources.py"), "pull_now")
    job = job_of(Workspace(empty))
    assert job is not None
    job.wait(60)
    job.stop()
    at = fine(at.run())
    assert [one.proto.title for one in at.success] == ["Pulled; everything had been asked for before the stop"]


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


def test_the_email_logs_have_no_scope_so_they_are_tried(opened: Opener, empty: Path, account: Account) -> None:
    account.logs_allowed = False
    at = press(opened(empty, "pages/sources.py"), "pull_test")
    assert "may not read the Email Logs" in at.warning[0].value
    assert not at.success
