"""Letters to the desks that can look further, and to the person who misses the mail."""

from lasthop.pack.letters.collector import Collector, Letter, NotMade, letters

__all__ = ["Collector", "Letter", "NotMade", "letters"]
