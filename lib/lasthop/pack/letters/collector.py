"""Takes dossiers one by one and makes the letters: memory holds the first of each desk, and counts of the rest."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, timedelta, tzinfo
from zoneinfo import ZoneInfo

from lasthop.explain import Dossier
from lasthop.pack.case import Case
from lasthop.pack.gaps import Lists
from lasthop.pack.letters import text
from lasthop.pack.letters.arrival import Sign, signs
from lasthop.pack.letters.entry import for_kuroco, for_person, for_receiver, for_sendgrid, is_answered
from lasthop.pack.letters.header import Headers, header_part
from lasthop.pack.letters.quoting import plain_stamp
from lasthop.pack.letters.variant import Group, for_the_person, is_masked, is_redacted, variant
from lasthop.pack.letters.wording import DESKS, answer, say, stop_list_asked, why_not
from lasthop.pack.letters.zones import receiver_zone
from lasthop.pack.receiver_zones import RECEIVER_ZONES, chosen_zones
from lasthop.pack.ticket import ARRIVED

IN_FULL = 20
"""So many messages stand in one letter, and so many receivers and persons get one."""
LANGUAGES = ("en", "ja")
_TOO_MANY = f"only the first {IN_FULL} receivers and persons get a letter"


@dataclass(frozen=True)
class Letter:
    """A letter as plain text. ``name`` is the member, ``to_domain`` the receiver's domain, None for other desks."""

    name: str
    desk: str
    language: str
    text: str
    to_domain: str | None = None


@dataclass(frozen=True)
class NotMade:
    """How many messages a desk gets no letter about, and why."""

    desk: str
    why: str
    messages: int


@dataclass
class _Draft:
    """What one letter will hold: language -> group -> the first messages; ``counts`` all of them by group.

    ``zone``, ``opening``: the time zone of a receiver's letter and the sentence on it.
    ``newest``: the newest sign of whether mail to the person arrives.
    """

    zone: tzinfo = UTC
    opening: str = ""
    known_as: str | None = None
    redacted: bool = False
    newest: Sign | None = None
    shown: dict[str, dict[Group, list[list[str]]]] = field(default_factory=dict)
    counts: Counter[Group] = field(default_factory=Counter)

    @property
    def full(self) -> bool:
        return self.counts.total() >= IN_FULL

    def add(self, said: Group, entries: Mapping[str, list[str]]) -> None:
        self.counts[said] += 1
        for language, lines in entries.items():
            self.shown.setdefault(language, {}).setdefault(said, []).append(lines)


class Collector:
    """``as_of_ms`` is the newest provider event, epoch ms UTC, None without one; ``zone`` an IANA name.

    ``stamped``: domain of a receiver -> the offset of its own stamps; what the ticket says of its zone goes before.
    Raises ZoneInfoNotFoundError for an unknown zone.
    """

    def __init__(
        self,
        case: Case,
        *,
        zone: str,
        as_of_ms: int | None,
        lists: Lists,
        stamped: Mapping[str, timedelta] | None = None,
    ) -> None:
        self._case, self._clock, self._as_of_ms, self._lists = case, ZoneInfo(zone), as_of_ms, lists
        self._zones, _ = chosen_zones(case.ticket.get(RECEIVER_ZONES, ""))
        self._stamped = stamped or {}
        self._headers, self._arrived, self._messages = Headers(), 0, 0
        self._drafts: dict[tuple[str, str], _Draft] = {}
        self._not_made: Counter[tuple[str, str]] = Counter()

    def take(self, known: Dossier) -> None:
        """Add one message to the letters that it belongs into."""
        self._messages += 1
        self._arrived += known.message.outcome in ARRIVED
        told = variant(known)
        for desk in DESKS:
            said = for_the_person(known) if desk == "person" else told
            why = _why_not(desk, said, known)
            to = {"receiver": known.message.domain, "person": known.message.recipient}.get(desk) or ""
            if why is None and (draft := self._draft(desk, to, known)):
                draft.redacted |= is_redacted(known)
                draft.add(_group(desk, said, known), {} if draft.full else self._entries(desk, draft, known))
                if desk == "person":
                    draft.newest = max((*signs(known, said), *([draft.newest] if draft.newest else [])), default=None)
            else:
                self._not_made[desk, why or _TOO_MANY] += 1

    def _draft(self, desk: str, to: str, known: Dossier) -> _Draft | None:
        found = self._drafts.get((desk, to))
        if found is None and sum(each == desk for each, _ in self._drafts) < IN_FULL:
            zone, opening = receiver_zone(to, self._zones, self._stamped) if desk == "receiver" else (UTC, "")
            found = self._drafts[desk, to] = _Draft(zone, opening, known.message.receiver)
        return found

    def _entries(self, desk: str, draft: _Draft, known: Dossier) -> dict[str, list[str]]:
        match desk:
            case "sendgrid":
                return {"en": for_sendgrid(known)}
            case "receiver":
                return {"en": for_receiver(known, draft.zone)}
            case "kuroco":
                ticket = self._case.ticket
                return {each: for_kuroco(known, self._clock, each, ticket, self._lists) for each in LANGUAGES}
        return {each: for_person(known, self._clock, each) for each in LANGUAGES}

    def letters(self, case: Case | None = None, headers: Headers | None = None) -> tuple[Letter, ...]:
        """The letters, by desk; receivers and persons in the order in which they were met.

        ``case``: its texts as they may leave, where they are known better now than when the collector was made.
        ``headers``: where the header of a received mail is.
        """
        self._case, self._headers = case or self._case, headers or self._headers
        made: list[Letter] = []
        numbers: Counter[str] = Counter()
        for (desk, to), draft in sorted(self._drafts.items(), key=lambda one: list(DESKS).index(one[0][0])):
            numbers[desk] += 1
            name = desk if desk in ("sendgrid", "kuroco") else f"{desk}-{numbers[desk]:02d}"
            for language, shown in draft.shown.items():
                suffix = f".{language}" if desk in ("kuroco", "person") else ""
                body = self._body(desk, to, draft, language, shown)
                domain = to if desk == "receiver" else None
                made.append(Letter(f"letters/{name}{suffix}.txt", desk, language, body, domain))
        return tuple(made)

    def _body(self, desk: str, to: str, draft: _Draft, language: str, shown: dict[Group, list[list[str]]]) -> str:
        groups = text.Groups(shown, draft.counts, language)
        zone = self._clock if desk == "kuroco" else draft.zone
        state = text.closing(self._as_of_ms, zone, language, redacted=draft.redacted)
        match desk:
            case "sendgrid":
                return text.to_sendgrid(groups, state, self._case)
            case "receiver":
                return text.to_receiver(groups, state, to, draft.opening, draft.known_as)
            case "kuroco":
                ticket, counts = self._case.ticket, (self._arrived, self._messages)
                header = header_part(ticket, self._headers, *counts, language)
                return text.to_kuroco(groups, state, self._case, self._lists, header)
        if self._as_of_ms is not None:
            state = say("person", "as_of", language, time=plain_stamp(self._as_of_ms, self._clock, language))
        return text.to_person(groups, to, state, draft.newest)

    @property
    def not_made(self) -> tuple[NotMade, ...]:
        """Which desks get no letter about how many messages, and why."""
        return tuple(NotMade(desk, why, count) for (desk, why), count in sorted(self._not_made.items()))


def _group(desk: str, said: str, known: Dossier) -> Group:
    if desk == "person":
        return Group(said)
    named = stop_list_asked(said) if desk == "kuroco" else None
    listed = named is not None and any(entry["stop_list"] == named for entry in known.stop_lists)
    return Group(said, answer(said) is not None and is_answered(known, desk), listed)


def _why_not(desk: str, said: str, known: Dossier) -> str | None:
    """Why the desk is not written to about this message."""
    message = known.message
    needs = {"receiver": message.domain, "person": message.recipient}
    if why := why_not(desk, said):
        return why
    if desk in needs and not needs[desk]:
        return why_not(desk, "no_domain")
    # A masked copy names an address that does not exist: nobody can be written to, nor look for it.
    if desk in needs and is_masked(message.recipient):
        return why_not(desk, "masked")
    return None


def letters(
    case: Case,
    dossiers: Iterable[Dossier],
    *,
    zone: str,
    as_of_ms: int | None,
    lists: Lists,
    stamped: Mapping[str, timedelta] | None = None,
) -> tuple[Letter, ...]:
    """The letters of a case from its dossiers, taken one by one."""
    collector = Collector(case, zone=zone, as_of_ms=as_of_ms, lists=lists, stamped=stamped)
    for known in dossiers:
        collector.take(known)
    return collector.letters()
