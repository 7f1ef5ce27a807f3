"""The messages that a pasted mail may be about: ranked, each with why; a person chooses."""

from collections.abc import Callable
from dataclasses import dataclass

from lasthop.pack.pasted import Found, Pasted
from lasthop.store import Snapshot
from lasthop.trace import Query, find_messages, resolve

SLACK_MS = 30 * 60_000
"""A time in a mail is when someone wrote or noticed something: half an hour either side still fits."""

_DAY_MS = 23 * 3_600_000
_IDS = ("message_id", "sg_message_id", "x_message_id", "request_id")
_ASKED = 30
"""Ids, and addresses, that are looked up; each is a question to the data."""

_EACH = 50
"""Messages that one id, or one address, may bring."""


@dataclass(frozen=True)
class Candidate:
    """A message that fits. ``exact``: an id of it stands in the text. ``why`` says what fits, a few words each."""

    message: str
    exact: bool
    why: tuple[str, ...]


@dataclass(frozen=True)
class Candidates:
    """The best first: by id, then address and time, then address alone. ``notes``: what nothing answers to."""

    found: tuple[Candidate, ...]
    notes: tuple[str, ...] = ()


def candidates(snapshot: Snapshot, pasted: Pasted) -> Candidates:
    """The messages that the findings fit; none is chosen."""
    scores: dict[str, int] = {}
    why: dict[str, list[str]] = {}
    exact: set[str] = set()
    notes: list[str] = []

    def fits(message: str, score: int, words: str) -> None:
        scores[message] = scores.get(message, 0) + score
        why.setdefault(message, []).append(words)

    for value in _some(pasted, _IDS, notes):
        answers = resolve(snapshot, value, _EACH)
        for message in answers:
            exact.add(message)
            fits(message, 100, f"the id {value} is its own")
        if not answers:
            notes.append(f"Nothing in this workspace answers to the id {value}.")
    for address in _some(pasted, ("address",), notes):
        _by_address(snapshot, address, [one for one in pasted.found if one.kind == "time"][:10], fits, notes)
    ranked = sorted(scores, key=lambda each: -scores[each])
    return Candidates(tuple(Candidate(each, each in exact, tuple(why[each])) for each in ranked), tuple(notes))


def _by_address(
    snapshot: Snapshot, address: str, times: list[Found], fits: Callable[[str, int, str], None], notes: list[str]
) -> None:
    timely: set[str] = set()
    for time in times:
        if time.from_ms is None or time.until_ms is None:
            continue
        slack = 0 if time.until_ms - time.from_ms >= _DAY_MS else SLACK_MS
        query = Query(recipient=address, since_ms=time.from_ms - slack, until_ms=time.until_ms + slack)
        words = "sent in the time of" if not slack else "sent within 30 minutes of"
        for message in find_messages(snapshot, query, _EACH)["message"]:
            timely.add(message)
            fits(message, 10 if not slack else 15, f"to {address}, {words} “{time.text}”")
    rest = [each for each in find_messages(snapshot, Query(recipient=address), _EACH)["message"] if each not in timely]
    for message in rest:
        fits(message, 1, f"to {address}" + (", sent at another time" if times else ""))
    if not rest and not timely:
        notes.append(f"No message to {address} is in this workspace.")


def _some(pasted: Pasted, kinds: tuple[str, ...], notes: list[str]) -> list[str]:
    values = list(dict.fromkeys(value for kind in kinds for value in pasted.of(kind)))
    if len(values) > _ASKED:
        notes.append(f"{len(values)} {'addresses' if 'address' in kinds else 'ids'} found: only {_ASKED} looked up.")
    return values[:_ASKED]
