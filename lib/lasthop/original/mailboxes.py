"""The mailboxes of a header field (RFC 5322 §3.4): the address in angle brackets is the sender, never the name.

Not `email.utils.parseaddr` and not `email.policy.default`: both have taken an address in the display name, or one that
stands unquoted before the angle brackets, for the sender.
"""

import re
from dataclasses import dataclass

from lasthop.original.encoded import unencoded
from lasthop.original.field import Field
from lasthop.original.words import split_words

LONGEST = 16_384
MOST = 200
"""So many characters and addresses of one field are read."""

_ADDRESS = re.compile(r"[^\s<>\"(),;:\\\[\]]{1,255}@[^\s<>\"(),;:\\@]{1,255}")
_LAST_ANGLE = re.compile(r"<([^<>]{0,1000})>[\s;]{0,100}\Z")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One address of a field and the name beside it."""

    name: str
    """The display name as people see it, encoded words decoded; "" without one."""
    address: str
    """As written, without the angle brackets; "" where none is there, or the empty sender ``<>`` stands."""
    field: Field

    @property
    def in_name(self) -> tuple[str, ...]:
        """Other addresses that the display name shows: what a reader may take for the sender."""
        return tuple(
            shown for shown in _ADDRESS.findall(self.name[:1000]) if shown.lower().strip("'.") != self.address.lower()
        )


def read_mailboxes(found: Field) -> tuple[Mailbox, ...]:
    """The addresses of a field in order; a group gives its members (RFC 5322 §3.4). Empty where there is none."""
    value = found.value[:LONGEST]
    pieces: list[str] = []
    held = ""
    for piece in _pieces(value):
        # Without an address it is the beginning of an unquoted name: Doe, John <john@example.com>
        held = f"{held},{piece}" if held else piece
        if "@" in held or "<" in held:
            pieces.append(held)
            held = ""
    pieces += [held] if held.strip() else []
    return tuple(_mailbox(piece, found) for piece in pieces[:MOST])


def _pieces(value: str) -> list[str]:
    """The field cut at commas outside quotes, angles and comments, and at the colon and semicolon of a group."""
    if "," not in value and ";" not in value and ":" not in value:
        return [value]
    cuts: list[int] = []
    colon = -1
    for word in split_words(value)[0]:
        if word.kind == ";":
            cuts.append(word.start)
        elif word.kind == "word":
            for place, char in _plain(word.text):
                if char == ",":
                    cuts.append(word.start + place)
                elif char == ":" and colon < 0 and not cuts:
                    colon = word.start + place
    if colon >= 0 and (";" in value[colon:] or value[colon + 1 :].strip() == ""):
        cuts.append(colon)
    edges = [-1, *sorted(cuts), len(value)]
    pieces = [value[edges[n] + 1 : edges[n + 1]] for n in range(len(edges) - 1)]
    return pieces[1:] if colon >= 0 and colon in cuts else pieces


def _plain(word: str) -> list[tuple[int, str]]:
    """The commas and colons of a word that stand outside its quotes and angle brackets."""
    found: list[tuple[int, str]] = []
    quoted = angle = False
    for place, char in enumerate(word):
        if char == '"':
            quoted = not quoted
        elif char in "<>" and not quoted:
            angle = char == "<"
        elif char in ",:" and not quoted and not angle:
            found.append((place, char))
    return found


def _mailbox(piece: str, found: Field) -> Mailbox:
    angle = _LAST_ANGLE.search(piece[-1200:])
    if angle:
        written = angle[1].strip()
        name = piece[: len(piece) - len(angle[0])]
        return Mailbox(_name(name), written.rpartition(":")[2] if written.startswith("@") else written, found)
    words, _ = split_words(piece)
    plain = " ".join(word.text for word in words if word.kind == "word")
    comment = " ".join(word.text for word in words if word.kind == "comment")
    bare = _ADDRESS.findall(plain[:LONGEST])
    if not bare:
        return Mailbox(_name(piece), "", found)
    # Without angle brackets the last address counts; an old comment gives the name (RFC 5322 appendix A.6.3).
    name = plain.replace(bare[-1], " ", 1).replace("<", " ").replace(">", " ")
    return Mailbox(_name(name) or _name(comment), bare[-1], found)


def _name(text: str) -> str:
    plain = " ".join(unencoded(text.strip()).text.split())
    if len(plain) > 1 and plain[0] == plain[-1] == '"':
        plain = plain[1:-1].replace('\\"', '"').replace("\\\\", "\\")
    return plain.strip()
