"""One readable file, and what stands in its place when it cannot be read."""

from dataclasses import dataclass
from pathlib import Path

from lasthop.errors import UnreadableFile

MIB = 1 << 20


@dataclass(frozen=True)
class Member:
    """A plain file, or one that was unpacked from a container."""

    name: str
    """What a person is shown: ``activity.csv``, ``export.zip/part1.csv``."""
    path: Path
    container: str | None = None
    """Name of the .gz or .zip that it came from."""


@dataclass(frozen=True)
class Broken:
    """One file of a container that cannot be read, while the others can."""

    name: str
    error: UnreadableFile


@dataclass(frozen=True)
class Limits:
    """How far a container may expand before it is taken for a bomb."""

    unpacked_bytes: int = 16 * 1024 * MIB
    """All members of one container together."""
    ratio: int = 300
    """Unpacked to packed bytes of one member, looked at from ``ratio_from`` unpacked bytes on."""
    ratio_from: int = 64 * MIB
    members: int = 1_000
