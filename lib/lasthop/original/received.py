"""One ``Received`` header: which server took the message from whom, how, and when (RFC 5321 §4.4).

The clauses are read at the top level, outside comments, quotes and literals; of a clause that stands twice the first
counts. The stamp follows the last semicolon (RFC 5322 §3.6.7); servers that write none put a date at the end.
"""

import re
from dataclasses import dataclass
from itertools import zip_longest

from lasthop.original.field import Defect, Field
from lasthop.original.peer import NOBODY, Peer, read_peer
from lasthop.original.stamps import CONTROLS, Stamp, read_stamp
from lasthop.original.stamps import LONGEST as LONGEST_STAMP
from lasthop.original.tls import Tls, read_tls
from lasthop.original.words import Word, split_words

LONGEST = 16_384
"""So much of one Received is read: RFC 5321 §4.5.3.1 wants far less, and a hostile one may be megabytes."""

_SOUGHT = 6
"""So many of the last semicolons may begin the stamp: some servers put remarks after it."""

CLAUSES = ("from", "by", "via", "with", "id", "for")

_LOCAL = re.compile(
    r"(?P<name>[\w.-]{1,40}) (?:pid )?(?:\d{1,12} )?(?P<how>invoked (?:by|from|for) [\w -]{1,60})", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Hop:
    """One server's note that it took the message, each part as written or None where it does not stand there."""

    line: int
    """Where the header begins in the text as it was given (1-based)."""
    raw: str
    """The whole value."""
    from_: str | None = None
    """The first word of ``from``: what the other side called itself, or how it was looked up."""
    by: str | None = None
    with_: str | None = None
    """The protocol (RFC 3848), or the first word of what stands there instead."""
    id: str | None = None
    for_: str | None = None
    via: str | None = None
    peer: Peer = NOBODY
    """HELO, PTR name and TCP address of the other side, apart."""
    tls: Tls | None = None
    """None: the header says nothing of encryption, which is not: there was none."""
    local: str | None = None
    """A step inside one machine, as qmail notes them: ``qmail invoked by uid 89``."""
    stamp: Stamp | None = None
    """None: no date that can be read for certain."""
    defects: tuple[Defect, ...] = ()


def read_received(field: Field) -> Hop:
    """Read one ``Received`` or ``X-Received`` header; whatever stands there gives a hop."""
    value, defects = field.value, []
    if len(value) > LONGEST:
        defects.append(
            Defect("too_long", f"Only the first {LONGEST} characters of this Received are read.", field.line)
        )
        value = value[:LONGEST]
    if CONTROLS.search(value):
        says = "Control characters stand in this Received; it is read without them."
        defects.append(Defect("control_characters", says, field.line))
        value = CONTROLS.sub("", value)
    value = _unwrapped(value)
    words, balanced = split_words(value)
    if not balanced:
        defects.append(Defect("open_comment", "A parenthesis has no partner.", field.line))
    stamp, end = _stamp(value, words)
    defects += _stamp_defects(stamp, field.line)
    clauses = [word for word in words if word.start < end]
    found = _clauses(clauses)
    comments = [word.text for word in words if word.kind == "comment"]
    return Hop(
        line=field.line,
        raw=field.value,
        from_=found.get("from"),
        by=found.get("by"),
        with_=found.get("with"),
        id=found.get("id"),
        for_=found.get("for"),
        via=found.get("via"),
        peer=read_peer(clauses, http=(found.get("with") or "").upper() == "HTTP"),
        tls=read_tls(found.get("with"), comments),
        local=_local(found, comments),
        stamp=stamp,
        defects=tuple(defects),
    )


def _unwrapped(value: str) -> str:
    """Some archives keep the header as a list of one: ``[from … by …; date]``."""
    if value.startswith("[from ") and value.endswith("]"):
        return value[1:-1]
    return value


def _stamp(value: str, words: list[Word]) -> tuple[Stamp | None, int]:
    """The stamp, and where the clauses end: at the semicolon before it, or at the end of the value."""
    ends = [word.start for word in words if word.kind == ";"]
    for start in ends[: -_SOUGHT - 1 : -1]:
        if stamp := read_stamp(_without_comments(words, start + 1)):
            return stamp, start
    text = _without_comments(words, 0)
    if stamp := read_stamp(text[-LONGEST_STAMP:]):
        return stamp, _where(value, stamp)
    return None, ends[-1] if ends else len(value)


def _without_comments(words: list[Word], start: int) -> str:
    return " ".join(word.text for word in words if word.start >= start and word.kind == "word")


def _where(value: str, stamp: Stamp) -> int:
    """Where a stamp without a semicolon begins: its words may be folded, so its first one is sought from the end."""
    place = value.rfind(stamp.raw)
    return place if place >= 0 else len(value)


def _stamp_defects(stamp: Stamp | None, line: int) -> list[Defect]:
    if stamp is None:
        return [Defect("no_stamp", "No date stands here that could be read for certain.", line)]
    if stamp.assumed:
        return [Defect("no_zone", "The date has no zone of a known meaning; UTC is assumed.", line)]
    return []


def _clauses(words: list[Word]) -> dict[str, str]:
    """The first word after each clause's name; where there is none but a comment, the comment (``by (Postfix)``)."""
    found: dict[str, str] = {}
    for word, after in zip_longest(words, words[1:]):
        name = word.text.lower()
        if word.kind != "word" or name not in CLAUSES or name in found:
            continue
        if after is None or after.kind == ";" or (after.kind == "word" and after.text.lower() in CLAUSES):
            continue
        found[name] = after.text if after.kind == "word" else f"({after.text})"
    return found


def _local(found: dict[str, str], comments: list[str]) -> str | None:
    """What a step without any clause says of itself."""
    if found.get("by") or found.get("from") or not comments:
        return None
    match = _LOCAL.match(" ".join(comments[0].split())[:200])
    return f"{match['name']} {match['how']}" if match else None
