"""Bytes to events: unpack a container, sniff what a file is, read it.

``unpack`` gives members; ``sniff`` tells what a member is, a person answers what it leaves open, and that makes a
``Reading``; ``read_events`` fills the table ``read_events`` with it and puts rejected lines into a file.
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
