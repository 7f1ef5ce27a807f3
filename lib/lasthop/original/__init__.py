"""One original message as its receiver holds it: what its header says, read from whatever was pasted or dropped."""

from lasthop.original.field import Defect, Field, Header
from lasthop.original.reading import Original, read_original
from lasthop.original.received import Hop

__all__ = ["Defect", "Field", "Header", "Hop", "Original", "read_original"]
