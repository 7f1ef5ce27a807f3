"""The sources of a workspace: one record each, their bytes, and the lines that could not be read."""

import hashlib
import json
import os
import uuid
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from lasthop.errors import Failure, NotFound
from lasthop.read import Member, Reading
from lasthop.store.table import sync
from lasthop.store.workspace import Workspace

CHUNK = 1 << 20


@dataclass(frozen=True)
class Source:
    """One imported file. Instants are epoch milliseconds UTC; ``first`` and ``last`` are None without events.

    ``rows`` = ``events`` + ``rejected``; ``events`` = ``added`` + ``duplicates``. ``clock_ms`` is the reader's clock at
    the load: what lay after it was rejected, and is again when the bytes are read again.
    """

    file: str
    sha256: str
    bytes: int
    container: str | None
    format: str
    encoding: str
    delimiter: str | None
    timezone: str
    zone_assumed: bool
    header: list[str]
    header_line: int
    mapping: dict[str, str]
    rows: int
    events: int
    added: int
    duplicates: int
    rejected: int
    first: int | None
    last: int | None
    clock_ms: int
    notes: list[str] = field(default_factory=list)

    def reading(self) -> Reading:
        """How its bytes were read, for reading them again."""
        return Reading(
            self.format,
            self.encoding,
            self.delimiter,
            tuple(self.header),
            self.header_line,
            self.mapping,
            self.timezone,
        )


def transaction(sha256: str) -> str:
    """The name under which the events table remembers a source: odd versions are loaded, even ones removed."""
    return f"raw:{sha256}"


def loaded_version(workspace: Workspace, sha256: str) -> int:
    """How often the source was loaded and removed; odd when it is in the table now."""
    return workspace.events.open().transaction_version(transaction(sha256)) or 0


def sources(workspace: Workspace) -> list[Source]:
    """Every source that is in the table, in the order of its events."""
    if not workspace.root.exists():
        return []
    table = workspace.events.open()
    found = [
        source
        for path in sorted(workspace.folder("sources").glob("*.json"))
        if (table.transaction_version(transaction(path.stem)) or 0) % 2
        for source in [_parsed(path)]
    ]
    return sorted(found, key=lambda s: (s.first is None, s.first or 0, s.file, s.sha256))


def find_source(workspace: Workspace, sha256: str) -> Source:
    """The source whose hash begins with ``sha256``; NotFound when none or more than one does."""
    fitting = [s for s in sources(workspace) if sha256 and s.sha256.startswith(sha256)]
    if len(fitting) != 1:
        reason = "No source" if not fitting else f"{len(fitting)} sources"
        raise NotFound(f"{reason} with a hash that begins with {sha256!r}.", hint="lasthop sources lists them.")
    return fitting[0]


def _parsed(path: Path) -> Source:
    try:
        record: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return Source(**record)
    except (OSError, ValueError, TypeError) as error:
        raise Failure(f"The record {path} is damaged.", str(error), "Delete it and load the file again.") from error


def record(workspace: Workspace, source: Source) -> None:
    """Write the record; it counts only once the commit that names the source is made."""
    text = json.dumps(asdict(source), ensure_ascii=False, indent=1, sort_keys=True)
    replace_bytes(workspace.folder("sources") / f"{source.sha256}.json", text.encode())


def replace_bytes(path: Path, content: bytes) -> None:
    """Put ``content`` under ``path`` whole or not at all, and on the disk before this returns."""
    partial = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with partial.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        partial.replace(path)
        sync(path.parent)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise Failure(f"{path.name} could not be written.", str(error), "Free some space and try again.") from error


def fingerprint(path: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def keep_bytes(workspace: Workspace, path: Path) -> str:
    """Copy a file's very bytes into ``raw/<sha256>``, synced, and return the hash."""
    raw = workspace.folder("raw")
    partial = raw / f".{uuid.uuid4().hex}.part"
    digest = hashlib.sha256()
    try:
        with path.open("rb") as stream, partial.open("wb") as out:
            while chunk := stream.read(CHUNK):
                digest.update(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        partial.replace(raw / digest.hexdigest())
        sync(raw)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise Failure(f"{path.name} could not be copied into the workspace.", str(error)) from error
    return digest.hexdigest()


def kept_member(workspace: Workspace, source: Source) -> Member:
    """The kept bytes of a source, ready to be read again. Raises Failure when somebody deleted them."""
    path = workspace.root / "raw" / source.sha256
    if not path.is_file():
        raise Failure(
            f"The kept bytes of {source.file} are gone.", f"{path} is missing.", "Load that file again first."
        )
    return Member(source.file, path, source.container)


def rejects_path(workspace: Workspace, sha256: str) -> Path:
    """Where the rejected lines of a source lie."""
    return workspace.folder("rejected") / f"{sha256}.jsonl"


def rejected(workspace: Workspace, source: Source) -> Iterator[dict[str, Any]]:
    """The lines of a source that could not be read: ``file``, ``line`` (None: the whole file), ``reason``, ``text``."""
    path = rejects_path(workspace, source.sha256)
    if not path.exists():
        return
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield {"file": source.file, **json.loads(line)}
