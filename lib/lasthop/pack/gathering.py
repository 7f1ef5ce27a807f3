"""Takes the dossiers of a case one by one: their rows go to the tables, what they cite is kept for ``raw/``."""

from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from zoneinfo import ZoneInfo

from lasthop.explain import Dossier
from lasthop.pack import identifiers, readme, rows
from lasthop.pack.addresses import addresses_of, addresses_of_ticket
from lasthop.pack.case import Case
from lasthop.pack.citations import Citation, Citations
from lasthop.pack.csv import CsvWriter
from lasthop.pack.redact import Redactor, known_of
from lasthop.store import Source
from lasthop.trace import Event, Message

TABLES = {
    "messages.csv": rows.MESSAGES,
    "timeline.csv": rows.TIMELINE,
    "identifiers.csv": identifiers.COLUMNS,
    "stop-lists.csv": rows.STOP_LISTS,
}
KNOWN = 2_000
"""So many addresses are looked for by their local part alone in what is not of one message: notes, attached files."""


class Gathering:
    """What a pack says of its messages; what leaves is what ``redactor`` lets through.

    ``shown``: the messages that are told one by one. ``listed``: stop list -> its entries for the recipients.
    ``known``: addresses and names to look for in texts that belong to no single message.
    """

    def __init__(
        self, folder: Path, stack: ExitStack, case: Case, zone: str, loaded: Sequence[Source], redactor: Redactor
    ) -> None:
        self._case, self._zone, self._clock, self._redactor = case, zone, ZoneInfo(zone), redactor
        self._sources = {source.sha256: source for source in loaded}
        self.addresses = addresses_of_ticket(case.ticket) if redactor.full else set[str]()
        self.known = frozenset[str]()
        self.shown: list[Message] = []
        self.first_ms, self.last_ms = 0, 0
        self.listed = Counter[str]()
        self._cited = Citations(folder)
        self._told: set[str | None] = set()
        self._tables: dict[str, CsvWriter] = {}
        for name, columns in TABLES.items():
            self._tables[name] = CsvWriter(stack.enter_context((folder / name).open("wb")), columns)
            stack.callback(self._tables[name].close)
        self._sections = stack.enter_context((folder / "sections").open("w", encoding="utf-8", newline="\n"))

    def take(self, number: int, found: Dossier) -> Dossier:
        """Add the ``number``-th message, from 1; returns what of its dossier leaves."""
        known, safe = self._safe(found)
        message = safe.message
        self.first_ms = min(self.first_ms or message.first_ms, message.first_ms)
        self.last_ms = max(self.last_ms, message.last_ms)
        self._tables["messages.csv"].add([rows.message_row(safe, self._case.ticket, self._clock)])
        self._tables["timeline.csv"].add(rows.timeline_rows(safe, self._sources, self._clock))
        self._tables["identifiers.csv"].add(identifiers.identifier_rows(safe, self._case.ticket))
        self._cite(message.message, found.timeline, known)
        if found.message.recipient not in self._told:
            self._told.add(found.message.recipient)
            self._tables["stop-lists.csv"].add(rows.stop_list_rows(safe, self._sources, self._clock))
            self._cite("", found.stop_lists, known)
            self.listed.update(str(event["stop_list"]) for event in found.stop_lists)
        if number <= readme.IN_FULL:
            self.shown.append(message)
            self._sections.write(readme.section(number, safe, self._sources, self._zone))
        return safe

    def _safe(self, found: Dossier) -> tuple[frozenset[str], Dossier]:
        if self._redactor.full:
            self.addresses |= addresses_of(found)
            return frozenset(), found
        known = known_of(found)
        if len(self.known) < KNOWN:
            self.known |= known
        return known, self._redactor.dossier(found)

    def _cite(self, message: str, events: Sequence[Event], known: frozenset[str]) -> None:
        for event in events:
            place = (event["source_id"], event["source_line"], event["event_id"])
            self._cited.add(Citation(*place, message, event["recipient"], known))

    def cited(self) -> tuple[list[Source], Citations]:
        """The sources that are cited, in the order of file name and hash, and what is cited of them."""
        chosen = [self._sources[each] for each in self._cited.sources() if each in self._sources]
        return sorted(chosen, key=lambda source: (source.file, source.sha256)), self._cited
