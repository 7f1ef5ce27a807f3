"""The folder ``raw/`` of a pack: for every source that is cited, its lines as they stood, and an index."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lasthop.model.columns import READ_COLUMNS
from lasthop.pack.csv import CsvWriter
from lasthop.pack.excerpt import NoExcerpt, write_excerpt
from lasthop.store import Snapshot, Source, Workspace

INDEX = (
    "message", "event_id", "raw_file", "raw_line", "form", "source_file", "source_line", "source_sha256",
)  # fmt: skip
"""``form``: lines (the bytes of the source) or values (what was read, as JSON). ``message`` is empty for stop lists."""


@dataclass(frozen=True, slots=True)
class Citation:
    """An event that the pack cites: of which message, where it stands in its source, and whom it names."""

    message: str
    event_id: str
    line: int
    recipient: str | None


@dataclass(frozen=True)
class RawFile:
    """One file of ``raw/``. ``why`` says why it holds values and not lines, None when it holds lines.

    ``places``: event id -> line of the file.
    """

    name: str
    source: Source
    why: str | None
    places: Mapping[str, int] = field(repr=False)


def safe_name(text: str) -> str:
    """A file name that is one everywhere: the last part of a path, ASCII letters, digits, ``.``, ``_`` and ``-``."""
    last = re.split(r"[/\\]", text)[-1]
    plain = re.sub(r"[^A-Za-z0-9._-]+", "_", last)
    return re.sub(r"\.{2,}", ".", plain).strip("._-")[:60].rstrip("._-") or "source"


def write_raw(
    snapshot: Snapshot, workspace: Workspace, cited: Sequence[tuple[Source, Sequence[Citation]]], folder: Path
) -> list[RawFile]:
    """Write the files of ``raw/`` and their index into ``folder``, one for each source in the order given."""
    files = [
        _write_one(snapshot, workspace, source, citations, folder, f"raw/{place:03d}-{safe_name(source.file)}.txt")
        for place, (source, citations) in enumerate(cited, 1)
    ]
    with (folder / "raw" / "index.csv").open("wb") as out:
        index = CsvWriter(out, INDEX)
        for file, (source, citations) in zip(files, cited, strict=True):
            form = "values" if file.why else "lines"
            index.add(
                (c.message, c.event_id, file.name, file.places[c.event_id], form, source.file, c.line, source.sha256)
                for c in sorted(citations, key=lambda c: (c.line, c.event_id, c.message))
            )
        index.close()
    return files


def _write_one(
    snapshot: Snapshot,
    workspace: Workspace,
    source: Source,
    citations: Sequence[Citation],
    folder: Path,
    name: str,
) -> RawFile:
    wanted: dict[int, set[str]] = {}
    for citation in citations:
        wanted.setdefault(citation.line, set()).update(filter(None, [citation.recipient]))
    try:
        with (folder / name).open("wb") as out:
            placed = write_excerpt(workspace, source, wanted, out)
    except NoExcerpt as reason:
        ids = sorted({citation.event_id for citation in citations})
        return RawFile(name, source, str(reason), _write_values(snapshot, source, ids, str(reason), folder / name))
    return RawFile(name, source, None, {c.event_id: placed[c.line] for c in citations})


def _write_values(snapshot: Snapshot, source: Source, ids: list[str], why: str, path: Path) -> dict[str, int]:
    """Write what was read instead of what stood there, one JSON object a line; returns event id -> line."""
    rows = snapshot.rows(
        f"SELECT event_id, {', '.join(READ_COLUMNS)} FROM events WHERE source_id = ? "
        "AND event_id IN (SELECT unnest(?)) ORDER BY source_line, event_id",
        [source.sha256, ids],
    )
    head = {"lasthop": f"values as they were read, not the lines: {why}", "file": source.file, "header": source.header}
    with path.open("w", encoding="utf-8", newline="\n") as out:
        for record in (head, *(_values(row) for row in rows)):
            out.write(json.dumps(record, ensure_ascii=False).encode("utf-8", "replace").decode() + "\n")
    return {row["event_id"]: place for place, row in enumerate(rows, 2)}


def _values(row: dict[str, Any]) -> dict[str, Any]:
    told = {name: value for name, value in row.items() if value is not None}
    return {**told, "extra": json.loads(told["extra"])} if "extra" in told else told
