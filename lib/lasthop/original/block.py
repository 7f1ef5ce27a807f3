"""The header block: fields unfolded, junk noted and passed over (RFC 5322 §2.2, §4.5).

The stdlib's reader stops at the first line that is no field; this one goes on where a header plainly goes on.
"""

from dataclasses import dataclass, field
from itertools import pairwise

from lasthop.original.field import Defect, Field
from lasthop.original.lines import Line
from lasthop.original.names import FIELD, begins_field, strict_name

_SHORT = frozenset(("from", "to", "cc", "subject", "date", "message-id", "mime-version", "reply-to", "return-path"))
"""Fields that stand on one line as long as they are short."""
_HARD_WRAP = range(60, 1000)
_NARROWEST = 60


@dataclass(slots=True)
class Block:
    """What was read so far: the fields, the defects, and how many lines belong to the header."""

    fields: list[Field] = field(default_factory=list)
    defects: list[Defect] = field(default_factory=list)
    length: int = 0
    """Lines, the empty one that ends the header included."""
    joined: bool = False
    """Lines without an indent were taken for the folds that they once were."""


@dataclass(slots=True)
class _Folds:
    """How the lines of one header hang together."""

    joined: bool
    """Lines without an indent may continue a field: the white space of the folds is lost."""
    hard: bool
    """The text was cut at one width, in the middle of words too."""
    indented: bool
    """Some folds still have their indent."""


def read_block(lines: list[Line], *, spaced: bool = False) -> Block:
    """Read fields to the end of the header. ``spaced``: lines have blanks at their end, so a blank line is empty."""
    block = Block()
    end, goes_on = _end(lines, spaced)
    inside = lines[:end]
    folds = _folds(inside)
    name, number, before = "", 0, ""
    parts: list[str] = []
    for line in inside:
        text = line.text
        if text[:1] in {" ", "\t"} and parts:
            parts.append(text.rstrip("\r"))
        elif _is_field(text, name, folds):
            _close(block, name, parts, number)
            match = FIELD.match(text)
            name, parts, number = (match["name"], [match["value"]], line.number) if match else ("", [], 0)
        elif folds.joined and parts and _continues(before, text, folds):
            parts.append(_glue(before, text, folds) + text)
        elif not text.startswith(("From ", ">From ")) and not line.blank:
            block.defects.append(
                Defect("junk_line", "A line in the header is no field; it was passed over.", line.number)
            )
        before = text
    _close(block, name, parts, number)
    if folds.joined:
        block.joined = True
        block.defects.append(Defect("lost_folds", "Continuation lines have lost the white space before them."))
    if goes_on:
        block.defects.append(Defect("no_separator", "No empty line stands between header and body.", goes_on))
    block.length = end if goes_on else min(end + 1, len(lines))
    return block


def _close(block: Block, name: str, parts: list[str], number: int) -> None:
    if parts:
        block.fields.append(Field(name, "".join(parts).strip(), number))


def _end(lines: list[Line], spaced: bool) -> tuple[int, int | None]:
    """How many lines the header has, and the number of the body's first line where no empty line parts them."""
    for place, line in enumerate(lines):
        if not line.blank:
            continue
        after = lines[place + 1].text if place + 1 < len(lines) else ""
        # RFC 5322 §4.2 once let a line of blanks alone continue a field: what follows it tells.
        if line.text and not spaced and (after[:1] in {" ", "\t"} or strict_name(after)):
            continue
        return _body_at(lines, place)
    return _body_at(lines, len(lines))


def _body_at(lines: list[Line], end: int) -> tuple[int, int | None]:
    """The end again, unless a body begins before it: a line that is no field, and none to follow."""
    last = next((i for i in range(end - 1, -1, -1) if _held(lines[i].text)), -1)
    rest = [i for i in range(last + 1, end) if not lines[i].text.startswith(("From ", ">From "))]
    if last < 0 or not rest:
        return end, None
    # Without any indent these lines may be lost folds, unless the field before them is one that needs none.
    if any(line.text[:1] in {" ", "\t"} for line in lines[:end]) or _is_short(lines[last].text):
        return rest[0], lines[rest[0]].number
    return end, None


def _is_short(text: str) -> bool:
    return len(text) < _NARROWEST and strict_name(text) in _SHORT


def _held(text: str) -> bool:
    """Whether a line belongs to a header: a field, or the continuation of one."""
    return text[:1] in {" ", "\t"} or FIELD.match(text) is not None


def _is_field(text: str, current: str, folds: _Folds) -> bool:
    if folds.joined:
        return begins_field(text, current) or (not current and FIELD.match(text) is not None)
    match = FIELD.match(text)
    return match is not None and (text[match.end("name")] == ":" or strict_name(match["name"] + ":") is not None)


def _folds(lines: list[Line]) -> _Folds:
    """Whether folds have lost their indent: unindented lines that are no fields, where a field ran on."""
    more = [
        (before.text, line.text)
        for before, line in pairwise(lines)
        if line.text and before.text and not FIELD.match(line.text) and not line.text.startswith(("From ", ">From "))
    ]
    loose = [(before, text) for before, text in more if text[0] not in " \t"]
    wrapped = [(before, text) for before, text in loose if _wrapped(before, text)]
    widths = {len(before) for before, _ in more}
    hard = len(more) > 2 and len(widths) == 1 and widths.pop() in _HARD_WRAP
    indented = len(more) > len(loose)
    joined = bool(loose) and (not indented or len(wrapped) * 2 > len(loose))
    return _Folds(joined, hard, indented)


def _glue(before: str, text: str, folds: _Folds) -> str:
    """What stood between two lines: nothing in a text that was cut hard, or where a name was broken at its hyphen."""
    if folds.hard or (before[-1:] == "-" and before[-2:-1].isalpha() and text[:1].isalpha()):
        return ""
    return " "


def _continues(before: str, text: str, folds: _Folds) -> bool:
    return not folds.indented or _wrapped(before, text)


def _wrapped(before: str, text: str) -> bool:
    """Whether a line may have been broken here by its width: its next word would have made it too long."""
    return len(before) + 1 + len(text.split(maxsplit=1)[0] if text.strip() else "") > _NARROWEST
