"""Does a pack hold what its manifest says, and nothing beside? Read within bounds, nothing is extracted to the disk.

A manifest that somebody wrote anew together with its members holds: against that only the SHA-256 of the pack helps,
told on another way, or the signature that `signature.check_signature` looks at.
"""

import csv
import hashlib
import io
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
from lasthop.pack.csv import restore
from lasthop.pack.manifest import FORMAT, NAME
from lasthop.pack.shape import overlong, shown, strange
from lasthop.store.sources import fingerprint

MEMBERS = 10_000
UNPACKED_BYTES = 8 << 30
MANIFEST_BYTES = 64 << 20
TABLE, TABLE_BYTES = "messages.csv", 256 << 20
"""The table that is compared with the manifest, up to so many bytes."""
RATIO, RATIO_FROM = 300, 64 << 20
"""Beyond this ratio of unpacked to packed bytes, from so many unpacked bytes on, a member is taken for a bomb."""

_DAMAGE = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, struct.error, ValueError,
    OverflowError,
)  # fmt: skip
_NAME = re.compile(r"(?:(?:raw|letters|attached)/)?[A-Za-z0-9][A-Za-z0-9._-]*", re.ASCII)
_OVERLONG = "{}: its packed bytes go on behind the end of what they hold."
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


def signature_of(pack: Path) -> Path:
    """Where the signature of a pack lies, if it has one; `verify` does not look at it."""
    return pack.with_name(f"{pack.name}.sig")


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
    yield from (f"{shown(name)} is in it {count} times." for name, count in counts.items() if count > 1)
    unsafe = (name for name in counts if not _safe(name))
    yield from (f"{shown(name)} is a name that no pack has; it may lead out of a folder." for name in unsafe)
    yield from strange(archive)
    if NAME not in counts:
        yield f"{NAME} is missing: it cannot be told what should be in it."
        return
    try:
        told = _told(_read(archive, archive.getinfo(NAME), MANIFEST_BYTES))
        if overlong(archive, archive.getinfo(NAME)):
            yield _OVERLONG.format(NAME)
        listed = _listed(told)
    except _Unreadable as error:
        yield str(error)
        return
    differences = list(_compare(archive, counts, listed))
    yield from differences
    if not differences:
        yield from _contradictions(archive, told, listed)


def _contradictions(archive: zipfile.ZipFile, told: Mapping[str, Any], listed: Mapping[str, Digest]) -> Iterator[str]:
    """Where the manifest says something else of the messages than their table; a manifest without such says nothing."""
    if TABLE not in listed or listed[TABLE][0] > TABLE_BYTES or not {"query", "period"} <= told.keys():
        return
    ids, firsts, lasts = list[str](), set[str](), set[str]()
    try:
        with archive.open(TABLE) as member, io.TextIOWrapper(member, "utf-8-sig", newline="") as text:
            for row in csv.DictReader(text, strict=True):
                ids.append(restore(row["message"]))
                firsts.add(row["first_event_utc"])
                lasts.add(row["last_event_utc"])
        named, period = told["query"]["messages"], told["period"]
        if ids != named:
            yield f"{TABLE} holds {len(ids):,} messages that are not the {len(named):,} that {NAME} names."
        if (min(firsts - {""}, default=None), max(lasts - {""}, default=None)) != (period["first"], period["last"]):
            yield f"The period that {NAME} names is not the one that {TABLE} spans."
    except (csv.Error, KeyError, TypeError, AttributeError, *_DAMAGE) as error:
        yield f"{TABLE} cannot be compared with {NAME} ({type(error).__name__}: {error})."


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
            if overlong(archive, archive.getinfo(name)):
                yield _OVERLONG.format(shown(name))
        except _Unreadable as error:
            yield str(error)
    added = {name for name in counts if name not in listed and name != NAME}
    for name, expected in listed.items():
        if name in found and found[name] != expected:
            yield f"{shown(name)} was changed: it is not what the manifest says."
        if name not in counts:
            twin = next((each for each in sorted(added) if found.get(each) == expected), None)
            added.discard(twin or "")
            yield f"{shown(name)} was renamed to {shown(twin)}." if twin else f"{shown(name)} is missing."
    yield from (f"{shown(name)} was added: the manifest does not list it." for name in sorted(added))


def _told(content: bytes) -> dict[str, Any]:
    try:
        told = json.loads(content.decode("utf-8"), object_pairs_hook=_no_repeats)
        if not isinstance(told, dict):
            raise TypeError("it is no object")
    except (ValueError, TypeError, RecursionError) as error:
        raise _malformed(error) from error
    return told


def _malformed(error: Exception) -> _Unreadable:
    return _Unreadable(f"{NAME} is malformed ({type(error).__name__}: {error}).")


def _listed(told: Mapping[str, Any]) -> dict[str, Digest]:
    """Name -> (size, SHA-256) of the manifest's list."""
    try:
        version, members = told["lasthop_pack"], told["members"]
        if version != FORMAT:
            raise _Unreadable(f"It is a pack of format {version!r}; this version of lasthop knows {FORMAT}.")
        listed = {str(one["name"]): (int(one["size"]), str(one["sha256"])) for one in members}
        if len(listed) != len(members) or NAME in listed:
            raise ValueError("a member is listed twice, or the manifest lists itself")
    except (ValueError, KeyError, TypeError, OverflowError) as error:
        raise _malformed(error) from error
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
    name = shown(info.filename)
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
