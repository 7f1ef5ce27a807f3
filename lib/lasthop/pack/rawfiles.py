"""The folder ``raw/`` of a pack: for every source that is cited, its lines as they stood, and an index."""

import json
import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from lasthop.model.columns import READ_COLUMNS
from lasthop.pack.citations import Citation, Citations
from lasthop.pack.csv import CsvWriter
from lasthop.pack.excerpt import NoExcerpt, Wanted, write_excerpt
from lasthop.pack.mail_header import READ, Mail, write_headers
from lasthop.pack.redact import Level, Redactor
from lasthop.read import FORMATS
from lasthop.store import Snapshot, Source, Workspace

VALUES_AT_ONCE = 5_000
"""So many events are read at once where values stand for lines."""
INDEX = (
    "message", "event_id", "raw_file", "raw_line", "form", "source_file", "source_line", "source_sha256",
)  # fmt: skip
"""``form``: lines (the bytes of the source) or values (what was read, as JSON). ``message`` is empty for stop lists."""


@dataclass(frozen=True)
class RawFile:
    """One file of ``raw/``. ``why`` says why it holds values and not lines, None when it holds lines.

    ``name`` is None where the level lets no line leave. ``mails``: the headers in it, where the source is of mails.
    """

    name: str | None
    source: Source
    why: str | None
    mails: tuple[Mail, ...] = ()


def safe_name(text: str) -> str:
    """A file name that is one everywhere: the last part of a path, ASCII letters, digits, ``.``, ``_`` and ``-``."""
    last = re.split(r"[/\\]", text)[-1]
    plain = re.sub(r"[^A-Za-z0-9._-]+", "_", last)
    return re.sub(r"\.{2,}", ".", plain).strip("._-")[:60].rstrip("._-") or "source"


def write_raw(
    snapshot: Snapshot,
    workspace: Workspace,
    cited: tuple[Sequence[Source], Citations],
    folder: Path,
    redactor: Redactor,
) -> list[RawFile]:
    """Write the files of ``raw/`` and their index into ``folder``, one for each source in the order given."""
    sources, citations = cited
    raw = _Raw(snapshot, workspace, citations, folder, redactor)
    files = list[RawFile]()
    with (folder / "raw" / "index.csv").open("wb") as out:
        index = CsvWriter(out, INDEX)
        for place, source in enumerate(sources, 1):
            file, places = raw.write(source, f"raw/{place:03d}-{safe_name(source.file)}.txt")
            index.add(_index(file, citations, places))
            kept = sum(len(each.mails) for each in files)  # a case may have a hundred thousand
            files.append(replace(file, mails=file.mails[: max(0, READ + 1 - kept)]) if file.mails else file)
        index.close()
    return files


def _index(file: RawFile, citations: Citations, places: "array[int]") -> Iterator[tuple[object, ...]]:
    """The rows of `INDEX` for one file; ``places``: the line of each line that is cited, or of each event."""
    form = None if file.name is None else "values" if file.why else "lines"
    before, number = None, -1
    for one in citations.of(file.source.sha256):
        here = (one.line, one.event_id if file.why else "")
        number += here != before
        before = here
        line = places[number] if file.name else None
        source = file.source
        yield one.message, one.event_id, file.name, line, form, source.file, one.line, source.sha256


@dataclass(frozen=True)
class _Raw:
    snapshot: Snapshot
    workspace: Workspace
    citations: Citations
    folder: Path
    redactor: Redactor

    def write(self, source: Source, name: str) -> "tuple[RawFile, array[int]]":
        """Write one file; returns it, and the line of it that each line that is cited has, or each event."""
        if self.redactor.redaction.level is Level.METADATA:
            return RawFile(None, source, None), array("q")
        mails = list[Mail]()
        args = self.workspace, source, self._wanted(source)
        try:
            with (self.folder / name).open("wb") as out:
                if source.format in FORMATS and FORMATS[source.format].mail:
                    placed, mails = write_headers(*args, out, self.redactor)
                else:
                    placed = write_excerpt(*args, out, self.redactor)
        except NoExcerpt as reason:
            return RawFile(name, source, str(reason)), self._values(source, str(reason), self.folder / name)
        return RawFile(name, source, None, tuple(mails)), placed

    def _wanted(self, source: Source) -> Iterator[Wanted]:
        for line, some in self.citations.lines_of(source.sha256):
            yield Wanted(line, frozenset(one.recipient for one in some if one.recipient), _known(some))

    def _values(self, source: Source, why: str, path: Path) -> "array[int]":
        """Write what was read instead of what stood there, one JSON object a line; returns the line of each event."""
        said = f"values as they were read, not the lines: {why}"
        placed = array("q")
        with path.open("wb") as out:
            out.write(_json({"lasthop": said, "file": source.file, "header": source.header}))
            events = self.citations.events_of(source.sha256)
            while some := dict(islice(events, VALUES_AT_ONCE)):
                rows = {row["event_id"]: row for row in self._read(source, list(some))}
                for event_id, cited in some.items():
                    out.write(self.redactor.record(_json(_values(rows[event_id])), _known(cited)))
                    placed.append(len(placed) + 2)
        return placed

    def _read(self, source: Source, events: list[str]) -> list[dict[str, Any]]:
        return self.snapshot.rows(
            f"SELECT event_id, {', '.join(READ_COLUMNS)} FROM events WHERE source_id = ? "
            "AND event_id IN (SELECT unnest(?))",
            [source.sha256, events],
        )


def _known(citations: Sequence[Citation]) -> frozenset[str]:
    return frozenset().union(*(one.known for one in citations))


def _json(record: dict[str, Any]) -> bytes:
    return (json.dumps(record, ensure_ascii=False) + "\n").encode("utf-8", "replace")


def _values(row: dict[str, Any]) -> dict[str, Any]:
    told = {name: value for name, value in row.items() if value is not None}
    return {**told, "extra": json.loads(told["extra"])} if "extra" in told else told
