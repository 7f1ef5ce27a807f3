"""Which rules name the reasons in a workspace, and which version of them its messages were derived with."""

import hashlib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path

from lasthop.errors import InputError
from lasthop.reply import Rules, builtin, parse_rules
from lasthop.store import Workspace

RULES = "rules"
"""Application transaction of the messages table: the version of the rules that its reasons come from."""


@dataclass(frozen=True)
class Held:
    """The rules of a workspace.

    ``version`` is a number that changes with the classifier, its catalogue and the user's own rules; positive, 60 bits.
    ``problem`` tells what is wrong with the user's own rules: then the built-in ones stand alone; None when nothing is.
    """

    rules: Rules
    version: int
    problem: InputError | None


def rules_file(workspace: Workspace) -> Path:
    """Where a user's own rules for this workspace are kept; it need not exist."""
    return workspace.root / "rules.toml"


def rules_of(workspace: Workspace) -> Held:
    """The user's own rules before the built-in ones."""
    path = rules_file(workspace)
    if not path.is_symlink() and not path.exists():
        return _held(b"", "")
    try:
        if not path.is_file():
            raise InputError("The rules cannot be read", f"{path.name} is no file.", "Move it away.")
        content = path.read_bytes()
    except (OSError, InputError) as error:
        known = error if isinstance(error, InputError) else InputError("The rules cannot be read", str(error))
        return Held(builtin(), _version(b""), known)
    return _held(content, path.name)


@lru_cache(maxsize=4)
def _held(own: bytes, name: str) -> Held:
    """Read once for each content, so that rules and version are always of the same bytes."""
    if not own:
        return Held(builtin(), _version(b""), None)
    try:
        return Held(parse_rules(own, name), _version(own), None)
    except InputError as error:
        return Held(builtin(), _version(b""), error)


def _version(own: bytes) -> int:
    return int(hashlib.sha256(_builtin_digest() + own).hexdigest()[:15], 16)


@cache
def _builtin_digest() -> bytes:
    digest = hashlib.sha256()
    room = resources.files("lasthop.reply")
    folders = (room, room / "catalogue", room / "catalogue" / "rules")
    files = [entry for folder in folders for entry in folder.iterdir() if entry.name.endswith((".py", ".toml"))]
    for file in sorted(files, key=lambda entry: entry.name):
        digest.update(file.read_bytes())
    return digest.digest()
