"""Files into a workspace: look at each, settle what must be asked, import, bring the messages up to date."""

import time
import zoneinfo
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from lasthop.errors import InputError, UnreadableFile
from lasthop.read import FORMATS, Broken, Member, Reading, Sniffed, sniff, unpack
from lasthop.store import Source, Workspace, import_member, tidy
from lasthop.trace.table import messages_table, refresh

SUGGESTED_ZONE = "Asia/Tokyo"
"""Kuroco does not document the zone of its logs; most of its sites are Japanese."""


@dataclass(frozen=True)
class Offer:
    """One file before it is loaded: what it is (``sniffed``), or why it cannot be read (``error``)."""

    name: str
    member: Member | None
    sniffed: Sniffed | None
    error: UnreadableFile | None

    @property
    def asks_format(self) -> bool:
        """Whether a person must say which of several formats it is."""
        return self.sniffed is not None and self.sniffed.format is None

    @property
    def asks_zone(self) -> bool:
        """Whether a person should confirm the time zone of its clock."""
        return self.sniffed is not None and self.sniffed.asks_zone


@dataclass(frozen=True)
class Failed:
    """A file of which nothing was loaded, and why."""

    file: str
    error: InputError


@dataclass(frozen=True)
class LoadReport:
    """What a load did: ``messages`` is the number in the workspace afterwards, ``seconds`` the wall time."""

    sources: list[Source]
    failed: list[Failed]
    messages: int
    seconds: float


@dataclass(frozen=True)
class Step:
    """Where a load is: ``done`` of ``total`` files, now doing ``stage`` with ``file``."""

    file: str
    stage: str
    done: int
    total: int


def inspect(
    path: Path,
    scratch: Path,
    name: str | None = None,
    format: str | None = None,
    mapping: Mapping[str, str] | None = None,
) -> list[Offer]:
    """What lies in a file: one offer, or one for each member of a container. Never raises for bad content.

    A folder stands for the saved mails (``.eml``) that lie in it.
    """
    shown = name or path.name
    if path.is_dir() and (mails := sorted(path.glob("*.eml"))):
        return [offer for mail in mails for offer in inspect(mail, scratch, None, format, mapping)]
    try:
        if not path.is_file():
            raise UnreadableFile(
                f"{shown} is no file that can be read.", hint="Name files: no folder, pipe or dead link."
            )
        return [
            Offer(member.name, None, None, member.error)
            if isinstance(member, Broken)
            else _offer(member, format, mapping)
            for member in unpack(path, scratch, name)
        ]
    except UnreadableFile as error:
        return [Offer(shown, None, None, error)]
    except OSError as error:
        return [Offer(shown, None, None, UnreadableFile(f"{shown} cannot be opened.", str(error.strerror)))]


def _offer(member: Member, format: str | None, mapping: Mapping[str, str] | None) -> Offer:
    try:
        return Offer(member.name, member, sniff(member, format, mapping), None)
    except UnreadableFile as error:
        return Offer(member.name, member, None, error)


def settle(offer: Offer, format: str | None = None, timezone: str | None = None) -> Reading:
    """How the offer is to be read. Raises its error, or InputError when the format is still open."""
    if offer.error:
        raise offer.error
    if offer.sniffed is None:
        raise UnreadableFile(f"{offer.name} was not looked at.")
    sniffed = offer.sniffed
    chosen = sniffed.format or format
    if chosen is None:
        raise InputError(
            f"{offer.name} could be {' or '.join(sniffed.candidates)}: they have the same header.",
            hint="Load it alone with --format NAME.",
        )
    zone = (timezone or SUGGESTED_ZONE) if FORMATS[chosen].asks_zone else "UTC"
    if zone not in zoneinfo.available_timezones():
        raise InputError(f"{zone!r} is not a time zone.", hint="Use a name such as Asia/Tokyo or UTC.")
    return Reading(
        chosen, sniffed.encoding, sniffed.delimiter, sniffed.header, sniffed.header_line, sniffed.mapping, zone
    )


def load(
    workspace: Workspace,
    offers: Iterable[tuple[Offer, Reading | InputError]],
    watch: Callable[[Step], None] = lambda _: None,
    *,
    zone_assumed: bool = True,
    now_ms: int | None = None,
) -> LoadReport:
    """Import each settled offer; a file that fails leaves the others and the workspace untouched."""
    began = time.monotonic()
    clock = now_ms if now_ms is not None else int(time.time() * 1000)
    todo = list(offers)
    done: list[Source] = []
    failed: list[Failed] = []
    with workspace.lock():
        for place, (offer, reading) in enumerate(todo):
            try:
                if isinstance(reading, InputError):
                    raise reading
                if offer.member is None:
                    raise UnreadableFile(f"{offer.name} was not unpacked.")
                done.append(
                    import_member(
                        workspace,
                        offer.member,
                        reading,
                        clock,
                        zone_assumed=zone_assumed and FORMATS[reading.format].asks_zone,
                        say=lambda stage, p=place, n=offer.name: watch(Step(n, stage, p, len(todo))),  # type: ignore[misc]
                    )
                )
            except InputError as error:
                failed.append(Failed(offer.name, error))
        watch(Step("", "tracing", len(todo), len(todo)))
        refresh(workspace)
        tidy(workspace, workspace.events, messages_table(workspace))
    return LoadReport(done, failed, count_messages(workspace), time.monotonic() - began)


def count_messages(workspace: Workspace) -> int:
    """How many messages the workspace holds."""
    table = messages_table(workspace)
    with workspace.cursor() as con:
        row = con.execute(f"SELECT count(*) FROM {table.relation(table.open())}").fetchone()
    return int(row[0]) if row else 0


def load_files(
    workspace: Workspace,
    paths: Iterable[Path],
    scratch: Path,
    *,
    format: str | None = None,
    timezone: str | None = None,
    mapping: Mapping[str, str] | None = None,
    watch: Callable[[Step], None] = lambda _: None,
) -> LoadReport:
    """Look at files and load them with one answer for all, as the command line and notebooks do."""
    settled: list[tuple[Offer, Reading | InputError]] = []
    for path in paths:
        for offer in inspect(path, scratch, None, format, mapping):
            try:
                settled.append((offer, settle(offer, format, timezone)))
            except InputError as error:
                settled.append((offer, error))
    return load(workspace, settled, watch, zone_assumed=timezone is None)
