"""Bytes to events: unpack a container, sniff what a file is, read it.

    for member in unpack(path, scratch):
        sniffed = sniff(member)
        ...                                     # ask what is not certain, make a Reading
        result = read_events(con, member, reading, rejects, now_ms)
        ...                                     # the events stand in the table read_events
"""

from lasthop.read.events import read_events
from lasthop.read.formats import FORMATS, Format, unique_labels
from lasthop.read.member import Broken, Limits, Member
from lasthop.read.reading import Reading, ReadResult, Sniffed
from lasthop.read.sniff import sniff
from lasthop.read.unpack import unpack

__all__ = [
    "FORMATS",
    "Broken",
    "Format",
    "Limits",
    "Member",
    "ReadResult",
    "Reading",
    "Sniffed",
    "read_events",
    "sniff",
    "unique_labels",
    "unpack",
]
