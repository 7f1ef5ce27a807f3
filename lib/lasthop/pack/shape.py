"""Is the ZIP itself as lasthop writes it? What stands beside the members, and what is said of them, no manifest guards.

Checked are the bytes of every header, so nothing can hide in one: every byte of the file is a known one or a member's.
"""

import os
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from typing import IO

STAMP = (1980, 1, 1, 0, 0, 0)
MODE = 0o100644 << 16
UNIX = 3
NAMED = 3
"""So many members are named in one sentence."""

_DATE = 0x21  # 1980-01-01 as DOS writes it
_LARGE = zipfile.ZIP64_LIMIT
_OFF = 0xFFFFFFFF
_END = 22
Info = zipfile.ZipInfo

_OF_MEMBERS: tuple[tuple[Callable[[Info], bool], str], ...] = (
    (lambda info: info.compress_type != zipfile.ZIP_DEFLATED, "it is not packed as members of a pack are (deflated)"),
    (lambda info: bool(info.comment), "a comment stands at it; members of a pack have none"),
    (lambda info: info.extra != _central_extra(info), "an extra field stands at it; members of a pack have none"),
    (lambda info: info.date_time != STAMP, "the date is not 1980-01-01 00:00:00, which every member of a pack has"),
    (
        lambda info: (info.create_system, info.external_attr, info.internal_attr) != (UNIX, MODE, 0),
        "the attributes are not those of a member of a pack",
    ),
)


def shown(name: str | None) -> str:
    """A member's name for people: hostile characters as escapes, cut where it is too long."""
    return ascii(name)[1:-1][:120] if name else "a member without a name"


def strange(archive: zipfile.ZipFile) -> Iterator[str]:
    """What of the ZIP is not as lasthop writes it, a sentence each. Members are not unpacked."""
    infos, stream = archive.infolist(), archive.fp
    if stream is None or not infos:
        return
    found = [_sentence([info.filename for info in infos if differs(info)], what) for differs, what in _OF_MEMBERS]
    found.append(_order([info.filename for info in infos]))
    found += _places(stream, infos)
    size = stream.seek(0, os.SEEK_END)
    if archive.comment:
        found.append("The ZIP has a comment; a pack has none.")
    elif _at(stream, size - _END, 4) != b"PK\5\6":
        found.append("Bytes stand behind the end of the ZIP; a pack has none there.")
    said = [sentence for sentence in found if sentence]
    yield from said
    if not said:
        end = max(info.header_offset + len(_local(info)) + info.compress_size for info in infos)
        wanted = _tail(infos, end)
        if size - end != len(wanted) or _at(stream, end, len(wanted)) != wanted:
            yield "The directory at the end of the ZIP is not as lasthop writes it."


def overlong(archive: zipfile.ZipFile, info: Info) -> bool:
    """Whether the packed bytes of a member go on behind the end of what they hold, be it by one bit.

    `zipfile` stops reading where a member is complete, so it never sees them. Nothing is kept of what is unpacked.
    """
    if info.compress_type == zipfile.ZIP_STORED:
        return info.compress_size != info.file_size
    if archive.fp is None or info.compress_size < 1:
        return True
    archive.fp.seek(info.header_offset + len(_local(info)))
    decoder, left = zlib.decompressobj(-zlib.MAX_WBITS), info.compress_size
    try:
        while left > 1 and (block := archive.fp.read(min(left - 1, 1 << 16))):
            left -= len(block)
            while block and not decoder.eof:
                decoder.decompress(block, 1 << 20)
                block = decoder.unconsumed_tail
        return decoder.eof or not _ends(decoder, archive.fp.read(1))
    except zlib.error:
        return True


def _ends(decoder: "zlib._Decompress", last: bytes) -> bool:
    """Whether the last byte ends the packed text, with zeros in the bits that it does not need (RFC 1951 §3.1.1)."""
    before = decoder.copy()
    rest = decoder.decompress(last)
    if not decoder.eof or not last:
        return False
    for bit in (1 << place for place in reversed(range(8))):
        other = before.copy()
        try:
            needed = other.decompress(bytes([last[0] ^ bit])) != rest or not other.eof
        except zlib.error:
            needed = True
        if needed:
            return True
        if last[0] & bit:
            return False
    return False


def _sentence(names: Sequence[str], what: str) -> str | None:
    if not names:
        return None
    more = f" (and {len(names) - NAMED} more)" if len(names) > NAMED else ""
    return ", ".join(map(shown, names[:NAMED])) + f"{more}: {what}."


def _order(names: Sequence[str]) -> str | None:
    return None if list(names) == sorted(names) else "The members are not in the order in which lasthop writes them."


def _places(stream: IO[bytes], infos: Sequence[Info]) -> Iterator[str]:
    """One member begins where the one before it ends, the first at the beginning; each with the header that is its."""
    place, changed = 0, []
    for info in infos:
        if info.header_offset != place:
            before = "the first member" if place == 0 else shown(info.filename)
            yield f"Bytes stand before {before} that belong to no member, or members overlap."
            return
        header = _local(info)
        if _at(stream, place, len(header)) != header:
            changed.append(info.filename)
        place += len(header) + info.compress_size
    told = _sentence(changed, "the header in front of it is not as lasthop writes it")
    if told:
        yield told


def _at(stream: IO[bytes], place: int, length: int) -> bytes:
    stream.seek(max(place, 0))
    return stream.read(length)


def _large(info: Info) -> bool:
    """Whether the writer set the long form of sizes aside before it knew them."""
    return info.file_size * 1.05 > _LARGE


def _fixed(info: Info, version: int) -> bytes:
    return struct.pack("<HHHHHL", version, 0, info.compress_type, 0, _DATE, info.CRC)


def _local(info: Info) -> bytes:
    """The header in front of a member, byte for byte."""
    name, extra = info.filename.encode(), b""
    sizes = (info.compress_size, info.file_size)
    if _large(info):
        extra, sizes = struct.pack("<HHQQ", 1, 16, info.file_size, info.compress_size), (_OFF, _OFF)
    version = 45 if extra else 20
    return b"PK\3\4" + _fixed(info, version) + struct.pack("<LLHH", *sizes, len(name), len(extra)) + name + extra


def _central_extra(info: Info) -> bytes:
    """Sizes and place in the long form, where they need it."""
    long = [info.file_size, info.compress_size] if max(info.file_size, info.compress_size) > _LARGE else []
    long += [info.header_offset] if info.header_offset > _LARGE else []
    return struct.pack(f"<HH{len(long)}Q", 1, 8 * len(long), *long) if long else b""


def _central(info: Info) -> bytes:
    name, extra = info.filename.encode(), _central_extra(info)
    large = max(info.file_size, info.compress_size) > _LARGE
    sizes = (_OFF, _OFF) if large else (info.compress_size, info.file_size)
    version = 45 if extra or _large(info) else 20
    place = _OFF if info.header_offset > _LARGE else info.header_offset
    return (
        b"PK\1\2"
        + struct.pack("<BB", version, UNIX)
        + _fixed(info, version)
        + struct.pack("<LLHHHHHLL", *sizes, len(name), len(extra), 0, 0, 0, MODE, place)
        + name
        + extra
    )


def _tail(infos: Sequence[Info], place: int) -> bytes:
    """The directory and the end of the ZIP, byte for byte."""
    directory = b"".join(map(_central, infos))
    count, size, long = len(infos), len(directory), b""
    if place > _LARGE:
        long = struct.pack("<4sQHHLLQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, count, count, size, place)
        long += struct.pack("<4sLQL", b"PK\6\7", 0, place + size, 1)
        place = min(place, _OFF)
    return directory + long + struct.pack("<4sHHHHLLH", b"PK\5\6", 0, 0, count, count, size, place, 0)
