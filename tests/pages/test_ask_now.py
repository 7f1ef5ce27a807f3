"""Message: SendGrid asked about this message now, and about the stop lists of its address."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lasthop.live.progress import Wants
from lasthop.live.sendgrid import connect, start
from lasthop.load import load_files
from lasthop.standin import Account, Sent
from lasthop.store import Workspace
from lasthop.trace import look
from tests.pages.asking import account_in_environment, press, where_the_key_is
from tests.pages.opening import Opener, fine, texts_of

PAGE = "pages/message.py"


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Account]:
    yield from account_in_environment(monkeypatch, tmp_path)


def pulled_without_details(workspace: Path) -> None:
    for _ in start(Workspace(workspace), connect(), Wants(("logs",), details="none")):
        pass


def with_event(account: Account, event: str) -> Sent:
    return next(one for one in account.mail if event in {each.event for each in one.known(account.second())})


def steps(at: AppTest) -> list[str]:
    return list(at.dataframe[0].value["what"])


def test_it_brings_the_events_of_the_message(
    opened: Opener, empty: Path, account: Account, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    pulled_without_details(empty)
    message = with_event(account, "open")
    at = opened(empty, PAGE, message=message.message_id)
    before = len(account.requests)
    assert "opened" not in " ".join(steps(at))
    at = fine(press(at, "ask_message"))
    assert account.requests[before:] == [f"GET /v3/logs/{message.message_id}"]
    assert "of them new" in at.success[0].value
    assert "opened" in " ".join(steps(at)).lower()
    assert where_the_key_is(at, empty, caplog.text) == []
    assert not fine(at.run()).success, "said once"


def test_it_asks_nothing_unasked(opened: Opener, empty: Path, account: Account) -> None:
    pulled_without_details(empty)
    before = len(account.requests)
    opened(empty, PAGE, message=account.mail[0].message_id)
    assert account.requests[before:] == []


def test_stop_lists_of_the_address(opened: Opener, empty: Path, account: Account) -> None:
    pulled_without_details(empty)
    message = with_event(account, "bounce")
    (name,) = {name for name in ("bounces", "blocks") if message.recipient in {e.email for e in account.entries(name)}}
    account.scopes = tuple(one for one in account.scopes if "spam_reports" not in one and one != "suppression.read")
    at = fine(press(opened(empty, PAGE, message=message.message_id), "ask_lists"))
    told = next(one.value for one in at.dataframe if "holds" in one.value).set_index("list")
    assert told["holds"].to_dict() == {
        "Bounces": "yes" if name == "bounces" else "no",
        "Blocks": "yes" if name == "blocks" else "no",
        "Invalid emails": "no",
        "Spam reports": "not known",
        "Global unsubscribes": "no",
        "Group unsubscribes": "no",
    }
    assert told.loc[name.capitalize(), "says"].startswith("55")
    assert "suppression.spam_reports.read" in told.loc["Spam reports", "says"]


def test_what_is_held_no_more_is_a_sentence(opened: Opener, samples: Path, account: Account) -> None:
    with look(Workspace(samples)) as snapshot:
        row = snapshot.rows("SELECT message FROM messages WHERE provider_message_id IS NOT NULL LIMIT 1")[0]
    at = press(opened(samples, PAGE, message=row["message"]), "ask_message")
    assert "It may be older than it is kept" in at.error[0].value


def test_a_message_that_only_the_application_knows_is_looked_for_by_address(
    opened: Opener, empty: Path, account: Account, tmp_path: Path
) -> None:
    message = with_event(account, "delivered")
    log = tmp_path / "mail_log.csv"
    log.write_text(_mail_log(message), encoding="utf-8")
    load_files(Workspace(empty), [log], tmp_path, timezone="UTC")
    with look(Workspace(empty)) as snapshot:
        held = snapshot.value("SELECT message FROM messages")
    at = opened(empty, PAGE, message=held)
    at = fine(press(at, "ask_message"))
    assert "of them new" in at.success[0].value
    with look(Workspace(empty)) as snapshot:
        assert snapshot.value("SELECT count(*) FROM events WHERE kind = 'delivered'") == 1


def _mail_log(message: Sent) -> str:
    when = datetime.fromtimestamp(message.created, UTC)
    return (
        "ログ日時,ホスト,ログレベル,宛先メールアドレス,HTTPレスポンスコード,レスポンス,件名\n"
        f"{when:%Y-%m-%d %H:%M:%S},shop.example,info,{message.recipient},202,202 Accepted,{message.subject}\n"
    )


def test_without_a_key_it_says_how_to_give_one(
    opened: Opener, samples: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("SENDGRID_API_KEY", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    with look(Workspace(samples)) as snapshot:
        message = snapshot.value("SELECT message FROM messages LIMIT 1")
    at = opened(samples, PAGE, message=message)
    assert "Set SENDGRID_API_KEY" in texts_of(at)
    assert "ask_message" not in [one.key for one in at.button]
