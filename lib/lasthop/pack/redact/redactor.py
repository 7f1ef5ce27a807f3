"""Masks what names people in texts, records, dossiers and cases.

Ids stay, since the desk finds a message by them, but for an address within one. Text around an address stays; return
paths that carry a recipient (VERP, SRS, BATV) become the recipient's mask. IP addresses and hosts name no people and
stay, but for the host of the application, which is the sender's. Not found are names in free text that no sender and no
header gives, an ordinary word that is somebody's local part and stands alone, and what is compressed, encrypted or in a
picture.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType

from lasthop.explain import Dossier
from lasthop.pack.case import Case
from lasthop.pack.redact.encoded import in_base64, without_words
from lasthop.pack.redact.fields import ADVICE, APP_HOST, KEPT, LEFT_OUT, NAMING, NOBODYS
from lasthop.pack.redact.from_values import known_from, known_of
from lasthop.pack.redact.known import NOBODY, Known
from lasthop.pack.redact.masks import MASK, canonical, token
from lasthop.pack.redact.of_case import people_of, without_words_of_people
from lasthop.pack.redact.record import masked_record
from lasthop.pack.redact.redaction import Level, Redaction
from lasthop.pack.redact.signs import may_name, may_name_as_id
from lasthop.pack.redact.spans import addresses, alone, carried
from lasthop.pack.redact.view import View, apart, decoded, joined, unwritten
from lasthop.pack.redact.walk import walk, without_quotes

_ID_LEAST, _CACHED = 4, 4000


class Redactor:
    """Applies one redaction with the secret of a workspace; ``masked`` tells what became what so far."""

    def __init__(self, redaction: Redaction, secret: bytes) -> None:
        self.redaction, self._secret = redaction, secret
        self._full = redaction.level is Level.FULL
        self._people = frozenset[str]()
        self._domains: re.Pattern[str] | None = None
        self._masked: dict[str, str] = {}
        self._mask: Callable[[str], str] = lru_cache(65536)(self._new_mask)
        self._text: Callable[[str, frozenset[str]], str] = lru_cache(8192)(self._new_text)

    @property
    def masked(self) -> Mapping[str, str]:
        """Address in its canonical form, or name of a sender in lower case -> its mask."""
        return MappingProxyType(self._masked)

    @property
    def people(self) -> frozenset[str]:
        """Whom it has learned of."""
        return self._people

    @property
    def full(self) -> bool:
        """Whether nothing is masked."""
        return self._full

    def learn(self, people: frozenset[str]) -> None:
        """Addresses, or From values with names, that are masked from now on whatever else is known of a text.

        Where domains are not kept, so are theirs where they stand alone: the results of checks in a header name them.
        """
        if people <= self._people:
            return
        self._people |= people
        self._domains = None if self.full or self.redaction.keep_domains else alone(self._domains_of(self._people))

    def _domains_of(self, people: frozenset[str]) -> set[str]:
        return {address.rpartition("@")[2] for address in known_from(people).addresses}

    def address(self, text: str) -> str:
        """The mask of one address, however it is written; a mask stays as it is."""
        return text if self._full else self._mask(text)

    def domain(self, domain: str) -> str:
        """The domain as it may leave: the one that the masks of its addresses have."""
        if self.full or self.redaction.keep_domains or MASK.match(domain):
            return domain
        return f"{token(self._secret, 'domain', canonical(domain))}.invalid"

    def text(self, text: str, known: frozenset[str] = frozenset()) -> str:
        """``text`` with every address masked, and local parts and names that ``known`` gives.

        ``known``: addresses, or From values with names.
        """
        if self._full or not text:
            return text
        known = known if self._people <= known else known | self._people
        safe = (self._text if len(text) <= _CACHED else self._new_text)(text, known)
        return self._domains.sub(lambda found: self.domain(found[0]), safe) if self._domains else safe

    def record(self, record: bytes, known: frozenset[str] = frozenset(), encoding: str = "utf-8") -> bytes:
        """A raw line or header with its addresses masked; bytes that are no text of ``encoding`` stay.

        A line of JSON stays JSON. At the level metadata nothing is left of it.
        """
        if self.full:
            return record
        if self.redaction.level is Level.METADATA:
            return b""
        return masked_record(record, encoding, lambda text: self.text(text, known))

    def dossier(self, known: Dossier) -> Dossier:
        """The dossier as it may leave: every text in it masked, or left out at the level metadata."""
        if self.full:
            return known
        told = known_of(known) | self._people
        safe = walk(known, lambda value, name: self._field(value, name, told))
        return without_quotes(safe, known) if self.redaction.level is Level.METADATA else safe

    def case(self, case: Case, known: frozenset[str] = frozenset()) -> Case:
        """The case as it may leave; ``known`` as for `text`, of all its messages.

        Whom the header in its ticket names is masked from now on in every text.
        """
        if self.full:
            return case
        self.learn(people_of(case))
        told = known | self._people
        safe = walk(case, lambda value, name: self._field(value, name, told))
        return without_words_of_people(safe) if self.redaction.level is Level.METADATA else safe

    def _field(self, value: str, name: str, known: frozenset[str]) -> str | None:
        if name == APP_HOST and self.redaction.level is Level.METADATA:
            return None
        if name == APP_HOST:
            return self.text(value, known) if "@" in value else self.domain(value)
        if name == ADVICE and NOBODYS in value and NOBODYS not in known_from(known).addresses:
            return NOBODYS.join(self.text(part, known) for part in value.split(NOBODYS))
        if name in KEPT or name in NAMING:
            return self._id(value, known, name in NAMING)
        if self.redaction.level is Level.METADATA and name in LEFT_OUT:
            return None
        return self.domain(value) if name == "domain" else self.text(value, known)

    def _id(self, value: str, known: frozenset[str], naming: bool) -> str:
        """An id without the addresses in it; the right part of a Message-ID is a host."""
        if not may_name_as_id(value, known if naming else frozenset()):
            return value
        people = known_from(known)
        left, at, host = value.rpartition("@")
        if not naming:
            return self._passes(value, Known(people.addresses, {}, {}))
        if value.startswith("<") and canonical(value.strip("<>")) not in people.addresses:
            return self._passes(left, people, _ID_LEAST) + at + host
        return self._passes(value, people, _ID_LEAST)

    def _new_text(self, text: str, known: frozenset[str]) -> str:
        if not may_name(text, known):
            return text
        people = known_from(known) if known else NOBODY
        found = without_words(text, lambda said: self._said(said, known))
        found = in_base64(found, people.in_bytes, self._hidden)
        return self._passes(found, people)

    def _said(self, said: str, known: frozenset[str]) -> str | None:
        safe = self.text(said, known)
        return None if safe == said else safe

    def _passes(self, text: str, known: Known, least: int = 1) -> str:
        """Addresses as they are written, then decoded: a local part before ``%40`` is not taken for one alone."""
        if decoded(text) is None:
            return self._pass(joined(text), known, least)
        text = self._pass(joined(text), Known(known.addresses, {}, {}), least)
        coded = decoded(text)
        text = text if coded is None else self._pass(coded, known, least)
        return self._pass(joined(text), known, least)

    def _pass(self, view: View, known: Known, least: int) -> str:
        """Addresses first, then tokens outside of them."""
        spans = list(addresses(view, known))
        named = list(known.spans(view.plain, least))
        if not named:
            return view.replaced([(b, e, self.address(said)) for b, e, said in spans]) if spans else view.source
        return view.replaced(
            [
                (b, e, self.address(said) if first else self._name(said))
                for b, e, said, first in apart(spans, named, len(view.plain))
            ]
        )

    def _name(self, whole: str) -> str:
        if "@" in whole:
            return self.address(whole).partition("@")[0]
        return self._masked.setdefault(whole, token(self._secret, "name", whole))

    def _hidden(self, piece: str) -> str:
        return token(self._secret, "base64", piece)

    def _new_mask(self, text: str) -> str:
        plain = canonical(unwritten(text))
        local, _, domain = plain.rpartition("@")
        if MASK.fullmatch(local):
            return text
        inner = carried(local, domain, NOBODY)
        if inner is not None:
            return self.address(inner)
        if plain not in self._masked:
            self._masked[plain] = f"{token(self._secret, 'address', plain)}@{self.domain(domain)}"
        return self._masked[plain]
