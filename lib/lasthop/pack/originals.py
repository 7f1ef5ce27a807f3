"""The way and the checks of each original message in a case: hops.csv and authentication.csv.

They are read from the header as it stood, and masked when they are told: whether two domains are the same cannot be
seen any more in a header whose domains are masked.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from lasthop.explain.original import Said, authentication_said, sender_said, trail_said, verdicts_said
from lasthop.explain.original.delay import after
from lasthop.explain.original.route import route_said, way_said
from lasthop.explain.original.said import Citation, quoted
from lasthop.original import read_original
from lasthop.original.evidence import Evidence, read_evidence
from lasthop.original.reading import Original
from lasthop.original.route import Leg, Route, read_route
from lasthop.pack.csv import CsvWriter
from lasthop.pack.mail_header import READ
from lasthop.pack.returned import is_bounce_mail, returned_header

HOPS = (
    "file", "hop", "line", "from", "helo", "ptr", "ip", "by", "with", "tls", "id", "for", "via", "local_step", "utc",
    "local", "zone_written", "delay_s", "delay_low_s", "delay_high_s", "defects",
)  # fmt: skip
CHECKS = (
    "file", "line", "header", "said_by", "standing", "method", "result", "domain", "aligned", "properties", "comments",
)  # fmt: skip
MEMBERS = {"hops.csv": HOPS, "authentication.csv": CHECKS}
PASTED = "the header of the ticket"
_LONGEST = 1_000
"""Of one value in a cell; the attached file has the whole."""
_MOST = 100
"""So many hops of one original are told: RFC 5321 §6.3 takes a hundred for a loop."""
_SENTENCES = 40
Fields = tuple[tuple[str, str], ...]
"""Names and values of a header, folds undone."""


@dataclass(frozen=True)
class Step:
    """One hop in words. ``time_ms``: epoch ms UTC, None where no stamp stands; ``share``: 0 to 1 of the whole way."""

    by: str
    from_: str
    time_ms: int | None
    after: str
    share: float | None
    line: int


@dataclass(frozen=True)
class Told:
    """What tells of an original: the member that holds it, or `PASTED`, and its bytes as they stood, unmasked.

    ``before``: the lines of the member that stand before it. ``returned``: a bounce mail brought it back.
    """

    file: str
    content: bytes
    before: int = 0
    returned: bool = False


@dataclass(frozen=True)
class ReadOriginal:
    """One original of a case; every text that it gives has gone through ``mask``, every line is one of the member.

    ``also``: where else the same header stands. ``returned``: a bounce mail brought it back.
    """

    file: str
    evidence: Evidence
    route: Route
    mask: Callable[[str], str] = str
    before: int = 0
    returned: bool = False
    also: tuple[str, ...] = ()

    @property
    def legs(self) -> tuple[Leg, ...]:
        """The first `_MOST` hops, the oldest first: the way as it was gone."""
        return self.route.legs[::-1][:_MOST]

    @property
    def way(self) -> str:
        """How many servers it passed and how long that took."""
        way = self.mask(way_said(self.evidence.original, self.route).text)
        return f"{way} Of these hops the oldest {_MOST} are told." if len(self.route.legs) > _MOST else way

    @property
    def about(self) -> str:
        """Where it comes from where its file does not tell, where else it stands, and its way."""
        returned = ("A bounce mail brought this header back.",) if self.returned else ()
        also = (f"The same header stands in {', '.join(map(self.mask, self.also))}.",) if self.also else ()
        return " ".join([*returned, *also, self.way])

    @property
    def rows(self) -> list[Step]:
        """The hops as a page tells them."""
        return [self._step(leg) for leg in self.legs]

    def _step(self, leg: Leg) -> Step:
        hop = leg.hop
        return Step(
            by=self.value(hop.by or hop.local) or "(not told)",
            from_=self.value(hop.peer.ptr or hop.from_) or "",
            time_ms=int(hop.stamp.time.timestamp() * 1000) if hop.stamp else None,
            after=after(leg),
            share=leg.share,
            line=hop.line + self.before,
        )

    @property
    def sentences(self) -> tuple[Said, ...]:
        """The first of `said`."""
        return self.said[:_SENTENCES]

    @property
    def more(self) -> int:
        """How many of `said` are left out of `sentences`."""
        return max(0, len(self.said) - _SENTENCES)

    @cached_property
    def said(self) -> tuple[Said, ...]:
        """What it says of its way, who sent it, the checks, forwarding and filters, each with its header lines."""
        _, *way = route_said(self.evidence.original, self.route)
        others = (sender_said, authentication_said, trail_said, verdicts_said)
        said = (*way, *(one for told in others for one in told(self.evidence)))
        return tuple(replace(one, text=self.mask(one.text), cites=tuple(map(self._cited, one.cites))) for one in said)

    def _cited(self, one: Citation) -> Citation:
        return Citation(self.mask(one.name), one.line + self.before)

    def value(self, text: str | None) -> str | None:
        """A value of the header on one line."""
        return None if text is None else quoted(self.mask(text), _LONGEST)


def originals(told: Iterable[Told], mask: Callable[[str], str] = str) -> list[ReadOriginal]:
    """The first `READ` of ``told`` that are originals and no logs; one that is told again only adds where it stands."""
    found: dict[Fields, ReadOriginal] = {}
    for one in map(_unpacked, told):
        original = read_original(one.content)
        same = tuple((field.name.lower(), " ".join(field.value.split())) for field in original.header.fields)
        if known := found.get(same):
            found[same] = replace(known, also=tuple(dict.fromkeys((*known.also, one.file))))
        elif is_mail(original) and not is_bounce_mail(one.content) and len(found) < READ:
            evidence, route = read_evidence(original), read_route(original)
            found[same] = ReadOriginal(one.file, evidence, route, mask, one.before, one.returned)
    return list(found.values())


def _unpacked(one: Told) -> Told:
    """Of a bounce mail the header that it brings back."""
    block = None if one.returned else returned_header(one.content)
    return Told(one.file, block.lines, one.before + block.before, returned=True) if block else one


def is_mail(original: Original) -> bool:
    """Whether it is a message, or the header of one, and no log: a hop, or a sender with a date or an id."""
    header = original.header
    named = header.first("from") and (header.first("date") or header.first("message-id"))
    return bool(original.hops or named)


def write_originals(folder: Path, found: Iterable[ReadOriginal], zone: ZoneInfo) -> None:
    """Write `MEMBERS` into ``folder``; without an original they have no rows."""
    found = list(found)
    rows = {"hops.csv": _hops(found, zone), "authentication.csv": _checks(found)}
    for name, columns in MEMBERS.items():
        with (folder / name).open("wb") as out:
            table = CsvWriter(out, columns)
            table.add(rows[name])
            table.close()


def _hops(found: Iterable[ReadOriginal], zone: ZoneInfo) -> Iterator[tuple[object, ...]]:
    for one in found:
        for number, leg in enumerate(one.legs, 1):
            hop, peer = leg.hop, leg.hop.peer
            texts = (hop.from_, peer.helo, peer.ptr, peer.ip, hop.by, hop.with_, str(hop.tls) if hop.tls else None,
                     hop.id, hop.for_, hop.via, hop.local)  # fmt: skip
            yield (
                one.file, number, hop.line + one.before, *map(one.value, texts),
                _utc(hop.stamp.time) if hop.stamp else None,
                hop.stamp.time.astimezone(zone).isoformat(timespec="milliseconds") if hop.stamp else None,
                hop.stamp.zone if hop.stamp else None,
                leg.delay, leg.low, leg.high, one.value("; ".join(defect.says for defect in hop.defects)),
            )  # fmt: skip


def _utc(time: datetime) -> str:
    return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _checks(found: Iterable[ReadOriginal]) -> Iterator[tuple[object, ...]]:
    for one in found:
        known = {id(check.said): check for check in one.evidence.checks}
        for given in one.evidence.results:
            for said in given.results:
                check = known.get(id(said))
                yield (
                    one.file, given.field.line + one.before, one.value(given.field.name), one.value(given.authserv),
                    one.evidence.standing(given), one.value(said.method), one.value(said.result),
                    one.value(check.domain if check else said.value("header.from", "header.d")),
                    check.aligned if check else None,
                    one.value("; ".join(f"{name}={value}" for name, value in said.properties)),
                    one.value("; ".join(said.comments)),
                )  # fmt: skip
