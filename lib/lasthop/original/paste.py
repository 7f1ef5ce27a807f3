"""What copying does to a message, undone: quoting, fences, indents, escapes, blank lines, a page's own words around it.

Each damage is looked for where the header begins, at the first line that is surely a field. What was undone is told.
Lost folds are for ``block`` to join. A text that is whole is passed on as it is.
"""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass

from lasthop.original.lines import Line, decoded, encoded, split_lines
from lasthop.original.names import strict_name
from lasthop.original.summary import Summary, begins_summary, split_summary

SOUGHT = 2000
"""Lines among which the header is looked for."""
LOOKED_AT = 65_536
"""Bytes by which escapes are told."""

_PREFIX = re.compile(r"(?P<before>(?:[ \t]|\xa0|>)*)(?P<text>.*)", re.DOTALL)
_QUOTE = re.compile(r"[ \t]{0,8}>")
_QUOTE_BLANK = re.compile(r"[ \t]{0,8}>[ \t]?")
_FENCE = re.compile(r"[ \t]{0,3}(?:```|~~~)")
_ENTITY = re.compile(rb"&(?:lt|gt|quot|nbsp|#160);")
_TAG = re.compile(rb"</?(?:br|pre|p|div|span|code|tt)\b[^<>\n]{0,200}>", re.IGNORECASE)
_BREAK = re.compile(rb"<br\b[^<>\n]{0,200}>\r?\n?", re.IGNORECASE)
_HARD_BLANK = re.compile(rb"(?:\n|[A-Za-z]:)\xc2\xa0")
_NBSP = "\xa0"


@dataclass(frozen=True, slots=True)
class Pasted:
    """The lines of a message without the damage of copying."""

    lines: list[Line]
    """The first one is the header's first."""
    damages: tuple[str, ...] = ()
    """What was undone, in that order: ``html_escaped``, ``fenced``, ``quoted`` …"""
    summary: Summary | None = None


def undo_paste(data: bytes) -> Pasted:
    """Undo what copying did to a text, as far as that can be told."""
    damages: list[str] = []
    lines = split_lines(_unescaped(data, damages))
    start = _anchor(lines)
    if start is None:
        return Pasted(lines, tuple(damages))
    lines, start = _fenced(lines, start, damages)
    lines = _unprefixed(lines, start, damages)
    summary, length = split_summary(lines[start:])
    if summary:
        damages.append("gmail_summary")
        start += length
        start += _anchor(lines[start:]) or 0
    elif start:
        damages.append("words_before")
    lines = _unspaced(lines, start, damages)
    return Pasted(lines[start:], tuple(damages), summary)


def is_escaped(text: bytes) -> bool:
    """Whether a text was escaped for HTML: escapes stand in it, and no angle stands as itself, but those of tags."""
    return _ENTITY.search(text) is not None and b"<" not in _TAG.sub(b"", text)


def has_hard_blanks(text: bytes) -> bool:
    """Whether blanks became such as do not break: one begins a line, or a value."""
    return b"\xc2\xa0" in text and _HARD_BLANK.search(text) is not None


def _unescaped(data: bytes, damages: list[str]) -> bytes:
    if is_escaped(data[:LOOKED_AT]):
        data = encoded(html.unescape(decoded(_TAG.sub(b"", _BREAK.sub(b"\n", data)))))
        damages.append("html_escaped")
    if has_hard_blanks(data[:LOOKED_AT]):
        data = data.replace(b"\xc2\xa0", b" ")
        damages.append("nbsp")
    return data


def _anchor(lines: list[Line]) -> int | None:
    """Where a header or Gmail's summary begins: the best of the blocks that look like one."""
    first: int | None = None
    for place, line in enumerate(lines[:SOUGHT]):
        if first is not None and place > 0 and _name(lines[place - 1]) and not line.blank:
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


def _begins_mbox(lines: list[Line], place: int) -> bool:
    """Whether the ``From`` line of an mbox stands here."""
    return lines[place].text.startswith("From ") and any(map(_name, lines[place + 1 : place + 2]))


def _begins_summary(line: Line) -> bool:
    return begins_summary(line.text[:300].lstrip(" \t>" + _NBSP))


def _weight(lines: list[Line], start: int) -> int:
    """How many fields stand here, up to the first prose after a blank line; a Received counts for three."""
    weight, blank = 0, False
    for line in lines[start : start + 60]:
        name = _name(line)
        if blank and name is None and line.text[:1] not in {"", " ", "\t", ">", _NBSP}:
            break
        weight += 3 if name == "received" else int(name is not None)
        blank = line.blank
    return weight


def _name(line: Line) -> str | None:
    """The name of the field that begins here behind whatever was put before it."""
    match = _PREFIX.match(line.text[:300])
    return strict_name(match["text"]) if match else None


def _fenced(lines: list[Line], start: int, damages: list[str]) -> tuple[list[Line], int]:
    """What stands between two fences, where the header follows the first one at once."""
    before = next((i for i in range(start - 1, -1, -1) if not lines[i].blank), None)
    if before is None or not _FENCE.match(lines[before].text):
        return lines, start
    fence = lines[before].text.strip()[:3]
    end = next((i for i in range(start, len(lines)) if lines[i].text.strip() == fence), len(lines))
    damages.append("fenced")
    return lines[start:end], 0


def _unprefixed(lines: list[Line], start: int, damages: list[str]) -> list[Line]:
    """Without the marks of a quote, or the indent, that stand before the header's first line and so before all."""
    while start < len(lines):
        match = _PREFIX.match(lines[start].text)
        before = match["before"] if match else ""
        if ">" in before:
            mark = _QUOTE_BLANK if before[-1] in " \t" else _QUOTE
            lines = _changed(lines, start, lambda text, mark=mark: mark.sub("", text, count=1))  # type: ignore[misc]
            damages.append("quoted")
        elif before:
            lines = _changed(lines, start, lambda text, indent=before: text.removeprefix(indent))  # type: ignore[misc]
            damages.append("indented")
        else:
            break
    return lines


def _changed(lines: list[Line], start: int, change: Callable[[str], str]) -> list[Line]:
    return lines[:start] + [Line(number, change(text)) for number, text in lines[start:]]


def _unspaced(lines: list[Line], start: int, damages: list[str]) -> list[Line]:
    """Without the empty line that a copy put after each line: of each run of empty ones half is left."""
    sample = lines[start : start + 14]
    if len(sample) < 4 or not all(line.blank for line in sample[1:4:2]) or any(line.blank for line in sample[0:4:2]):
        return lines
    if not any(_goes_on(line.text) for line in sample[2::2]):
        return lines
    kept, run = lines[:start], []
    for line in lines[start:]:
        if line.blank:
            run.append(line)
            continue
        kept += run[: len(run) // 2]
        kept.append(line)
        run = []
    damages.append("blank_lines")
    return kept


def _goes_on(text: str) -> bool:
    """Whether a header can go on with this line: a field, or a fold."""
    return text[:1] in {" ", "\t"} or strict_name(text) is not None
