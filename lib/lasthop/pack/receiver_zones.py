"""What a ticket says of the time zones of receivers."""

import re
from zoneinfo import ZoneInfo

RECEIVER_ZONES = "receiver_zones"
"""The field of a ticket that says in which time zone a receiver's administrator is written to; nobody asks for it."""
HINT = "One receiver a line, for its letter: example.com America/New_York"
_CHOSEN = re.compile(r"(?P<domain>[^\s=:,;]+)(?:\s*[=:,]\s*|\s+)(?P<zone>\S+)")


def chosen_zones(text: str) -> tuple[dict[str, str], list[str]]:
    """Domain -> IANA name of what a ticket says, one a line (``example.com America/New_York``); and the odd lines."""
    found, odd = dict[str, str](), list[str]()
    for line in filter(None, map(str.strip, text.splitlines())):
        said = _CHOSEN.fullmatch(line)
        if said and _is_zone(said["zone"]):
            found[said["domain"].lower().removeprefix("@")] = said["zone"]
        else:
            odd.append(line)
    return found, odd


def _is_zone(name: str) -> bool:
    try:
        return bool(ZoneInfo(name))
    except (KeyError, ValueError, OSError):
        return False
