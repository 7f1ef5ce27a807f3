"""The evidence pack: one ZIP for one case.

The same workspace content and case give the same bytes: members in one order, one time stamp, one set of attributes,
no clock and no path of the machine. (Compression is zlib's default; another zlib may pack the same members otherwise,
the hashes in the manifest stay.) Where two overlapping files hold the same event, the one that was loaded first is
cited.
"""

import errno
import hashlib
import io
import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from lasthop.errors import Failure, InputError
from lasthop.pack.case import Case
from lasthop.pack.compose import FULL, Composed, Step, Wanted, Watch, compose
from lasthop.pack.manifest import NAME
from lasthop.pack.rawfiles import safe_name
from lasthop.pack.redact import Level, Redaction
from lasthop.pack.shape import MODE, STAMP, UNIX
from lasthop.store import Snapshot, Workspace
from lasthop.store.sources import fingerprint
from lasthop.store.table import sync

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_SHUT = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
_GONE = frozenset({errno.ENOENT, errno.ENOTDIR})


@dataclass(frozen=True)
class Packed:
    """A pack that was written: where, its SHA-256, its members in order, how many addresses and messages it holds."""

    file: Path
    sha256: str
    members: list[str]
    addresses: int
    messages: int


def pack_name(case: Case, redaction: Redaction = FULL) -> str:
    """The file name that a pack of the case should have; it tells the level where something is masked."""
    level = "" if redaction.level is Level.FULL else f"-{redaction.level}"
    return f"lasthop-{safe_name(case.id)}{level}.zip"


def build_pack(
    snapshot: Snapshot,
    workspace: Workspace,
    case: Case,
    zone: str,
    watch: Watch = lambda _: None,
    *,
    redaction: Redaction = FULL,
) -> bytes:
    """The pack of a case as bytes, instants shown in ``zone``; see `write_pack` for what it raises."""
    out = io.BytesIO()
    with _composed(snapshot, workspace, Wanted(case, zone, redaction), watch) as composed:
        _archive(composed, out)
    return out.getvalue()


def write_pack(
    snapshot: Snapshot,
    workspace: Workspace,
    case: Case,
    zone: str,
    out: Path,
    watch: Watch = lambda _: None,
    *,
    redaction: Redaction = FULL,
) -> Packed:
    """Write the pack of a case to ``out``: whole and on the disk, or not at all.

    Raises InputError for a case without messages, an unknown zone or a place that cannot be written to, NotFound when
    the workspace holds none of the messages, Failure when the disk does not take it; what stood under ``out`` is then
    still there.
    """
    try:
        refused = (out.exists() and not out.is_file()) or not out.parent.is_dir()
    except OSError as error:
        raise _refused(out, error) from error
    if refused:
        raise InputError(f"{out} cannot be written.", "It is no file, or its folder does not exist.", "Name a file.")
    partial = out.with_name(f".{out.name[:200]}.{os.getpid()}.part")
    with _composed(snapshot, workspace, Wanted(case, zone, redaction), watch) as composed:
        watch(Step("packing", 0, 0))
        try:
            with partial.open("wb") as stream:
                _archive(composed, stream)
                stream.flush()
                os.fsync(stream.fileno())
            sha256 = fingerprint(partial)
            partial.replace(out)
        except OSError as error:
            raise _refused(out, error) from error
        finally:
            with suppress(OSError):  # a read-only file system refuses even what is not there
                partial.unlink(missing_ok=True)
        sync(out.parent)
        return Packed(out, sha256, sorted(composed.members), composed.addresses, composed.messages)


def addresses_in(pack: bytes | Path) -> int:
    """How many distinct addresses of senders and recipients leave with a pack, as its manifest says.

    Counted are those of messages, events and ticket, not what a reply or an id may quote. Raises InputError for
    something that is no pack.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(pack) if isinstance(pack, bytes) else pack) as archive:
            return int(json.loads(archive.read(NAME))["addresses"])
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError, OSError) as error:
        raise InputError("This is not an evidence pack.", str(error), "lasthop verify says more.") from error


def sha256_of(pack: bytes) -> str:
    """SHA-256 of a pack in memory, hexadecimal: what the person who gets it should compare."""
    return hashlib.sha256(pack).hexdigest()


@contextmanager
def _composed(snapshot: Snapshot, workspace: Workspace, wanted: Wanted, watch: Watch) -> Iterator[Composed]:
    """The members in a folder inside the workspace, gone when done: no address is left in a shared place."""
    try:
        with tempfile.TemporaryDirectory(prefix="pack-", dir=workspace.folder("scratch")) as folder:
            yield compose(snapshot, workspace, wanted, Path(folder), watch)
    except OSError as error:
        raise Failure("The pack could not be made.", str(error), _hint(error, "the workspace")) from error


def _refused(out: Path, error: OSError) -> InputError | Failure:
    """What a place that does not take the pack is told as: wrong input where another place would do."""
    hint = _hint(error, "the folder")
    if error.errno in _SHUT | _GONE:
        return InputError(f"{out} cannot be written.", str(error), f"{hint} Or name a file in another folder.")
    return Failure(f"{out.name} could not be written.", str(error), hint)


def _hint(error: OSError, place: str) -> str:
    if error.errno in _FULL:
        return "Free some space and try again."
    if error.errno in _SHUT:
        return f"Make {place} writable for you and try again."
    if error.errno in _GONE:
        return f"See that {place} is still there and try again."
    return f"Look at {place} and its disk, then try again."


def _archive(composed: Composed, out: BinaryIO) -> None:
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, path in sorted(composed.members.items()):
            info = zipfile.ZipInfo(name, STAMP)
            info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, UNIX, MODE
            info.file_size = path.stat().st_size
            with path.open("rb") as member, archive.open(info, "w") as packed:
                shutil.copyfileobj(member, packed, 1 << 20)
