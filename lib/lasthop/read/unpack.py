"""Containers: what lies in a .gz or .zip becomes members, within limits.

A container is known by its first bytes, never by the end of its name.
"""

import gzip
import lzma
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from lasthop.errors import UnreadableFile
from lasthop.read.member import MIB, Broken, Limits, Member

_GZIP, _ZIP, _ZIP_EMPTY = b"\x1f\x8b", b"PK\x03\x04", b"PK\x05\x06"
_DAMAGE = (EOFError, OSError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, NotImplementedError, RuntimeError)


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


_SPLIT_HINT = "Unpack it yourself, look at what is inside, and load the files one by one."


def unpack(
    path: Path, scratch: Path, name: str | None = None, limits: Limits | None = None
) -> Iterator[Member | Broken]:
    """Yield what can be read of ``path``: itself, or the members of the container that it is.

    Unpacked bytes are written to ``scratch`` under names of our own; a member's path is valid as long as that
    folder is. ``name`` is what a person is shown (default: the file's name). An .xlsx is one member. A member of a
    ZIP that cannot be read comes as ``Broken``; a file that holds nothing readable raises ``UnreadableFile``.
    """
    shown, limits = name or path.name, limits or Limits()
    with path.open("rb") as file:
        head = file.read(4)
    if not head:
        raise UnreadableFile(f"{shown} is empty.", "It has no bytes at all.", "Export it again and load the new file.")
    if head.startswith(_GZIP):
        yield _gunzip(path, scratch, shown, limits)
    elif head in (_ZIP, _ZIP_EMPTY):
        yield from _unzip(path, scratch, shown, limits)
    else:
        yield Member(shown, path)


def _gunzip(path: Path, scratch: Path, shown: str, limits: Limits) -> Member:
    target = _room(scratch) / "unpacked"
    try:
        with gzip.open(path, "rb") as packed:
            _copy(packed, target, shown, path.stat().st_size, limits.unpacked_bytes, limits)
    except _DAMAGE as error:
        raise _damaged(shown, error) from error
    _refuse_nested(target, shown)
    return Member(shown, target, shown)


def _unzip(path: Path, scratch: Path, shown: str, limits: Limits) -> Iterator[Member | Broken]:
    try:
        with zipfile.ZipFile(path) as archive:
            infos = [one for one in archive.infolist() if not one.is_dir() and not _is_residue(one.filename)]
            if any(one.filename.startswith("xl/") for one in infos):
                _refuse_swollen(infos, shown, limits)
                yield Member(shown, path)
                return
            yield from _members(archive, infos, scratch, shown, limits)
    except zipfile.BadZipFile as error:
        raise _damaged(shown, error) from error


def _members(
    archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo], scratch: Path, shown: str, limits: Limits
) -> Iterator[Member | Broken]:
    if not infos:
        raise UnreadableFile(f"{shown} is empty.", "The ZIP holds no file.", "Pack it again and load the new one.")
    if len(infos) > limits.members:
        raise UnreadableFile(
            f"{shown} holds too many files.", f"{len(infos):,} files, {limits.members:,} are allowed.", _SPLIT_HINT
        )
    left, room = limits.unpacked_bytes, _room(scratch)
    for place, info in enumerate(infos, 1):
        name = f"{shown}/{_entry_name(info)}"
        target = room / f"member-{place:04d}"
        try:
            if info.flag_bits & 1:
                raise UnreadableFile(
                    f"{name} is encrypted.", "It needs a password.", "Unpack it and load the plain file."
                )
            with archive.open(info) as packed:
                left -= _copy(packed, target, name, info.compress_size, left, limits)
            _refuse_nested(target, name)
        except UnreadableFile as error:
            yield Broken(name, error)
        except _DAMAGE as error:
            yield Broken(name, _damaged(name, error))
        else:
            yield Member(name, target, shown)


def _room(scratch: Path) -> Path:
    """A new folder: several containers may be unpacked into one ``scratch``, and two may bear one name."""
    return Path(tempfile.mkdtemp(dir=scratch))


def _copy(packed: _Readable, target: Path, shown: str, packed_size: int, allowed: int, limits: Limits) -> int:
    """Write the unpacked bytes to ``target`` and return their number, or stop where the limits say so."""
    size = 0
    with target.open("wb") as out:
        while block := packed.read(MIB):
            size += len(block)
            swollen = size > limits.ratio_from and size > limits.ratio * max(packed_size, 1)
            if size > allowed or swollen:
                out.truncate(0)
                raise UnreadableFile(
                    f"{shown} expands beyond what is allowed.",
                    f"{packed_size:,} bytes gave more than {size:,}.",
                    _SPLIT_HINT,
                )
            out.write(block)
    if not size:
        raise UnreadableFile(f"{shown} is empty.", "Nothing is inside.", "Export it again and load the new file.")
    return size


def _refuse_swollen(infos: list[zipfile.ZipInfo], shown: str, limits: Limits) -> None:
    """Refuse a workbook by what its directory says: the sheet reader unpacks it as a whole."""
    unpacked, packed = sum(one.file_size for one in infos), sum(one.compress_size for one in infos)
    if unpacked > 1024 * MIB or (unpacked > limits.ratio_from and unpacked > limits.ratio * max(packed, 1)):
        raise UnreadableFile(
            f"{shown} expands beyond what is allowed.",
            f"The workbook would take {unpacked:,} bytes.",
            "Save the sheet as CSV and load that.",
        )


def _refuse_nested(target: Path, shown: str) -> None:
    with target.open("rb") as file:
        head = file.read(512)
    tar = head[257:262] == b"ustar"
    packed = head.startswith(_GZIP) or (head[:4] in (_ZIP, _ZIP_EMPTY) and not _is_workbook(target))
    if tar or packed:
        kind = "A tar archive" if tar else "Another packed file"
        target.unlink()
        raise UnreadableFile(f"{shown} is packed twice.", f"{kind} lies inside.", "Unpack it once and load the result.")


def _is_workbook(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return any(name.startswith("xl/") for name in archive.namelist())
    except zipfile.BadZipFile:
        return False


def _is_residue(name: str) -> bool:
    """Tell the files that macOS adds to every archive; they hold nothing of the person's."""
    return name.startswith("__MACOSX/") or name.endswith(".DS_Store")


def _entry_name(info: zipfile.ZipInfo) -> str:
    """The entry's name; Windows in Japan packs CP932 names, which zipfile shows as CP437."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("cp932")
    except UnicodeError:
        return info.filename


def _damaged(shown: str, error: Exception) -> UnreadableFile:
    cut = isinstance(error, EOFError)
    what = "It ends in the middle: the download was cut off." if cut else f"Unpacking failed ({error})."
    return UnreadableFile(f"{shown} is damaged.", what, "Fetch the file again and load the new one.")
