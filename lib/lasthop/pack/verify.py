"""Does a pack hold what its manifest says? Read within bounds, nothing is extracted to the disk.

A manifest that somebody wrote anew together with its members holds: against that only the SHA-256 of the pack helps,
told on another way.
"""

import hashlib
import json
import re
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lasthop.errors import NotFound
from lasthop.pack.manifest import FORMAT, NAME
from lasthop.store.sources import fingerprint

MEMBERS = 10_000
UNPACKED_BYTES = 8 << 30
MANIFEST_BYTES = 64 << 20
RATIO, RATIO_FROM = 300, 64 << 20
"""Beyond this ratio of unpacked to packed bytes, from so many unpacked bytes on, a member is taken for a bomb."""

_DAMAGE = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, struct.error, ValueError,
    OverflowError,
)  # fmt: skip
_NAME = re.compile(r"(?:raw/)?[A-Za-z0-9][A-Za-z0-9._-]*", re.ASCII)
Digest = tuple[int, str]


@dataclass(frozen=True)
class Verification:
    """``ok``: no problems. ``sha256`` is of the whole file, ``members`` are names in order, ``problems`` sentences."""

    ok: bool
    sha256: str
    members: list[str]
    problems: list[str]


class _Unreadable(Exception):
    """One member cannot be read; the message is a sentence."""


def verify(path: Path) -> Verification:
    """Check the file against the manifest inside it. Raises NotFound when there is no file; never for what is in it."""
    if not path.is_file():
        raise NotFound(f"{path} is not a file.", hint="Name the ZIP that lasthop pack wrote.")
    sha256 = fingerprint(path)
    try:
        with zipfile.ZipFile(path) as archive:
            names = [info.filename for info in archive.infolist()]
            problems = list(_problems(archive))
    except _DAMAGE as error:
        return Verification(False, sha256, [], [f"This is not a ZIP, or it is damaged or cut off ({error})."])
    return Verification(not problems, sha256, names, problems)


def _problems(archive: zipfile.ZipFile) -> Iterator[str]:
    infos = archive.infolist()
    if len(infos) > MEMBERS:
        yield f"It holds {len(infos):,} members; more than {MEMBERS:,} are not looked at."
        return
    counts = Counter(info.filename for info in infos)
    yield from (f"{_shown(name)} is in it {count} times." for name, count in counts.items() if count > 1)
    strange = (name for name in counts if not _safe(name))
    yield from (f"{_shown(name)} is a name that no pack has; it may lead out of a folder." for name in strange)
    if NAME not in counts:
        yield f"{NAME} is missing: it cannot be told what should be in it."
        return
    try:
        listed = _listed(_read(archive, archive.getinfo(NAME), MANIFEST_BYTES))
    except _Unreadable as error:
        yield str(error)
        return
    yield from _compare(archive, counts, listed)


def _compare(archive: zipfile.ZipFile, counts: Mapping[str, int], listed: Mapping[str, Digest]) -> Iterator[str]:
    """What differs between the members and the manifest's list of them."""
    found: dict[str, Digest] = {}
    left = UNPACKED_BYTES
    for name in counts:
        if name == NAME:
            continue
        try:
            found[name] = _digest(archive, archive.getinfo(name), left)
            left -= found[name][0]
        except _Unreadable as error:
            yield str(error)
    added = {name for name in counts if name not in listed and name != NAME}
    for name, expected in listed.items():
        if name in found and found[name] != expected:
            yield f"{_shown(name)} was changed: it is not what the manifest says."
        if name not in counts:
            twin = next((each for each in sorted(added) if found.get(each) == expected), None)
            added.discard(twin or "")
            yield f"{_shown(name)} was renamed to {_shown(twin)}." if twin else f"{_shown(name)} is missing."
    yield from (f"{_shown(name)} was added: the manifest does not list it." for name in sorted(added))


def _listed(content: bytes) -> dict[str, Digest]:
    """Name -> (size, SHA-256) of the manifest's list."""
    try:
        told: Any = json.loads(content.decode("utf-8"), object_pairs_hook=_no_repeats)
        version, members = told["lasthop_pack"], told["members"]
        if version != FORMAT:
            raise _Unreadable(f"It is a pack of format {version!r}; this version of lasthop knows {FORMAT}.")
        listed = {str(one["name"]): (int(one["size"]), str(one["sha256"])) for one in members}
        if len(listed) != len(members) or NAME in listed:
            raise ValueError("a member is listed twice, or the manifest lists itself")
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise _Unreadable(f"{NAME} is malformed ({type(error).__name__}: {error}).") from error
    return listed


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return dict(pairs)


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limit: int) -> bytes:
    return b"".join(_blocks(archive, info, limit))


def _digest(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limit: int) -> Digest:
    digest, size = hashlib.sha256(), 0
    for block in _blocks(archive, info, limit):
        digest.update(block)
        size += len(block)
    return size, digest.hexdigest()


def _blocks(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limit: int) -> Iterator[bytes]:
    """The bytes of a member, block by block, and no further than the limits allow."""
    name = _shown(info.filename)
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise _Unreadable(f"{name} is packed in a way that no pack uses.")
    size = 0
    try:
        with archive.open(info) as member:
            while block := member.read(1 << 20):
                size += len(block)
                if size > limit or (size > RATIO_FROM and size > RATIO * max(info.compress_size, 1)):
                    raise _Unreadable(f"{name} expands beyond what is allowed; it was not read to its end.")
                yield block
    except _DAMAGE as error:
        raise _Unreadable(f"{name} cannot be read: it is damaged or encrypted ({error}).") from error


def _safe(name: str) -> bool:
    return _NAME.fullmatch(name) is not None and ".." not in name


def _shown(name: str | None) -> str:
    """A member's name for people: hostile characters as escapes, cut where it is too long."""
    return ascii(name)[1:-1][:120] if name else "a member without a name"
