"""Where the header of a table is, and what separates its cells."""

from dataclasses import dataclass
from pathlib import Path

from lasthop.errors import UnreadableFile
from lasthop.read.encoding import detect_encoding
from lasthop.read.magic import looks_binary, refuse_known_binaries
from lasthop.read.records import OPEN, Malformed, parse_cells

SAMPLE_BYTES = 256 * 1024
DELIMITERS = (",", "\t", ";")


@dataclass(frozen=True)
class Sample:
    """The first part of a text file."""

    encoding: str
    text: str
    whole: bool


@dataclass(frozen=True)
class Head:
    """A possible header: its cells, the line that it is on, and the first records below."""

    delimiter: str
    labels: tuple[str, ...]
    line: int
    rows: tuple[tuple[str, ...], ...]


def take_sample(path: Path, shown: str) -> Sample:
    """Read the first 256 KB as text; raises ``UnreadableFile`` for what is no text."""
    with path.open("rb") as file:
        data = file.read(SAMPLE_BYTES)
        whole = not file.read(1)
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise UnreadableFile(f"{shown} is empty.", "There is no text in it.", "Export it again and load the new file.")
    refuse_known_binaries(data, shown)
    encoding = detect_encoding(data, whole)
    if encoding is None or (not encoding.startswith("utf-16") and looks_binary(data)):
        raise UnreadableFile(
            f"{shown} is not text in a known encoding.",
            "It is neither UTF-8 nor UTF-16 nor Shift_JIS (CP932).",
            "Export it again as CSV in UTF-8.",
        )
    text = data.decode(encoding, errors="replace")
    if not whole and len(text) > 1:
        text = text[:-1]  # the last character may be cut in two
    return Sample(encoding, text, whole)


def possible_heads(sample: Sample, shown: str) -> list[Head]:
    """Cut the first line that has text with each delimiter; the cut with most cells comes first."""
    if "\n" not in sample.text:
        if "\r" in sample.text:
            raise UnreadableFile(
                f"{shown} has old Macintosh line ends.",
                "Its lines end with a carriage return only.",
                "Save it as CSV UTF-8 and load that.",
            )
        if not sample.whole:
            raise UnreadableFile(
                f"{shown} has no lines.", "There is no line end in its first 256 KB.", "Load the CSV or JSON export."
            )
    lines = sample.text.split("\n")
    if not sample.whole and len(lines) > 1:
        lines.pop()
    place = next((n for n, line in enumerate(lines) if line.strip() and not line.lower().startswith("sep=")), None)
    if place is None:
        raise UnreadableFile(f"{shown} is empty.", "It holds blank lines only.", "Export it again.")
    heads = [head for delimiter in DELIMITERS if (head := _cut(lines, place, delimiter))]
    if not heads:
        raise UnreadableFile(
            f"{shown} has no readable header.",
            f"A quote in line {place + 1} is never closed.",
            "Mend that line, or export it again.",
        )
    return sorted(heads, key=lambda head: -len(head.labels))


def _cut(lines: list[str], place: int, delimiter: str) -> Head | None:
    records = _records(lines, place, delimiter)
    if not records:
        return None
    labels, *rows = records
    return Head(delimiter, labels, place + 1, tuple(row for row in rows if len(row) == len(labels)))


def _records(lines: list[str], place: int, delimiter: str, wanted: int = 201) -> list[tuple[str, ...]]:
    """The first records from line ``place`` on; ends where one does not parse."""
    records: list[tuple[str, ...]] = []
    while place < len(lines) and len(records) < wanted:
        text, cells, start, span = lines[place].rstrip("\r"), list[str](), 0, 1
        try:
            while (start := parse_cells(text, delimiter, cells, start)) != OPEN and place + span < len(lines):
                text += "\n" + lines[place + span].rstrip("\r")
                span += 1
                if span > 200:
                    return records
        except Malformed:
            return records
        if start == OPEN and text:
            records.append(tuple(cells))
        place += span
    return records
