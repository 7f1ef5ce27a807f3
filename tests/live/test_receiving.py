"""`lasthop receive`: what a person is told before it runs."""

import socket
from pathlib import Path

import pytest

from lasthop.cli import run
from lasthop.errors import InputError
from lasthop.live.server import listen
from lasthop.live.signed import read_public_key
from tests.live.posting import KEY, shown


@pytest.fixture(autouse=True)
def _no_key_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("LASTHOP_WEBHOOK_PUBLIC_KEY", raising=False)
    monkeypatch.setenv("LASTHOP_WORKSPACE", str(tmp_path / "workspace"))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "No public key is known"),
        (["--public-key", "AAAA"], "cannot be read"),
        (["--public-key", "käse"], "cannot be read"),
        (["--unsigned", "--public-key", shown(KEY)], "exclude each other"),
        (["--public-key", shown(KEY), "--host", "192.0.2.1"], "Cannot listen on 192.0.2.1"),
        (["--public-key", shown(KEY), "--window", "0"], "--window"),
    ],
)
def test_wrong_use_is_one_line(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["receive", "--port", "0", *words]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line


def test_a_port_that_is_taken_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(InputError, match="Cannot listen"):
        listen("127.0.0.1", taken.getsockname()[1])


def test_unsigned_is_loud(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("lasthop.live.server.serve", lambda receiver, listening, *_: listening.close())
    assert run(["receive", "--unsigned", "--port", "0"]) == 0
    said = capsys.readouterr()
    assert "WARNING: --unsigned. Anybody" in said.err
    assert "UNSIGNED posts" in said.out


def test_a_key_is_taken_from_a_file_or_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("lasthop.live.server.serve", lambda receiver, listening, *_: listening.close())
    file = tmp_path / "key.txt"
    file.write_text(f"  {shown(KEY)}\n")
    assert run(["receive", "--port", "0", "--public-key", str(file)]) == 0
    monkeypatch.setenv("LASTHOP_WEBHOOK_PUBLIC_KEY", shown(KEY))
    assert run(["receive", "--port", "0"]) == 0
    assert capsys.readouterr().out.count("signed posts only") == 2


def test_a_key_is_read_as_pem_too_and_other_kinds_are_refused() -> None:
    pem = f"-----BEGIN PUBLIC KEY-----\n{shown(KEY)}\n-----END PUBLIC KEY-----\n"
    assert read_public_key(pem).public_numbers() == KEY.public_key().public_numbers()
    ed25519 = "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE="  # RFC 8410 §10.1
    with pytest.raises(InputError, match="not one on the curve P-256"):
        read_public_key(ed25519)
