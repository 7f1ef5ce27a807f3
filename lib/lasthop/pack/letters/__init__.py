"""Letters to the desks that can look further, and to the person who misses the mail."""

from lasthop.pack.letters.collector import Collector, Letter, NotMade, letters
from lasthop.pack.letters.header import Headers
from lasthop.pack.letters.wording import DESKS
from lasthop.pack.letters.zones import stamped_offsets

__all__ = ["DESKS", "Collector", "Headers", "Letter", "NotMade", "letters", "stamped_offsets"]
