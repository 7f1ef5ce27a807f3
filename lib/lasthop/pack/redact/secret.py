"""The secret of a workspace that keys its masks. It never leaves with a pack."""

import os
import secrets
import tempfile
from pathlib import Path

from lasthop.errors import InputError

NAME, BYTES = "secret", 32


def workspace_secret(root: Path) -> bytes:
    """The 32 bytes in ``root/secret``, made when first needed. Raises InputError where the file is damaged."""
    path = root / NAME
    if not path.exists():
        _make(path)
    found = path.read_bytes()
    if len(found) != BYTES:
        raise InputError("The secret of the workspace is damaged.", str(path), "Put it back from a copy, or remove it.")
    return found


def _make(path: Path) -> None:
    """Written whole, then linked: of two that make it at once, the first one's stands for both."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".secret-")  # mkstemp makes it with mode 0600
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(secrets.token_bytes(BYTES))
            out.flush()
            os.fsync(out.fileno())
        try:
            os.link(name, path)
        except FileExistsError:
            return
    finally:
        Path(name).unlink()
