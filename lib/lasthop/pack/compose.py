"""The members of a pack, written as files into a folder, message by message: memory does not grow with their text."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from zoneinfo import ZoneInfo

from lasthop.errors import InputError, NotFound
from lasthop.explain.dossier import dossiers
from lasthop.live.memory import lists_asked
from lasthop.pack import checks, readme
from lasthop.pack.asked import MEMBER as ASKED
from lasthop.pack.asked import write_asked
from lasthop.pack.attached import has_original, learn_people, write_attached
from lasthop.pack.case import Case, Presence, presence
from lasthop.pack.gaps import assumed_clocks, gaps, stop_lists
from lasthop.pack.gathering import TABLES, Gathering
from lasthop.pack.letters import Collector, Headers, stamped_offsets
from lasthop.pack.manifest import NAME, manifest, write_manifest
from lasthop.pack.originals import MEMBERS as ORIGINAL_MEMBERS
from lasthop.pack.originals import PASTED, ReadOriginal, Told, originals, write_originals
from lasthop.pack.page import PageWriter
from lasthop.pack.rawfiles import RawFile, write_raw
from lasthop.pack.readme import Cover
from lasthop.pack.redact import Level, Redaction, Redactor, workspace_secret
from lasthop.pack.scope import MEMBERS as SCOPE_MEMBERS
from lasthop.pack.scope import write_scope
from lasthop.store import Snapshot, Source, Workspace
from lasthop.store.sources import sources

FULL = Redaction()


@dataclass(frozen=True)
class Step:
    """Where the making of a pack is: ``done`` of ``total`` messages, now doing ``stage``."""

    stage: str
    done: int
    total: int


Watch = Callable[[Step], None]


@dataclass(frozen=True)
class Wanted:
    """What to make a pack of: the case, the zone that its times are shown in, and how much leaves."""

    case: Case
    zone: str
    redaction: Redaction = FULL


@dataclass(frozen=True)
class Composed:
    """Member name -> file that holds it, how many addresses of people they name in full, of how many messages."""

    members: dict[str, Path]
    addresses: int
    messages: int


def compose(snapshot: Snapshot, workspace: Workspace, wanted: Wanted, folder: Path, watch: Watch) -> Composed:
    """Write every member of the pack into ``folder``.

    Raises InputError for a case without messages and for an unknown zone, NotFound when none of them is there.
    """
    present = _present(snapshot, wanted)
    redactor = Redactor(wanted.redaction, b"" if wanted.redaction == FULL else workspace_secret(workspace.root))
    if not redactor.full:
        learn_people(workspace, wanted.case, redactor)
    for name in ("raw", "letters", "attached"):
        (folder / name).mkdir()
    return _Composing(snapshot, workspace, wanted, present, folder, redactor).members(watch)


class _Composing:
    """One pack in the making, in the order in which its members can be known."""

    def __init__(
        self,
        snapshot: Snapshot,
        workspace: Workspace,
        wanted: Wanted,
        present: Presence,
        folder: Path,
        redactor: Redactor,
    ) -> None:
        self._snapshot, self._workspace, self._folder, self._redactor = snapshot, workspace, folder, redactor
        self._wanted, self._present = wanted, present
        self._sources = _named(workspace, redactor)
        self._lists = stop_lists(snapshot, self._sources, lists_asked(workspace))
        self._as_of_ms = snapshot.value("SELECT max(provider_last_ms) FROM messages")
        self._letters = Collector(
            redactor.case(wanted.case),
            zone=wanted.zone,
            as_of_ms=self._as_of_ms,
            lists=self._lists,
            stamped=stamped_offsets(snapshot),
        )

    def members(self, watch: Watch) -> Composed:
        with PageWriter(self._folder / "index.html", self._wanted.zone, self._sources) as page:
            gathering = self._gathered(page, watch)
        case = self._redactor.case(self._wanted.case, gathering.known)
        raw = write_raw(self._snapshot, self._workspace, gathering.cited(), self._folder, self._redactor)
        attached, left_out, told = write_attached(self._workspace, case, self._folder, self._redactor, gathering.known)
        found = self._originals([*told, *_loaded(raw), *self._pasted()], gathering)
        cover = self._cover(case, gathering, raw, left_out, found)
        names = [*self._written(cover, gathering), *TABLES, "raw/index.csv"]
        names += [*(one.name for one in raw if one.name), *attached]
        page.finish(cover, names)
        members = {name: self._folder / name for name in ("index.html", *names)}
        write_manifest(self._folder / NAME, manifest(cover, self._present, raw, members))
        return Composed({**members, NAME: self._folder / NAME}, cover.addresses, cover.messages)

    def _pasted(self) -> list[Told]:
        """The header that was pasted into the ticket, as it stood."""
        header = self._wanted.case.ticket.get("header", "")
        return [Told(PASTED, header.encode("utf-8", "surrogateescape"))] if header.strip() else []

    def _originals(self, told: Sequence[Told], gathering: Gathering) -> list[ReadOriginal]:
        """The originals; none at the level at which no header leaves."""
        if self._wanted.redaction.level is Level.METADATA:
            return []
        return originals(told, lambda text: self._redactor.text(text, gathering.known))

    def _gathered(self, page: PageWriter, watch: Watch) -> Gathering:
        """Take every message; what leaves of it goes to the tables, the page and the letters."""
        ids = self._present.messages
        zone = self._wanted.zone
        with ExitStack() as stack:
            case = self._redactor.case(self._wanted.case)
            gathering = Gathering(self._folder, stack, case, zone, self._sources, self._redactor)
            for number, known in enumerate(dossiers(self._snapshot, ids, zone), 1):
                watch(Step("messages", number - 1, len(ids)))
                safe = gathering.take(number, known)
                page.take(number, safe)
                self._letters.take(safe)
        watch(Step("evidence", len(ids), len(ids)))
        return gathering

    def _cover(
        self,
        case: Case,
        gathering: Gathering,
        raw: Sequence[RawFile],
        left_out: Sequence[str],
        read: Sequence[ReadOriginal],
    ) -> Cover:
        found = gaps(self._snapshot, self._sources, self._present, self._lists, raw)
        return Cover(
            case=case,
            redaction=self._wanted.redaction,
            messages=len(self._present.messages),
            first_ms=gathering.first_ms,
            last_ms=gathering.last_ms,
            shown=gathering.shown,
            zone=self._wanted.zone,
            as_of_ms=self._as_of_ms,
            assumed=assumed_clocks(self._snapshot),
            lists=self._lists,
            sources=self._sources,
            gaps=[*found, *left_out],
            addresses=len(gathering.addresses),
            masked=len(self._redactor.masked),
            scope=write_scope(self._folder, self._snapshot, self._present.messages, self._redactor, gathering.known),
            originals=read,
            not_made=self._letters.not_made,
        )

    def _written(self, cover: Cover, gathering: Gathering) -> Iterator[str]:
        """Write what follows from the cover; yields the names of the members."""
        write_asked(self._folder, self._sources, self._lists, gathering.listed)
        write_originals(self._folder, cover.originals, ZoneInfo(cover.zone))
        yield from (*SCOPE_MEMBERS, ASKED, *ORIGINAL_MEMBERS)
        for letter in self._letters.letters(cover.case, self._headers(cover)):
            _write(self._folder / letter.name, [letter.text])
            yield letter.name
        _write(self._folder / "checks.md", [checks.page(cover)])
        with (self._folder / "sections").open(encoding="utf-8", newline="\n") as sections:
            _write(self._folder / "README.md", chain([readme.head(cover)], sections, [readme.tail(cover)]))
        yield from ("README.md", "checks.md")

    def _headers(self, cover: Cover) -> Headers:
        """Where the letters find the header that Kuroco asks for; one that does not leave is still there."""
        files = [one for one in cover.originals if one.file != PASTED]
        there = self._snapshot, self._workspace, self._wanted.case, self._present.messages
        return Headers(
            received=[one.file for one in files if not one.returned],
            returned=[one.file for one in files if one.returned],
            kept_back=not files and has_original(*there),
        )


def _loaded(raw: Iterable[RawFile]) -> Iterator[Told]:
    """The originals that were loaded as sources, by the file that has their lines."""
    return (Told(one.name, mail.header, mail.before, mail.returned) for one in raw if one.name for mail in one.mails)


def _write(path: Path, parts: Iterable[str]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as out:
        out.writelines(parts)


def _present(snapshot: Snapshot, wanted: Wanted) -> Presence:
    """The messages of the case that are there; what cannot become a pack is refused."""
    try:
        ZoneInfo(wanted.zone)
    except (KeyError, ValueError, OSError) as error:
        raise InputError(
            f"{wanted.zone!r} is not a time zone.", hint="Use a name such as Asia/Tokyo or UTC."
        ) from error
    if not wanted.case.messages:
        raise InputError("The case has no messages.", hint="Add at least one message to the case, then make the pack.")
    present = presence(snapshot, wanted.case.messages)
    if not present.messages:
        raise NotFound(
            "None of the messages of the case is in this workspace.",
            ", ".join(present.absent[:5]),
            "They may have been removed with their source, or the case is of another workspace.",
        )
    return present


def _named(workspace: Workspace, redactor: Redactor) -> list[Source]:
    """The sources in the order of their names, which may hold an address too."""
    loaded = sorted(sources(workspace), key=lambda source: (source.file, source.sha256))
    return [replace(source, file=redactor.text(source.file)) for source in loaded]
