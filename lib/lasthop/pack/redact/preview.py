"""What of people leaves with a pack, before it is made: each address and name, how often, and where."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from lasthop.explain import Dossier
from lasthop.pack.case import Case
from lasthop.pack.redact.from_values import known_of
from lasthop.pack.redact.masks import canonical
from lasthop.pack.redact.of_case import people_of
from lasthop.pack.redact.redaction import Level, Redaction
from lasthop.pack.redact.redactor import Redactor
from lasthop.pack.redact.view import unwritten

_PLACES = {"last_reply": "reply", "extra": "other columns", "reason": "stop list"}
_OF_CASE = ("notes", "title", "question", "asks")


@dataclass(frozen=True)
class Leaving:
    """An address or the name of a sender, what stands for it in the pack, and how often in which part of what leaves.

    ``what`` is in canonical form; ``leaves_as`` is the same at the level full. ``where``: place -> times, the places in
    order of name: subject, reply, raw lines, attached files, ticket, notes, or the column. ``times`` is their sum.
    """

    what: str
    leaves_as: str
    times: int
    where: dict[str, int]


class Counting(Redactor):
    """Counts each mask that is put in under ``place``; where that is empty, under the field that it is in."""

    def __init__(self, redaction: Redaction, secret: bytes) -> None:
        super().__init__(redaction, secret)
        self._text = self._new_text  # a text that comes again is counted again
        self.found: Counter[tuple[str, str]] = Counter()
        self.place = ""

    def address(self, text: str) -> str:
        """Count it, and mask it."""
        mask = super().address(text)
        if mask != text:  # a mask that is met again is not counted again
            self.found[(mask, self.place)] += 1
        return mask

    def _name(self, whole: str) -> str:
        mask = super()._name(whole)
        if "@" not in whole:
            self.found[(mask, self.place)] += 1
        return mask

    def _field(self, value: str, name: str, known: frozenset[str]) -> str | None:
        before, self.place = self.place, self.place or _PLACES.get(name, name)
        try:
            return super()._field(value, name, known)
        finally:
            self.place = before


def preview(
    redactor: Redactor,
    dossiers: Iterable[Dossier],
    case: Case | None = None,
    files: Callable[[Counting, frozenset[str]], None] | None = None,
) -> list[Leaving]:
    """One row for each address and name that would leave, the most frequent first.

    ``files`` looks at what leaves as files, with what is known of all people, and sets ``place``. At the level metadata
    what is left out is not counted.
    """
    level = Level.MASKED if redactor.full else redactor.redaction.level
    counting = Counting(Redaction(level, redactor.redaction.keep_domains), redactor._secret)
    counting.learn(redactor.people)
    told: set[str] = set()
    if case is not None:
        counting.learn(people_of(case))
    for known in dossiers:
        told |= known_of(known)
        counting.dossier(known)
    everyone = frozenset(told)
    if files is not None:
        files(counting, everyone)
    if case is not None:
        _count_case(counting, case, everyone)
    return _rows(counting, redactor.full)


def _count_case(counting: Counting, case: Case, known: frozenset[str]) -> None:
    """The ticket is one place, and so is what people wrote."""
    metadata = counting.redaction.level is Level.METADATA
    for name, value in case.ticket.items():
        if metadata and not name.startswith("recipient"):
            continue
        counting.place = "ticket"
        counting._field(value, name, known)
    if metadata:
        return
    for name in _OF_CASE:
        counting.place = "notes"
        counting._field(getattr(case, name), name, known)
    for check in case.checks:
        for name in ("what", "result", "by"):
            counting._field(getattr(check, name), name, known)


def _rows(counting: Counting, full: bool) -> list[Leaving]:
    whose = {mask: what for what, mask in counting.masked.items()}
    where: dict[str, dict[str, int]] = {}
    for (mask, place), times in sorted(counting.found.items(), key=lambda one: one[0][1]):
        what = whose.get(mask) or canonical(unwritten(mask))
        where.setdefault(what, {})[place] = times
    rows = [
        Leaving(what, what if full else counting.masked.get(what, what), sum(places.values()), places)
        for what, places in where.items()
    ]
    return sorted(rows, key=lambda row: (-row.times, row.what))
