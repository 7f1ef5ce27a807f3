"""The registry: every format of rows that can be read, and the words its columns go by."""

from lasthop.read.formats.format import Format, fold, unique_labels
from lasthop.read.formats.kuroco import KUROCO
from lasthop.read.formats.original import ORIGINAL
from lasthop.read.formats.sendgrid import SENDGRID
from lasthop.read.formats.sendgrid_api import PULLED

FORMATS: dict[str, Format] = {one.name: one for one in (*KUROCO, *SENDGRID, *PULLED, ORIGINAL)}
"""Format by name, in the order in which they are offered to a person."""

__all__ = ["FORMATS", "Format", "fold", "unique_labels"]
