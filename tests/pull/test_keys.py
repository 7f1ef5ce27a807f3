"""Keys: three places in one order, and nothing that shows them."""

import copy
import pickle
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked

from lasthop.errors import InputError
from lasthop.pull import SENDGRID_KEY, Key, Places, find_key

SECRET = "SG.an-invented-key"  # noqa: S105  (it opens nothing)


class Drawer(KeyringBackend):
    """A keyring of this test, locked or open."""

    priority = 1

    def __init__(self, held: dict[tuple[str, str], str], locked: bool = False) -> None:
        super().__init__()
        self.held, self.locked = held, locked

    def get_password(self, service: str, username: str) -> str | None:
        if self.locked:
            raise KeyringLocked(SECRET)
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.held[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.held[service, username]


@pytest.fixture(autouse=True)
def drawer() -> Iterator["Drawer"]:
    before = keyring.get_keyring()
    own = Drawer({})
    keyring.set_keyring(own)
    yield own
    keyring.set_keyring(before)


def secrets(folder: Path, text: str) -> Path:
    (folder / ".streamlit").mkdir(parents=True)
    (folder / ".streamlit" / "secrets.toml").write_text(text, encoding="utf-8")
    return folder


def test_the_environment_comes_first_then_secrets_then_the_keyring(tmp_path: Path, drawer: Drawer) -> None:
    work = secrets(tmp_path / "work", f'{SENDGRID_KEY} = "SG.of-the-folder"')
    home = secrets(tmp_path / "home", f'{SENDGRID_KEY} = "SG.of-the-home"')
    keyring.set_password("lasthop", SENDGRID_KEY, "SG.of-the-keyring")
    found = [
        find_key(places=places)
        for places in (
            Places({SENDGRID_KEY: " SG.of-the-environment\n"}, (work, home)),
            Places({SENDGRID_KEY: " "}, (work, home)),
            Places({}, (tmp_path, home)),
            Places({}, (tmp_path,)),
        )
    ]
    assert [key.reveal() for key in found] == [
        "SG.of-the-environment",
        "SG.of-the-folder",
        "SG.of-the-home",
        "SG.of-the-keyring",
    ]
    assert [key.place for key in found] == [
        "the environment variable SENDGRID_API_KEY",
        "SENDGRID_API_KEY of .streamlit/secrets.toml",
        "SENDGRID_API_KEY of .streamlit/secrets.toml",
        "the keyring (lasthop, SENDGRID_API_KEY)",
    ]


def test_without_one_it_says_where_it_looked_and_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InputError) as raised:
        find_key(places=Places({}, (tmp_path,)))
    for place in ("environment", ".streamlit/secrets.toml", "keyring (service lasthop)", f"Set {SENDGRID_KEY}"):
        assert place in str(raised.value)


def test_a_locked_keyring_stops_nothing_and_tells_nothing(tmp_path: Path, drawer: Drawer) -> None:
    drawer.locked = True
    with pytest.raises(InputError) as raised:
        find_key(places=Places({}, (tmp_path,)))
    assert SECRET not in str(raised.value)


@pytest.mark.parametrize("text", [f'{SENDGRID_KEY} = "{SECRET}', f"{SENDGRID_KEY} = {SECRET}"])
def test_a_broken_secrets_file_is_a_sentence_without_what_it_holds(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError, match="is not TOML") as raised:
        find_key(places=Places({}, (secrets(tmp_path, text),)))
    assert SECRET not in str(raised.value)
    assert raised.value.__cause__ is None


@pytest.mark.parametrize("text", ["short", "two words of a key", "SG.ключ-schlüssel", "SG.a\r\nHost: evil.example"])
def test_what_cannot_be_a_key_is_refused_unseen(text: str) -> None:
    with pytest.raises(InputError, match="is no API key") as raised:
        Key(text, "the environment variable X")
    assert text not in str(raised.value)


def test_nothing_shows_a_key() -> None:
    key = Key(SECRET, "a test")
    assert SECRET not in f"{key} {key!r} {[key]} {key.place}"
    assert not hasattr(key, "__dict__")
    for leak in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError, match="not to be stored"):
            leak(key)
