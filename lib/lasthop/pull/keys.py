"""Keys of providers: where they are looked for, and how they stay out of everything that is written.

A key is looked for in the environment, then in ``.streamlit/secrets.toml`` (of the working folder, then of the home
folder, as Streamlit does), then in the keyring of the operating system when the package ``keyring`` is installed
(the extra ``lasthop[keyring]``). It is kept nowhere else.
"""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import NoReturn

from lasthop.errors import InputError

SENDGRID_KEY = "SENDGRID_API_KEY"
SERVICE = "lasthop"
"""The service under which the keyring holds keys; the name of the variable is the user name there."""
_SENDABLE = re.compile(r"[!-~]{8,4096}")


class Key:
    """A secret that only ``reveal`` tells. Printing, formatting, logging or pickling it shows nothing of it."""

    __slots__ = ("_text", "place")

    def __init__(self, text: str, place: str) -> None:
        """``place`` says where it was found, for people. Raises InputError for what cannot be sent as a key."""
        text = text.strip()
        if not _SENDABLE.fullmatch(text):
            raise InputError(
                f"What stands in {place} is no API key.", hint="A key is one word of ASCII letters, digits and signs."
            )
        self._text, self.place = text, place

    def reveal(self) -> str:
        """The key itself, for the header of a request and nothing else."""
        return self._text

    def __repr__(self) -> str:
        return f"Key(from {self.place})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("A key is not to be stored.")


@dataclass(frozen=True)
class Places:
    """Where keys are looked for; the defaults are those of this process."""

    environment: Mapping[str, str]
    folders: tuple[Path, ...]
    """Folders whose ``.streamlit/secrets.toml`` is read."""

    @classmethod
    def here(cls) -> "Places":
        """The environment, the working folder and the home folder of this process."""
        return cls(os.environ, (Path.cwd(), Path.home()))


def find_key(name: str = SENDGRID_KEY, places: Places | None = None) -> Key:
    """The key of that name. Raises InputError when there is none, or a secrets file cannot be read."""
    where = places or Places.here()
    if text := where.environment.get(name, "").strip():
        return Key(text, f"the environment variable {name}")
    for folder in where.folders:
        if held := _from_secrets(folder / ".streamlit" / "secrets.toml", name):
            return Key(held, f"{name} of .streamlit/secrets.toml")
    if held := _from_keyring(name):
        return Key(held, f"the keyring ({SERVICE}, {name})")
    raise InputError(
        f"There is no key {name}.",
        f"It is looked for in the environment, in .streamlit/secrets.toml and in the keyring (service {SERVICE}).",
        f'Set {name}, or put a line {name} = "…" into .streamlit/secrets.toml.',
    )


def _from_secrets(path: Path, name: str) -> str | None:
    try:
        held = tomllib.loads(path.read_text(encoding="utf-8-sig")).get(name)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        # The parser quotes no part of the file, but nobody promises that it never will.
        kind = "is not TOML" if isinstance(error, ValueError) else "cannot be read"
        raise InputError(f"The file {path} {kind}.", hint=f"Mend it, or set {name} in the environment.") from None
    return held.strip() if isinstance(held, str) else None


def _from_keyring(name: str) -> str | None:
    """What the operating system keeps; None without the package, without a keyring, or when it stays locked."""
    try:
        keyring = import_module("keyring")
    except ImportError:
        return None
    try:
        held = keyring.get_password(SERVICE, name)
    except Exception:  # each backend has errors of its own, and a locked keyring must not stop anything
        return None
    return held if isinstance(held, str) else None
