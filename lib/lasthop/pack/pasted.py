"""What a pasted support mail names: addresses, ids, dates and times, management URLs and inquiry numbers.

Every finding keeps the text it came from and its place. The work is linear in the text: every pattern is bounded.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from lasthop.pack.reference import parse_management_url
from lasthop.pack.written_times import written_times

MOST = 200
"""Findings of one kind; nobody looks through more."""

LONGEST = 5_000_000
"""Characters that are looked at."""

# Full-width forms become the plain ones, one character for one, so that places in the text stay right.
_FOLDED = {0xFF01 + n: 0x21 + n for n in range(94)} | {0x3000: 0x20}
_LOCAL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-/=?^_`{|}~."
_AT = re.compile(
    r"(?<=[\w!#$%&'*+\-/=?^`{|}~.])@(?P<domain>(?:[a-z0-9-]{1,63}\.){1,8}[a-z][a-z0-9-]{1,62})", re.A | re.I
)
_IN_ANGLES = re.compile(r"<([^<>\s@]{1,200})@([^<>\s@]{1,200})>")
_HEADER_ID = re.compile(
    r"(?:message-id|in-reply-to|smtp-id|メッセージid)\s{0,3}[:=]?\s{0,3}<?(?P<v>[^\s<>@]{1,200}@[^\s<>@,;、。]{1,200})",
    re.I,
)
_SG = re.compile(r"(?<![\w.-])[\w-]{10,40}\.(?:filter|recvd)[\w-]{0,80}(?:\.\d{1,6})?(?![\w-])", re.A)
_X = re.compile(r"(?<![\w.@+/=-])[A-Za-z0-9_-]{22}(?![\w@+/=-])(?!\.\w)")
_REQUEST = re.compile(
    r"(?:request[ _-]?id|リクエスト[ ・]?id)\"?\s{0,3}[:=]?\s{0,3}\"?(?P<v>[A-Za-z0-9][\w-]{3,99})(?![\w-])", re.I
)
_UUID = re.compile(r"(?<![\w-])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![\w-])", re.A | re.I)
_SCREEN = re.compile(r"(?:inquiry|magazine)/(?:inquiry_|magazine_|file_download)", re.A)
_NO_URL = re.compile(r"[\s<>「」『』（）、。]")
_NUMBER = re.compile(
    r"(?:(?:お?問い?合わ?せ|受付)\s?(?:番号|no\.?)|(?:inquiry|ticket)\s(?:no\.?|number|id)|(?<![a-z])nos?\.|№|(?<!話)番号)"
    r"\s{0,3}[:#]?\s{0,3}(?P<v>\d{1,10}+(?![-/.:]\d|[年月日時])"
    r"(?:\s{0,2}(?:,|、|・|&|and|と)\s{0,3}\d{1,10}+(?![-/.:]\d|[年月日時\d])){0,20})",
    re.A | re.I,
)


@dataclass(frozen=True)
class Found:
    """One thing that the text names. ``text`` is what stands there, from ``start`` to before ``end``.

    ``kind``: address, message_id, sg_message_id, x_message_id, request_id, time, reference or number. Times have a span
    ``from_ms`` to before ``until_ms``, epoch ms UTC; ``note`` says what was assumed or why it is only likely.
    """

    kind: str
    value: str
    text: str
    start: int
    end: int
    note: str = ""
    from_ms: int | None = None
    until_ms: int | None = None


@dataclass(frozen=True)
class Pasted:
    """All that was found, by place; ``notes`` say where looking was cut short."""

    found: tuple[Found, ...]
    notes: tuple[str, ...] = ()

    def of(self, kind: str) -> tuple[str, ...]:
        """The values of one kind, each once, in the order of the text."""
        return tuple(dict.fromkeys(each.value for each in self.found if each.kind == kind))


_Place = tuple[int, int, str, str]
"""Start, end, value, note."""


def find_in(text: str, reference_ms: int, zone: str = "Asia/Tokyo") -> Pasted:
    """What the text names. Dates without a year are the last up to ``reference_ms``; without a zone, in ``zone``."""
    folded = text[:LONGEST].translate(_FOLDED)
    notes = [f"Only the first {LONGEST} characters were looked at."] if len(text) > LONGEST else []
    found: list[Found] = []
    for kind, finder in _FINDERS.items():
        places = list(islice(finder(folded), MOST + 1))
        if len(places) > MOST:
            notes.append(f"More than {MOST} findings of the kind {kind}: only the first {MOST} are kept.")
        found += [Found(kind, value, text[a:b], a, b, note) for a, b, value, note in places[:MOST]]
    times = list(islice(written_times(folded, reference_ms, zone), MOST + 1))
    if len(times) > MOST:
        notes.append(f"More than {MOST} dates: only the first {MOST} are kept.")
    for one in times[:MOST]:
        words = text[one.start : one.end]
        found.append(Found("time", words, words, one.start, one.end, one.note, one.from_ms, one.until_ms))
    return Pasted(tuple(sorted(found, key=lambda each: (each.start, each.end))), tuple(notes))


def _message_ids(text: str) -> Iterator[_Place]:
    seen = set()
    for found in _HEADER_ID.finditer(text):
        seen.add(found.start("v"))
        yield found.start("v"), found.end("v"), found["v"].rstrip(".\"'"), ""
    for found in _IN_ANGLES.finditer(text):
        if found.start(1) not in seen and _made_by_a_machine(found[1], found[2]):
            yield found.start(1), found.end(2), f"{found[1]}@{found[2]}", "taken for a Message-ID by its shape"


def _made_by_a_machine(local: str, domain: str) -> bool:
    """A Message-ID, not an address: SendGrid's own hosts have no dot, and its local part is 22 characters long."""
    return "." not in domain or "ismtpd" in domain or (bool(_X.fullmatch(local)) and _mixed(local))


def _addresses(text: str) -> Iterator[_Place]:
    ids = {place[:2] for place in islice(_message_ids(text), MOST)}
    for found in _AT.finditer(text):
        before = text[max(0, found.start() - 64) : found.start()]
        local = before[len(before.rstrip(_LOCAL)) :].lstrip("./=?'`{|}")
        start = found.start() - len(local)
        if local and not any(a <= start and found.end() <= b for a, b in ids):
            yield start, found.end(), f"{local}@{found['domain']}".lower(), ""


def _x_message_ids(text: str) -> Iterator[_Place]:
    for found in _X.finditer(text):
        if _mixed(found[0]):
            yield found.start(), found.end(), found[0], "taken for an X-Message-Id by its shape"


def _mixed(text: str) -> bool:
    """More than one sort of character, as ids have: a long word or a ruled line is no id."""
    sorts = (any(c.islower() for c in text), any(c.isupper() for c in text), any(c.isdigit() for c in text))
    return sum(sorts) > 1


def _sg_message_ids(text: str) -> Iterator[_Place]:
    for found in _SG.finditer(text):
        yield found.start(), found.end(), found[0], ""


def _request_ids(text: str) -> Iterator[_Place]:
    seen = set()
    for found in _REQUEST.finditer(text):
        seen.add(found.start("v"))
        yield found.start("v"), found.end("v"), found["v"], ""
    for found in _UUID.finditer(text):
        if found.start() not in seen:
            yield found.start(), found.end(), found[0], "taken for a request id by its shape"


def _references(text: str) -> Iterator[_Place]:
    end = 0
    for found in _SCREEN.finditer(text):
        if found.start() < end:
            continue
        floor = max(end, found.start() - 200)
        start = floor + max((m.end() for m in _NO_URL.finditer(text[floor : found.start()])), default=0)
        stop = _NO_URL.search(text, found.end(), found.end() + 2_000)
        end = stop.start() if stop else min(len(text), found.end() + 2_000)
        address = text[start:end].strip("\"'()[],;.")
        if parse_management_url(address):
            at = text.index(address, start)
            yield at, at + len(address), address, ""


def _numbers(text: str) -> Iterator[_Place]:
    for found in _NUMBER.finditer(text):
        for digits in re.finditer(r"\d+", found["v"]):
            start = found.start("v") + digits.start()
            yield start, start + len(digits[0]), digits[0], ""


_FINDERS: dict[str, Callable[[str], Iterator[_Place]]] = {
    "address": _addresses,
    "message_id": _message_ids,
    "sg_message_id": _sg_message_ids,
    "x_message_id": _x_message_ids,
    "request_id": _request_ids,
    "reference": _references,
    "number": _numbers,
}
