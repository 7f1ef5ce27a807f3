"""The members of a pack, written as files into a folder, message by message: memory does not grow with their text."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from lasthop.errors import InputError, NotFound
from lasthop.explain import Dossier
from lasthop.explain.dossier import dossiers
from lasthop.pack import identifiers, readme, rows
from lasthop.pack.addresses import addresses_of, addresses_of_ticket
from lasthop.pack.case import Case, presence
from lasthop.pack.csv import CsvWriter
from lasthop.pack.gaps import assumed_clocks, gaps, stop_lists
from lasthop.pack.manifest import NAME, manifest, manifest_bytes
from lasthop.pack.rawfiles import Citation, write_raw
from lasthop.pack.scope import COLUMNS, Scope, scope
from lasthop.store import Snapshot, Source, Workspace
from lasthop.store.sources import sources
from lasthop.trace import Event, messages_of


@dataclass(frozen=True)
class Step:
    """Where the making of a pack is: ``done`` of ``total`` messages, now doing ``stage``."""

    stage: str
    done: int
    total: int


Watch = Callable[[Step], None]
_TABLES = {
    "messages.csv": rows.MESSAGES,
    "timeline.csv": rows.TIMELINE,
    "identifiers.csv": identifiers.COLUMNS,
    "stop-lists.csv": rows.STOP_LISTS,
}


@dataclass(frozen=True)
class Composed:
    """Member name -> file that holds it, and how many addresses of senders and recipients they name."""

    members: dict[str, Path]
    addresses: int


class _Gathering:
    """Takes the dossiers one by one: their rows go to the tables, what they cite is kept for ``raw/``."""

    def __init__(self, folder: Path, stack: ExitStack, case: Case, zone: str, loaded: Sequence[Source]) -> None:
        self.case, self.zone, self.clock = case, zone, ZoneInfo(zone)
        self.sources = {source.sha256: source for source in loaded}
        self.addresses = addresses_of_ticket(case.ticket)
        self._cited: dict[str, list[Citation]] = {}
        self._told: set[str | None] = set()
        self._tables: dict[str, CsvWriter] = {}
        for name, columns in _TABLES.items():
            self._tables[name] = CsvWriter(stack.enter_context((folder / name).open("wb")), columns)
            stack.callback(self._tables[name].close)
        self.sections = stack.enter_context((folder / "sections").open("w", encoding="utf-8", newline="\n"))

    def take(self, number: int, known: Dossier) -> None:
        message = known.message.message
        self._tables["messages.csv"].add([rows.message_row(known, self.case.ticket, self.clock)])
        self._tables["timeline.csv"].add(rows.timeline_rows(known, self.sources, self.clock))
        self._tables["identifiers.csv"].add(identifiers.identifier_rows(known))
        self._cite(message, known.timeline)
        self.addresses |= addresses_of(known)
        if known.message.recipient not in self._told:
            self._told.add(known.message.recipient)
            self._tables["stop-lists.csv"].add(rows.stop_list_rows(known, self.sources, self.clock))
            self._cite("", known.stop_lists)
        if number <= readme.IN_FULL:
            self.sections.write(readme.section(number, known, self.sources, self.zone))

    def _cite(self, message: str, events: Sequence[Event]) -> None:
        for event in events:
            citation = Citation(message, event["event_id"], event["source_line"], event["recipient"])
            self._cited.setdefault(event["source_id"], []).append(citation)

    def cited(self) -> list[tuple[Source, list[Citation]]]:
        """Each source that is cited with its citations, in the order of file name and hash."""
        chosen = [self.sources[each] for each in self._cited if each in self.sources]
        return [(one, self._cited[one.sha256]) for one in sorted(chosen, key=lambda s: (s.file, s.sha256))]


def compose(snapshot: Snapshot, workspace: Workspace, case: Case, zone: str, folder: Path, watch: Watch) -> Composed:
    """Write every member of the pack of ``case`` into ``folder``.

    Raises InputError for a case without messages and for an unknown zone, NotFound when none of them is there.
    """
    _check_zone(zone)
    if not case.messages:
        raise InputError("The case has no messages.", hint="Add at least one message to the case, then make the pack.")
    present = presence(snapshot, case.messages)
    if not present.messages:
        raise NotFound(
            "None of the messages of the case is in this workspace.",
            ", ".join(present.absent[:5]),
            "They may have been removed with their source, or the case is of another workspace.",
        )
    (folder / "raw").mkdir()
    loaded = sorted(sources(workspace), key=lambda source: (source.file, source.sha256))
    with ExitStack() as stack:
        gathering = _Gathering(folder, stack, case, zone, loaded)
        for number, known in enumerate(dossiers(snapshot, present.messages, zone), 1):
            watch(Step("messages", number - 1, len(present.messages)))
            gathering.take(number, known)
    watch(Step("evidence", len(present.messages), len(present.messages)))
    wide = scope(snapshot, present.messages)
    _write_scope(folder, wide)
    raw = write_raw(snapshot, workspace, gathering.cited(), folder)
    lists = stop_lists(snapshot, loaded)
    cover = readme.Cover(
        case=case,
        messages=messages_of(snapshot, list(present.messages)),
        zone=zone,
        as_of_ms=snapshot.value("SELECT max(provider_last_ms) FROM messages"),
        assumed=assumed_clocks(snapshot),
        lists=lists,
        sources=loaded,
        gaps=gaps(snapshot, loaded, present, lists, raw),
        addresses=len(gathering.addresses),
        scope=wide,
    )
    _write_readme(folder, cover)
    names = ["README.md", *_TABLES, "scope.csv", "raw/index.csv", *(one.name for one in raw)]
    members = {name: folder / name for name in names}
    (folder / NAME).write_bytes(manifest_bytes(manifest(cover, present, raw, members)))
    return Composed({**members, NAME: folder / NAME}, cover.addresses)


def _write_scope(folder: Path, wide: Scope | None) -> None:
    with (folder / "scope.csv").open("wb") as out:
        table = CsvWriter(out, COLUMNS)
        table.add(() if wide is None else wide.cohorts.itertuples(index=False, name=None))
        table.close()


def _write_readme(folder: Path, cover: readme.Cover) -> None:
    with (
        (folder / "README.md").open("w", encoding="utf-8", newline="\n") as page,
        (folder / "sections").open(encoding="utf-8", newline="\n") as sections,
    ):
        page.write(readme.head(cover))
        for line in sections:
            page.write(line)
        page.write(readme.tail(cover))


def _check_zone(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError) as error:
        raise InputError(f"{zone!r} is not a time zone.", hint="Use a name such as Asia/Tokyo or UTC.") from error
