"""What a pack cites, in the order of sources and lines: kept in sorted files, so that a large case fits into memory."""

import heapq
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

HELD = 20_000
"""So many citations are held before they are sorted and written."""
FILES = 64
"""So many sorted files are open at once; before there are more, they are merged into one."""


@dataclass(frozen=True, slots=True)
class Citation:
    """An event that the pack cites: of which message, where it stands in its source, and whom it names.

    ``message`` is empty for stop lists; ``known``: the addresses and names to mask in its line.
    """

    source_id: str
    line: int
    event_id: str
    message: str
    recipient: str | None
    known: frozenset[str] = frozenset()

    @property
    def place(self) -> tuple[str, int, str, str]:
        """Where it stands among all citations."""
        return self.source_id, self.line, self.event_id, self.message


@dataclass(frozen=True)
class _Run:
    """A file of sorted citations; ``begins``: source -> where its citations begin, in bytes."""

    file: Path
    begins: dict[str, int]


class Citations:
    """Takes citations in any order and gives those of a source by line, event and message, as often as asked."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: list[Citation] = []
        self._runs: list[_Run] = []
        self._written = 0

    def add(self, citation: Citation) -> None:
        """Keep one; of each event and message there is to be one."""
        self._held.append(citation)
        if len(self._held) >= HELD:
            self._spill()

    def sources(self) -> set[str]:
        """The SHA-256 of every source that is cited."""
        return {one.source_id for one in self._held} | {source for run in self._runs for source in run.begins}

    def of(self, source_id: str) -> Iterator[Citation]:
        """The citations of one source in order; none may be added before the last is taken."""
        if self._held:
            self._spill()
        runs = [_read(run, source_id) for run in self._runs if source_id in run.begins]
        return heapq.merge(*runs, key=lambda one: one.place)

    def lines_of(self, source_id: str) -> Iterator[tuple[int, list[Citation]]]:
        """Each line of a source that is cited, in order, with its citations."""
        return ((line, list(some)) for line, some in groupby(self.of(source_id), key=lambda one: one.line))

    def events_of(self, source_id: str) -> Iterator[tuple[str, list[Citation]]]:
        """Each event of a source that is cited, by line and event, with its citations."""
        by_event = groupby(self.of(source_id), key=lambda one: (one.line, one.event_id))
        return ((event_id, list(some)) for (_, event_id), some in by_event)

    def _spill(self) -> None:
        if len(self._runs) >= FILES:
            merged = heapq.merge(*map(_read, self._runs), key=lambda one: one.place)
            old, self._runs = self._runs, [self._write(merged)]
            for run in old:
                run.file.unlink()
        self._runs.append(self._write(iter(sorted(self._held, key=lambda one: one.place))))
        self._held.clear()

    def _write(self, citations: Iterator[Citation]) -> _Run:
        self._written += 1
        run = _Run(self._folder / f"citations-{self._written}", {})
        with run.file.open("wb") as out:
            for one in citations:
                run.begins.setdefault(one.source_id, out.tell())
                told = (*one.place, one.recipient, sorted(one.known))
                out.write(json.dumps(told).encode() + b"\n")
        return run


def _read(run: _Run, source_id: str | None = None) -> Iterator[Citation]:
    """The citations of a run, or those of one source."""
    with run.file.open("rb") as stream:
        stream.seek(0 if source_id is None else run.begins[source_id])
        for line in stream:
            source, number, event_id, message, recipient, known = json.loads(line)
            if source_id not in (None, source):
                return
            yield Citation(source, number, event_id, message, recipient, frozenset(known))
