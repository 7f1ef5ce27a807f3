"""What copying does to a message, undone: quoting, fences, indents, escapes, blank lines, a page's own words around it.

Each damage is looked for where the header begins, at the first line that is surely a field, in a sample of lines; it
is undone in the whole text at once. What was undone is told. Lost folds are for ``block`` to join.
"""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from sys import maxsize

from lasthop.original.lines import encoded, is_blank, with_line_feeds
from lasthop.original.names import strict_name
from lasthop.original.summary import LONGEST as LONGEST_SUMMARY
from lasthop.original.summary import Summary, begins_summary, split_summary

SOUGHT = 2000
"""Lines among which the header is looked for."""
LOOKED_AT = 65_536
"""Bytes by which escapes are told."""
DEEPEST = 60
"""Marks of quoting before one line."""

_WEIGHED = 60
_MOST_ESCAPED = 4
_PREFIX = re.compile(r"(?P<before>(?:[ \t]|\xa0|>)*)(?P<text>.*)", re.DOTALL)
_FENCE = re.compile(r"[ \t]{0,3}(?:```|~~~)")
_ENTITY = re.compile(rb"&(?:amp;){0,9}(?:lt|gt|quot|nbsp|#160);")
_TAG = re.compile(rb"</?(?:br|pre|p|div|span|code|tt)\b[^<>\n]{0,200}>", re.IGNORECASE)
_BREAK = re.compile(rb"<br\b[^<>\n]{0,200}>\r?\n?", re.IGNORECASE)
_HARD_BLANK = re.compile(rb"(?:\n|[A-Za-z]:)\xc2\xa0")
_BLANK_RUN = re.compile(r"^(?:[^\S\n]*\n)+", re.MULTILINE)
_TWO_BLANK = re.compile(r"^[^\S\n]*\n[^\S\n]*(?:\n|\Z)", re.MULTILINE)
_NBSP = "\xa0"


@dataclass(frozen=True, slots=True)
class Pasted:
    """The text of a message without the damage of copying."""

    text: str
    """It begins with the header's first line, and its lines end in line feeds."""
    numbers: Sequence[int] = range(1, maxsize)
    """Of each line of the header, in the text as it was given."""
    damages: tuple[str, ...] = ()
    """What was undone, in that order: ``html_escaped``, ``fenced``, ``quoted`` …"""
    summary: Summary | None = None


def undo_paste(data: bytes) -> Pasted:
    """Undo what copying did to a text, as far as that can be told. Linear in its size."""
    damages: list[str] = []
    text = with_line_feeds(_unescaped(data, damages))
    lines = text.split("\n", SOUGHT + _WEIGHED)[: SOUGHT + _WEIGHED]
    start = _anchor(lines)
    if start is None:
        return Pasted(text, damages=tuple(damages))
    text, fenced = _fenced(_from_line(text, start), lines[:start], damages)
    text = _unprefixed(text, damages)
    number = start + 1
    summary, length = split_summary(text.split("\n", LONGEST_SUMMARY)[:LONGEST_SUMMARY])
    if summary:
        damages.append("gmail_summary")
        length += _anchor(_from_line(text, length).split("\n", SOUGHT + _WEIGHED)[: SOUGHT + _WEIGHED]) or 0
        text, number = _from_line(text, length), number + length
    elif start and not fenced:
        damages.append("words_before")
    if _is_spaced_out(text):
        damages.append("blank_lines")
        return Pasted(_halved(text), _numbers_of_header(text, number), tuple(damages), summary)
    return Pasted(text, range(number, maxsize), tuple(damages), summary)


def is_escaped(text: bytes) -> bool:
    """Whether a text was escaped for HTML: escapes stand in it, and no angle stands as itself, but those of tags."""
    return _ENTITY.search(text) is not None and b"<" not in _TAG.sub(b"", text)


def has_hard_blanks(text: bytes) -> bool:
    """Whether blanks became such as do not break: one begins a line, or a value."""
    return b"\xc2\xa0" in text and _HARD_BLANK.search(text) is not None


def _unescaped(data: bytes, damages: list[str]) -> bytes:
    rounds = 0
    while rounds < _MOST_ESCAPED and is_escaped(data[:LOOKED_AT]):
        data = encoded(html.unescape(with_line_feeds(_TAG.sub(b"", _BREAK.sub(b"\n", data)))))
        rounds += 1
    if rounds:
        damages.append("html_escaped" if rounds == 1 else "html_escaped_twice")
    if has_hard_blanks(data[:LOOKED_AT]):
        data = data.replace(b"\xc2\xa0", b" ")
        damages.append("nbsp")
    return data


def _from_line(text: str, place: int) -> str:
    """The text from this line on, 0-based; "" where it has fewer."""
    if not place:
        return text
    parts = text.split("\n", place)
    return parts[place] if len(parts) > place else ""


def _anchor(lines: list[str]) -> int | None:
    """Where a header or Gmail's summary begins: the best of the blocks that look like one."""
    first: int | None = None
    for place, line in enumerate(lines[:SOUGHT]):
        if first is not None and place > 0 and _name(lines[place - 1]) and not is_blank(line):
            continue
        if _begins_summary(line) or _begins_mbox(lines, place):
            return place
        name = _name(line)
        if name is None:
            continue
        if _weight(lines, place) > 2:
            return place
        first = place if first is None else first
    return first


def _begins_mbox(lines: list[str], place: int) -> bool:
    """Whether the ``From`` line of an mbox stands here."""
    return lines[place].startswith("From ") and any(map(_name, lines[place + 1 : place + 2]))


def _begins_summary(line: str) -> bool:
    return begins_summary(line[:300].lstrip(" \t>" + _NBSP))


def _weight(lines: list[str], start: int) -> int:
    """How many fields stand here, up to the first prose after a blank line; a Received counts for three."""
    weight, blank = 0, False
    for line in lines[start : start + _WEIGHED]:
        name = _name(line)
        if blank and name is None and line[:1] not in {"", " ", "\t", ">", _NBSP}:
            break
        weight += 3 if name == "received" else int(name is not None)
        blank = is_blank(line)
    return weight


def _name(line: str) -> str | None:
    """The name of the field that begins here behind whatever was put before it."""
    match = _PREFIX.match(line[:300])
    return strict_name(match["text"]) if match else None


def _fenced(text: str, before: list[str], damages: list[str]) -> tuple[str, bool]:
    """What stands between two fences, where the header follows the first one at once; whether it does."""
    above = next((line for line in reversed(before) if not is_blank(line)), None)
    if above is None or not _FENCE.match(above):
        return text, False
    fence = re.escape(above.strip()[:3])
    closing = re.search(rf"\n[^\S\n]*{fence}[^\S\n]*(?=\n|\Z)", text)
    damages.append("fenced")
    return (text[: closing.start()] if closing else text), True


def _unprefixed(text: str, damages: list[str]) -> str:
    """Without the marks of a quote, or the indent, that stand before the header's first line and so before all."""
    before = _before(text)
    if ">" in before:
        # Each line loses as many marks as the first one has, and a blank behind each where one stands there.
        mark = r"[ \t]{0,8}>" + (r"[ \t]?" if before[-1] in " \t" else "")
        text = re.sub(rf"^(?:{mark}){{1,{min(before.count('>'), DEEPEST)}}}", "", text, flags=re.MULTILINE)
        damages.append("quoted")
        before = _before(text)
    if before and ">" not in before:
        text = re.sub(f"^{re.escape(before)}", "", text, flags=re.MULTILINE)
        damages.append("indented")
    return text


def _before(text: str) -> str:
    match = _PREFIX.match(text[:300].partition("\n")[0])
    return match["before"] if match else ""


def _is_spaced_out(text: str) -> bool:
    """Whether a copy put an empty line after each line."""
    sample = text.split("\n", 14)[:14]
    if len(sample) < 4 or not all(map(is_blank, sample[1:4:2])) or any(map(is_blank, sample[0:4:2])):
        return False
    return any(_goes_on(line) for line in sample[2::2])


def _halved(text: str) -> str:
    """Of each run of empty lines half is left."""
    return _BLANK_RUN.sub(lambda run: "\n" * (run.group().count("\n") // 2), text)


def _numbers_of_header(text: str, first: int) -> list[int]:
    """The numbers of the lines that are left of the header, and of the empty one after it."""
    end = _TWO_BLANK.search(text)
    lines = text[: end.start() if end else len(text)].split("\n")
    return [*(first + place for place, line in enumerate(lines) if not is_blank(line)), first + len(lines)]


def _goes_on(text: str) -> bool:
    """Whether a header can go on with this line: a field, or a fold."""
    return text[:1] in {" ", "\t"} or strict_name(text) is not None
