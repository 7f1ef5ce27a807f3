"""The secret of a workspace that keys its masks. It never leaves with a pack."""

import os
import secrets
import tempfile
import time
from pathlib import Path

from lasthop.errors import Failure, InputError

NAME, BYTES = "secret", 32
_WAIT_S, _LOOK_S = 1.0, 0.02


def workspace_secret(root: Path) -> bytes:
    """The 32 bytes in ``root/secret``, made when first needed.

    Raises InputError where the file is damaged, Failure where it cannot be written or read.
    """
    path = root / NAME
    try:
        if not path.exists():
            _make(path)
        found = _read(path)
    except OSError as error:
        raise Failure("The secret of the workspace cannot be written or read.", str(error)) from error
    if len(found) != BYTES:
        raise InputError("The secret of the workspace is damaged.", str(path), "Put it back from a copy, or remove it.")
    return found


def _read(path: Path) -> bytes:
    """The bytes; those of a file that somebody is just writing are waited for."""
    until = time.monotonic() + _WAIT_S
    while True:
        found = path.read_bytes()
        # Only a file made without a link can be seen half-written, and only when it is new.
        young = time.time() - path.stat().st_mtime < _WAIT_S
        if len(found) >= BYTES or not young or time.monotonic() > until:
            return found
        time.sleep(_LOOK_S)


def _make(path: Path) -> None:
    """Written whole, then linked: of two that make it at once, the first one's stands for both."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".secret-")  # mkstemp makes it with mode 0600
    content = secrets.token_bytes(BYTES)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        try:
            os.link(name, path)
        except FileExistsError:
            return
        except OSError:  # a volume without hard links
            _create(path, content)
    finally:
        Path(name).unlink()


def _create(path: Path, content: bytes) -> None:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
