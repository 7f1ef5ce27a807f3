"""The words between the steps: what was found out about a file, how it is to be read, what came of it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sniffed:
    """What the first part of a member tells about the whole."""

    format: str | None
    """Name of the format; None when it is not certain, then ``candidates`` holds more than one."""
    candidates: tuple[str, ...]
    encoding: str
    """A Python codec, or ``xlsx``."""
    delimiter: str | None
    """None for JSON and xlsx."""
    header: tuple[str, ...]
    """Labels as they stand; ``column 1`` … where the file has no header. Empty for JSON."""
    header_line: int
    """Physical line (row of a sheet) of the header, 0 when there is none."""
    mapping: dict[str, str]
    """Label (made unique by ``unique_labels``) -> field, as it would be read."""
    asks_zone: bool
    """True when a person has to say in which zone the times are."""


@dataclass(frozen=True)
class Reading:
    """How a member is to be read: a ``Sniffed`` with every question answered."""

    format: str
    encoding: str
    delimiter: str | None
    header: tuple[str, ...]
    header_line: int
    mapping: dict[str, str]
    timezone: str
    """IANA name of the zone of times that carry none."""


@dataclass(frozen=True)
class ReadResult:
    """What became of the records of one member; the events themselves are in ``read_events``."""

    rows: int
    """Records seen, the header not counted."""
    rejected: int
    fast: bool
    """True when the engine read the file itself, False when our own reader went through it."""
    notes: tuple[str, ...]
    """Sentences for a person: things that are odd about the file and were coped with."""
