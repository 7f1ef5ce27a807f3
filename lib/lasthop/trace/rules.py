"""Which rules name the reasons in a workspace, and which version of them its messages were derived with."""

import hashlib
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path

from lasthop.reply import Rules, builtin, load_rules
from lasthop.store import Workspace

RULES = "rules"
"""Application transaction of the messages table: the version of the rules that its reasons come from."""


def rules_file(workspace: Workspace) -> Path:
    """Where a user's own rules for this workspace are kept; it need not exist."""
    return workspace.root / "rules.toml"


def workspace_rules(workspace: Workspace) -> Rules:
    """The user's own rules before the built-in ones. Raises InputError when the file is not right."""
    path = rules_file(workspace)
    return _own_rules(path, path.stat().st_mtime_ns) if path.exists() else builtin()


@lru_cache(maxsize=4)
def _own_rules(path: Path, _modified_ns: int) -> Rules:
    return load_rules(path)


def rules_version(workspace: Workspace) -> int:
    """A number that changes with the classifier, its catalogue and the user's own rules; positive, 62 bits."""
    path = rules_file(workspace)
    own = path.read_bytes() if path.exists() else b""
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
