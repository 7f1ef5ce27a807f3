"""The spool: bodies that were acknowledged and are not yet in the store.

    spool/<when>-<random>.body      one body, whole and synced before SendGrid gets its answer
    spool/batch-<when>-<random>/    bodies that are imported as one source; frozen before the import begins
    spool/done-…/                   a batch that is in the store and only has to be deleted
    spool/aside-…/                  a batch that could not be imported; tried again when the receiver starts

A body lies in one place only and gets to the next by a rename, so a kill at any moment neither loses nor doubles it: a
frozen batch gives the same bytes, hence the same source, however often its import is begun.
"""

import os
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from lasthop.errors import Failure
from lasthop.store import Workspace
from lasthop.store.table import made, sync

BATCH_BYTES = 32 << 20
BATCH_BODIES = 5_000
FREE_BYTES = 256 << 20
"""No body is taken when the disk has less than this left: the store needs room to import what is there."""


class Full(Exception):
    """The disk cannot take a body now; SendGrid will send it again."""


class Spool:
    """The folder ``spool/`` of a workspace; bodies are put in by the receiver and taken out by one importer."""

    def __init__(self, workspace: Workspace) -> None:
        self.path = made(workspace.root / "spool")

    def keep(self, body: bytes) -> None:
        """Put a body on the disk, whole; when this returns it survives a kill and a power cut. Raises Full."""
        name = f"{time.time_ns():020d}-{uuid.uuid4().hex[:12]}"
        partial = self.path / f".{name}.part"
        try:
            room = os.statvfs(self.path)
            if room.f_bavail * room.f_frsize < FREE_BYTES + len(body):
                raise Full
            with partial.open("wb") as out:
                out.write(body)
                out.flush()
                os.fsync(out.fileno())
            partial.rename(self.path / f"{name}.body")
            sync(self.path)
        except (OSError, Failure) as error:
            partial.unlink(missing_ok=True)
            raise Full from error

    def waiting(self) -> list[Path]:
        """The bodies that no batch holds yet, the first that came first."""
        return sorted(self.path.glob("*.body"))

    def batches(self) -> list[Path]:
        """The frozen batches whose import has not been confirmed, the oldest first."""
        return sorted(self.path.glob("batch-*"))

    def freeze(self) -> Path | None:
        """Move waiting bodies into a batch, up to a bound; None when nothing waits."""
        chosen = list(_bounded(self.waiting()))
        if not chosen:
            return None
        batch = made(self.path / f"batch-{chosen[0].stem}")
        for body in chosen:
            body.rename(batch / body.name)
        sync(batch)
        sync(self.path)
        return batch

    def join(self, batch: Path, target: Path) -> int:
        """Write the bodies of a batch one after another, each ending with its line; returns how many."""
        bodies = sorted(batch.glob("*.body"))
        with target.open("wb") as out:
            for body in bodies:
                content = body.read_bytes()
                out.write(content if content.endswith(b"\n") else content + b"\n")
        return len(bodies)

    def drop(self, batch: Path) -> None:
        """Delete a batch that is in the store; half deleted, it is no batch any more."""
        done = batch.rename(batch.with_name(f"done-{batch.name}"))
        sync(self.path)
        shutil.rmtree(done)

    def put_aside(self, batch: Path) -> Path:
        """Let the others go on without this batch; its bytes stay."""
        return batch.rename(batch.with_name(f"aside-{batch.name}"))

    def begin(self) -> None:
        """Clear away what a kill left; what was put aside is tried again. Only for the one who imports."""
        for done in self.path.glob("done-*"):
            shutil.rmtree(done)
        for aside in self.path.glob("aside-*"):
            aside.rename(aside.with_name(aside.name.removeprefix("aside-")))
        for partial in self.path.glob(".*.part"):
            with suppress(FileNotFoundError):  # a running receiver has just finished it
                if time.time() - partial.stat().st_mtime > 3600:
                    partial.unlink()


def source_name(batch: Path) -> str:
    """What a person is shown as the file of a batch: when its first body came, UTC."""
    nanoseconds = int(batch.name.removeprefix("batch-").partition("-")[0])
    moment = datetime.fromtimestamp(nanoseconds / 1e9, UTC)
    return f"event_webhook_{moment:%Y-%m-%dT%H%M%SZ}.json"


def _bounded(bodies: list[Path]) -> Iterator[Path]:
    size = 0
    for body in bodies[:BATCH_BODIES]:
        size += body.stat().st_size
        yield body
        if size >= BATCH_BYTES:
            return
