"""Bounce mails in the mailer's own words: whom it did not reach, and what the other server said.

What is looked for stands in ``dsn_forms.toml``. Nothing is concluded from the words beyond the action that they state.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

LINES, WIDTH = 2_000, 2_000
"""Lines of a notice, and characters of a line, that are looked at."""
MOST = 500
"""Recipients of one notice."""

_ADDRESS = r"""<?(?P<to>[^\s<>()"',;:@\[\]]{1,64}@[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63}){1,8})>?"""
_ENHANCED = re.compile(r"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.]*\d)")
_HEADER_LINE = re.compile(r"(?:[A-Za-z][\w-]{0,60}:|[ \t]+\S)")
_SURE_HEADER = re.compile(
    r"(?:received|return-path|message-id|x-received|dkim-signature|arc-seal|mime-version):", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Told:
    """What a notice says of one recipient; None where it says nothing."""

    recipient: str
    said: str | None
    status: str | None
    host: str | None


@cache
def _forms(name: str) -> tuple[re.Pattern[str], ...]:
    text = resources.files("lasthop.original").joinpath("dsn_forms.toml").read_text(encoding="utf-8")
    patterns: Sequence[str] = tomllib.loads(text)[name]
    other = _ADDRESS.replace("?P<to>", "?:")
    filled = (each.replace("ADDR2", other).replace("ADDR", _ADDRESS) for each in patterns)
    return tuple(re.compile(each, re.IGNORECASE | re.MULTILINE) for each in filled)


def is_notice(text: str) -> bool:
    """Whether words stand there that mailers use when a message did not arrive, or did not yet."""
    return _first("marks", text[: LINES * 20]) is not None


def cut_returned(notice: str) -> tuple[str, str]:
    """The notice without the message that it returns, and that message as far as it stands below."""
    lines = [line[:WIDTH] for line in notice.split("\n")[: LINES * 5]]
    for place, line in enumerate(lines):
        if any(form.search(line) for form in _forms("separators")) or _begins_header(lines, place):
            return "\n".join(lines[:place]), "\n".join(lines[place + (not _SURE_HEADER.match(line)) :]).lstrip("\n")
    return "\n".join(lines), ""


def _begins_header(lines: Sequence[str], place: int) -> bool:
    return bool(_SURE_HEADER.match(lines[place])) and all(_HEADER_LINE.match(each) for each in lines[place : place + 3])


def action_of(subject: str, notice: str) -> str:
    """``failed``, ``delayed`` or ``delivered``, in the words of RFC 3464 §2.3.3."""
    text = f"{subject}\n{notice}"
    if _first("delayed", text):
        return "delayed"
    return "delivered" if _first("delivered", text) else "failed"


def reporting_host(notice: str) -> str | None:
    """The server that wrote the notice, where it says so."""
    found = _first("reporting", notice)
    return found["host"] if found else None


def read_notice(notice: str, failed: Sequence[str]) -> list[Told]:
    """What the notice says of each recipient; ``failed`` are those that its header names (X-Failed-Recipients)."""
    lines = [line.rstrip()[:WIDTH] for line in notice.split("\n")[:LINES]]
    text = "\n".join(lines)
    found: dict[str, str] = {}
    heads = list(_heads(lines))
    for number, (place, address, said) in enumerate(heads[:MOST]):
        until = heads[number + 1][0] if number + 1 < len(heads) else len(lines)
        section = "\n".join([said.strip(), *lines[place + 1 : until]]).strip("\n")
        found[address] = f"{found.get(address, '')}\n\n{section}".strip("\n")
    for address in failed:
        found.setdefault(address, "")
    return [_told(address, section, text, len(found) == 1) for address, section in found.items()]


def _heads(lines: Sequence[str]) -> Iterator[tuple[int, str, str]]:
    """Each line that names a recipient: its place, the address, and what it says itself."""
    for place, line in enumerate(lines):
        for form in _forms("heads") if "@" in line else ():
            if match := form.search(line):
                yield place, match["to"].rstrip("."), (match.groupdict().get("said") or "")
                break


def _told(address: str, section: str, notice: str, alone: bool) -> Told:
    """What follows the recipient counts first; what stands elsewhere, only where it can be of nobody else."""
    said = _answer(section, notice if alone else "") or _paragraph(section) or _answer(notice, "")
    host = _first("hosts", section) or _first("hosts", notice)
    status = _ENHANCED.search(said or "")
    return Told(address, said, status[0] if status else None, host["host"].rstrip(".") if host else None)


def _answer(text: str, otherwise: str) -> str | None:
    for name, where in (("replies", text), ("elsewhere", text), ("elsewhere", otherwise)):
        if found := _first(name, where):
            return _reply(where, found)
    return None


def _reply(text: str, match: re.Match[str]) -> str:
    """The reply from where it was found to the end of its paragraph, unless the pattern says where it ends."""
    said = match["said"]
    rest = text[match.end("said") :]
    if match.end("said") == match.end() and rest.startswith("\n"):
        more = []
        for line in rest[1:].split("\n"):
            if not line.strip() or _reply_line(line):
                break
            more.append(line)
        said = " ".join([said, *more])
    return " ".join(said.split())


def _reply_line(line: str) -> bool:
    return re.match(r"\s*(?:<<<|>>>|\.{3} while|[245]\d\d[ -])", line) is not None


def _paragraph(section: str) -> str | None:
    """The first words after a recipient, to the next blank line."""
    for paragraph in re.split(r"\n[ \t]*\n", section):
        if words := " ".join(paragraph.split()):
            return words
    return None


def _first(name: str, text: str) -> re.Match[str] | None:
    return next((match for form in _forms(name) if (match := form.search(text))), None)
