"""What an original message says, in plain sentences that cite their header lines: sender, checks, trail, filters."""

from lasthop.explain.original.authentication import authentication_said
from lasthop.explain.original.display import body_said, display_said
from lasthop.explain.original.said import Citation, Said
from lasthop.explain.original.sender import sender_said
from lasthop.explain.original.trail import trail_said
from lasthop.explain.original.verdicts import verdicts_said

__all__ = [
    "Citation",
    "Said",
    "authentication_said",
    "body_said",
    "display_said",
    "sender_said",
    "trail_said",
    "verdicts_said",
]
