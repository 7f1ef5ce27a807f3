"""The header block: fields unfolded, junk noted and passed over (RFC 5322 §2.2, §4.5).

The stdlib's reader stops at the first line that is no field; this one goes on where a header plainly goes on.
A line and its folds are one piece, so that a million folds cost little more than the bytes that they are.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from lasthop.original.field import Defect, Field
from lasthop.original.lines import is_blank
from lasthop.original.names import FIELD, begins_field, strict_name

LOOKED_AT = 4_000
"""Lines by which it is told whether folds are lost."""
PATIENCE = 5_000
"""So many lines in a row of which none is a field are no header any more."""
TOLD = 100
"""Lines of junk that are told one by one."""

_SHORT = frozenset(("from", "to", "cc", "subject", "date", "message-id", "mime-version", "reply-to", "return-path"))
"""Fields that stand on one line as long as they are short."""
_HARD_WRAP = range(60, 1000)
_NARROWEST = 60
_MBOX = ("From ", ">From ")

_EMPTY = re.compile(r"^[^\S\n]*(?:\n|\Z)", re.MULTILINE)
_ENDING = re.compile(r"^(?:\n|[^\S\n]+\n(?![ \t])|[^\S\n]*\Z)", re.MULTILINE)
"""An empty line; RFC 5322 §4.2 once let one of blanks alone continue a field, and then what follows it tells."""
_PIECE_END = re.compile(r"\n(?![ \t])")
_INDENT = re.compile(r"^[ \t]", re.MULTILINE)


@dataclass(slots=True)
class Block:
    """What was read of a header: the fields, the defects, and where the body begins."""

    fields: list[Field] = field(default_factory=list)
    defects: list[Defect] = field(default_factory=list)
    body: int = 0
    """Where the body begins in the text, after the empty line that ends the header."""
    parted: bool = True
    """Whether an empty line, or the end of the text, stands after the header."""
    joined: bool = False
    """Lines without an indent were taken for the folds that they once were."""


class _Piece(NamedTuple):
    """A line and the indented ones below it. A tuple: there may be a million of them."""

    line: str
    rest: str
    start: int
    """Where it begins in the text."""
    place: int
    """How many lines stand before it."""
    field: re.Match[str] | None
    """What looks like a field."""

    @property
    def held(self) -> bool:
        """Whether it belongs to a header: a field, or the continuation of one."""
        return self.field is not None or self.rest != "" or self.line[:1] in {" ", "\t"}


@dataclass(frozen=True, slots=True)
class _Folds:
    """How the lines of one header hang together."""

    joined: bool
    """Lines without an indent may continue a field: the white space of the folds is lost."""
    hard: bool
    """The text was cut at one width, in the middle of words too."""
    indented: bool
    """Some folds still have their indent."""


def read_block(text: str, numbers: Sequence[int], *, spaced: bool = False) -> Block:
    """Read fields to the end of the header.

    ``numbers``: that of each line of the header. ``spaced``: lines have blanks at their end, so a blank line is empty.
    """
    end, body = _end(text, spaced)
    head = text[:end]
    pieces = _pieces(head)
    block = Block(body=body)
    begins = _body_begins(pieces, head)
    if begins is not None:
        block.body, block.parted = pieces[begins].start, False
        unparted = numbers[pieces[begins].place]
        head, pieces = head[: block.body], pieces[:begins]
    folds = _folds(head)
    _read(pieces, folds, numbers, block)
    if folds.joined:
        block.joined = True
        block.defects.append(Defect("lost_folds", "Continuation lines have lost the white space before them."))
    if begins:
        says = "No empty line stands between header and body."
        block.defects.append(Defect("no_separator", says, unparted))
    return block


def _end(text: str, spaced: bool) -> tuple[int, int]:
    """Where the last line of the header ends, and where the body begins."""
    for found in (_EMPTY if spaced else _ENDING).finditer(text):
        following = text[found.end() : found.end() + 100].partition("\n")[0]
        if spaced or found.group() in {"", "\n"} or not strict_name(following):
            return max(found.start() - 1, 0), found.end()
    return len(text), len(text)


def _pieces(head: str) -> list[_Piece]:
    """The lines of a header, each with its folds, as far as there is a field among the next ``PATIENCE`` of them."""
    pieces: list[_Piece] = []
    start = place = without = 0
    while start < len(head) and without <= PATIENCE:
        found = _PIECE_END.search(head, start)
        end = found.start() if found else len(head)
        folds = head.find("\n", start, end)
        line = head[start : end if folds < 0 else folds]
        rest = "" if folds < 0 else head[folds + 1 : end]
        pieces.append(piece := _Piece(line, rest, start, place, FIELD.match(line)))
        without = 0 if piece.held else without + 1
        place += 1 + (rest.count("\n") + 1 if rest else 0)
        start = end + 1
    return pieces


def _body_begins(pieces: list[_Piece], head: str) -> int | None:
    """The piece with which a body begins though no empty line parts it: it is no field, and none follows."""
    last = next((i for i in range(len(pieces) - 1, -1, -1) if pieces[i].held), -1)
    rest = next((i for i in range(last + 1, len(pieces)) if not pieces[i].line.startswith(_MBOX)), None)
    if rest is None or len(pieces) - rest > PATIENCE:
        return rest
    # Without any indent these lines may be lost folds, unless the field before them is one that needs none.
    sure = last >= 0 and (_INDENT.search(head) is not None or _is_short(pieces[last].line))
    return rest if sure else None


def _is_short(text: str) -> bool:
    return len(text) < _NARROWEST and strict_name(text) in _SHORT


def _read(pieces: list[_Piece], folds: _Folds, numbers: Sequence[int], block: Block) -> None:
    name, number, before = "", 0, ""
    parts: list[str] = []
    junk: list[int] = []
    for piece in pieces:
        line = piece.line
        if _is_field(piece, name, folds):
            _close(block, name, parts, number)
            match, number = piece.field, numbers[piece.place]
            name, parts = (match["name"], [match["value"]]) if match else ("", [])
        elif folds.joined and parts and _continues(before, line, folds):
            parts.append(_glue(before, line, folds) + line)
        elif not line.startswith(_MBOX) and not is_blank(line):
            junk.append(piece.place)
        if piece.rest and parts:
            parts.append(piece.rest.replace("\n", ""))
        before = piece.rest.rpartition("\n")[2] or line
    _close(block, name, parts, number)
    block.defects += _junk_told([numbers[place] for place in junk])


def _close(block: Block, name: str, parts: list[str], number: int) -> None:
    if parts:
        block.fields.append(Field(name, "".join(parts).strip(), number))


def _junk_told(lines: list[int]) -> Iterator[Defect]:
    for line in lines[:TOLD]:
        yield Defect("junk_line", "A line in the header is no field; it was passed over.", line)
    if more := len(lines) - TOLD if len(lines) > TOLD else 0:
        yield Defect(
            "junk_line", f"{more:,} more lines in the header are no fields; they were passed over.", lines[TOLD]
        )


def _is_field(piece: _Piece, current: str, folds: _Folds) -> bool:
    text, match = piece.line, piece.field
    if folds.joined:
        return begins_field(text, current) or (not current and match is not None)
    return match is not None and (text[match.end("name")] == ":" or strict_name(match["name"] + ":") is not None)


def _folds(head: str) -> _Folds:
    """Whether folds have lost their indent: unindented lines that are no fields, where a field ran on."""
    more = [
        (before, line)
        for before, line in pairwise(head.split("\n", LOOKED_AT)[:LOOKED_AT])
        if line and before and not FIELD.match(line) and not line.startswith(_MBOX)
    ]
    loose = [(before, line) for before, line in more if line[0] not in " \t"]
    wrapped = [(before, line) for before, line in loose if _wrapped(before, line)]
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
