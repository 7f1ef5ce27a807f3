"""`lasthop pull sendgrid`: its document, its exit codes, and one line for each thing that a person has to change."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from lasthop.cli import run
from lasthop.standin import Account, demo_account, running, stand_in


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Account]:
    held = demo_account(count=30, days=2)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("SENDGRID_API_KEY", held.key)
    monkeypatch.setenv("LASTHOP_WORKSPACE", str(tmp_path / "workspace"))
    with running(stand_in(held)) as address:
        monkeypatch.setenv("LASTHOP_SENDGRID_URL", address)
        yield held


def test_the_document_is_that_of_load_and_says_what_was_asked(
    account: Account, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["pull", "sendgrid", "--what", "logs,suppressions,stats", "--json"]) == 0
    said = capsys.readouterr()
    told = json.loads(said.out)
    assert {"sources", "messages", "seconds", "pull"} <= set(told)
    assert told["messages"] == 30
    assert {source["format"] for source in told["sources"]} == {"sendgrid_logs", "sendgrid_stop_lists"}
    assert told["pull"]["requests"] == len(account.requests)
    assert told["pull"]["added"] == sum(source["added"] for source in told["sources"])
    assert told["pull"]["refused"] == {}
    assert account.key not in said.out + said.err
    assert run(["pull", "sendgrid", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["sources"] == [], "nothing is new"


@pytest.mark.parametrize(
    ("change", "words", "code", "said"),
    [
        ({"key": "SG.another-key"}, [], 2, "SendGrid does not know this key"),
        ({"logs_allowed": False}, [], 2, "This key may not read the Email Logs"),
        ({"add_on": False}, ["--what", "activity"], 2, "the add-on"),
        ({}, ["--subuser", "stranger"], 2, "knows no subuser stranger"),
        ({"trouble": lambda *_: "page"}, ["--what", "logs"], 1, "It was not SendGrid that answered, but a page"),
        ({}, ["--what", "everything"], 2, "cannot be pulled"),
        ({}, ["--since", "2026-11-02", "--until", "2026-11-01"], 2, "--since is not before --until"),
    ],
    ids=["key", "logs", "add-on", "subuser", "page", "what", "since"],
)
def test_trouble_is_one_line_and_an_exit_code(
    account: Account,
    capsys: pytest.CaptureFixture[str],
    change: dict[str, object],
    words: list[str],
    code: int,
    said: str,
) -> None:
    key = account.key
    for name, value in change.items():
        setattr(account, name, value)
    assert run(["pull", "sendgrid", *words]) == code
    shown = capsys.readouterr()
    assert sum(said in line for line in shown.err.splitlines()) == 1
    assert key not in shown.out + shown.err


def test_without_a_key_it_says_where_one_is_looked_for(
    account: Account, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.delenv("SENDGRID_API_KEY")
    monkeypatch.chdir(tmp_path)
    assert run(["pull", "sendgrid"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "There is no key SENDGRID_API_KEY" in line
    assert account.requests == []
