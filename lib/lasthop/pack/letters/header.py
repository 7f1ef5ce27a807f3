"""What the letter to Kuroco says of the header of the mail as it was received, which its support always asks for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lasthop.pack.letters.wording import say
from lasthop.pack.visible import one_line

LIMIT = 32_768
FILES = 10
"""So many originals are named."""


@dataclass(frozen=True)
class Headers:
    """The members of the pack that hold the header, and those that hold it as a bounce mail brought it back.

    ``kept_back``: it is there, and no member holds it.
    """

    received: Sequence[str] = ()
    returned: Sequence[str] = ()
    kept_back: bool = False


def header_part(ticket: Mapping[str, str], headers: Headers, arrived: int, messages: int, language: str) -> str:
    """The header, where it is, or why there is none. ``arrived`` of the messages a server is known to have accepted."""
    pasted = ticket.get("header", "").strip()
    if pasted:
        return _quoted(pasted, language)
    told = (("header_in", headers.received), ("header_returned", headers.returned))
    lines = [say("kuroco", name, language, files=_named(files, language)) for name, files in told if files]
    if lines:
        return "\n".join(lines)
    if headers.kept_back:
        return say("kuroco", "header_kept_back", language)
    if not arrived:
        return say("kuroco", "header_none", language)
    if arrived == messages:
        return say("kuroco", "header_asked", language)
    return say("kuroco", "header_asked_of_some", language, arrived=arrived, messages=messages)


def _named(files: Sequence[str], language: str) -> str:
    return say("label", "comma", language).join(files[:FILES])


def _quoted(header: str, language: str) -> str:
    """A mark before each line, so that none of them passes for a line of the letter."""
    lines = [f"> {one_line(line)}" for line in header[:LIMIT].splitlines()]
    return "\n".join([*lines, *([say("kuroco", "cut", language)] if len(header) > LIMIT else [])])
