"""Masks what names people in texts, records, dossiers and cases.

Ids stay, since the desk finds a message by them: our own, SendGrid's, and a Message-ID unless its left part holds an
address or local part that is known for the message. Text around an address stays; VERP, SRS and BATV addresses are
masked whole. Hosts and IP addresses are no addresses of people and stay. Not found are names in free text that no
sender gives, addresses broken by a quoted-printable line end, and what is compressed or encrypted.
"""

import base64
import binascii
import dataclasses
import json
import re
from collections.abc import Mapping
from email.header import decode_header, make_header
from email.utils import parseaddr
from enum import Enum
from functools import lru_cache
from types import MappingProxyType
from typing import Any, TypeVar

from lasthop.explain import Dossier
from lasthop.pack.case import Case
from lasthop.pack.redact.masks import MASK, canonical, plain_at, token
from lasthop.pack.redact.redaction import Level, Redaction

_AT = re.compile(r"[@＠﹫]|%(?:25)?40|%EF%BC%A0|=40|=EF=BC=A0|&#(?:64|x40);|\\u0040|\\uff20", re.IGNORECASE)
_LOCAL = re.compile(r"[^\s<>\"',;:()\[\]@＠﹫\\/?&|`]+")
_DOMAIN = re.compile(r"(?:[^\W_]|[-.．。])+|\[[0-9A-Fa-f:.]{2,60}\]")
_ENCODED = re.compile(r"=\?[^?\s]{1,60}\?[bq]\?[^?\r\n]*\?=(?:\s+=\?[^?\s]{1,60}\?[bq]\?[^?\r\n]*\?=)*", re.IGNORECASE)
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{12,}={0,2}")
_KEPT = frozenset(
    [
        "message",
        "event",
        "event_id",
        "source_id",
        "evidence",
        "reason_event",
        "provider_message_id",
        "x_message_id",
        "provider_event_id",
        "request_id",
        "time_raw",
        "time_basis",
        "vantage",
        "kind",
        "stop_list",
        "reply_code",
        "enhanced_code",
        "ip",
        "host",
        "cause_id",
        "link_key",
        "link_confidence",
        "sent_basis",
        "confidence",
        "who",
        "basis",
        "last_kind",
        "receiver",
        "id",
        "messages",
    ]
)
_LEFT_OUT = frozenset(("subject", "extra", "reply", "last_reply", "notes", "category"))
_WORDS = frozenset(
    [
        "user",
        "users",
        "info",
        "mail",
        "email",
        "unknown",
        "admin",
        "support",
        "contact",
        "no-reply",
        "noreply",
        "postmaster",
        "mailer-daemon",
        "sales",
        "help",
        "abuse",
        "address",
        "mailbox",
        "recipient",
        "sender",
        "message",
        "bounce",
        "bounces",
        "root",
        "test",
        "masked",
        "invalid",
    ]
)
T = TypeVar("T")


class Redactor:
    """Applies one redaction with the secret of a workspace; ``masked`` tells what became what so far."""

    def __init__(self, redaction: Redaction, secret: bytes) -> None:
        self.redaction, self._secret = redaction, secret
        self._masked: dict[str, str] = {}

    @property
    def masked(self) -> Mapping[str, str]:
        """Address in its canonical form, or name of a sender -> its mask."""
        return MappingProxyType(self._masked)

    @property
    def full(self) -> bool:
        """Whether nothing is masked."""
        return self.redaction.level is Level.FULL

    def address(self, text: str) -> str:
        """The mask of one address, however it is written; a mask stays as it is."""
        if self.full:
            return text
        name = _canonical(text)
        local, _, domain = name.rpartition("@")
        if MASK.fullmatch(local):
            return text
        if name not in self._masked:
            shown = domain if self.redaction.keep_domains else f"{token(self._secret, 'domain', domain)}.invalid"
            self._masked[name] = f"{token(self._secret, 'address', name)}@{shown}"
        return self._masked[name]

    def text(self, text: str, known: frozenset[str] = frozenset()) -> str:
        """``text`` with every address masked, and local parts and names that ``known`` gives.

        ``known``: addresses, or From values with names.
        """
        if self.full or not text:
            return text
        if "=?" in text:
            text = _ENCODED.sub(self._decoded, text)
        found = self._addresses(text, known) if _AT.search(text) else text
        if not known:
            return found
        names, tokens = _names(known)
        found = _BASE64.sub(lambda m: self._base64(m[0], known), found)
        return names.sub(lambda m: self._name(m[0], tokens), found) if names else found

    def record(self, record: bytes, known: frozenset[str] = frozenset(), encoding: str = "utf-8") -> bytes:
        """A raw line or header with its addresses masked; bytes that are no text of ``encoding`` stay.

        At the level metadata nothing is left of it.
        """
        if self.full:
            return record
        if self.redaction.level is Level.METADATA:
            return b""
        text = record.decode(encoding, "surrogateescape")
        body = text.rstrip("\r\n")
        said = self._json(body, known) if body.lstrip()[:1] in ("{", "[") else self.text(body, known)
        return (said + text[len(body) :]).encode(encoding, "surrogateescape")

    def dossier(self, known: Dossier) -> Dossier:
        """The dossier as it may leave: every text in it masked, or left out at the level metadata."""
        if self.full:
            return known
        safe = self._walk(known, "", known_of(known))
        if self.redaction.level is not Level.METADATA:
            return safe
        said = safe.verdict
        lists = tuple(dataclasses.replace(one, reason=None) for one in safe.listings)
        return dataclasses.replace(
            safe, listings=lists, verdict=dataclasses.replace(said, sentence=said.cause, clauses=())
        )

    def case(self, case: Case, known: frozenset[str] = frozenset()) -> Case:
        """The case as it may leave; ``known`` as for `text`, of all its messages."""
        return case if self.full else self._walk(case, "", known)

    def _walk(self, value: T, name: str, known: frozenset[str]) -> T:
        done: Any = value
        if isinstance(value, str):
            done = value if isinstance(value, Enum) or name in _KEPT else self._field(value, name, known)
        elif dataclasses.is_dataclass(value) and not isinstance(value, type):
            parts = {f.name: self._walk(getattr(value, f.name), f.name, known) for f in dataclasses.fields(value)}
            done = dataclasses.replace(value, **parts)
        elif isinstance(value, dict):
            done = {key: self._walk(each, str(key), known) for key, each in value.items()}
        elif isinstance(value, list | tuple):
            done = type(value)(self._walk(each, name, known) for each in value)
        result: T = done
        return result

    def _field(self, value: str, name: str, known: frozenset[str]) -> str | None:
        if self.redaction.level is Level.METADATA and (name in _LEFT_OUT or name.startswith("header")):
            return "" if name == "notes" else None
        if name == "message_id_header":
            return self._message_id(value, known)
        if name == "extra":
            return self._json(value, known)
        if name == "sender" or name.startswith("sender:"):
            return self._sender(value, known)
        return self.text(value, known)

    def _sender(self, value: str, known: frozenset[str]) -> str:
        address = parseaddr(value)[1]
        return self.address(address) if "@" in address else self.text(value, known)

    def _message_id(self, value: str, known: frozenset[str]) -> str:
        left, at, host = value.rpartition("@")
        return self.text(left, known) + at + host

    def _json(self, text: str, known: frozenset[str]) -> str:
        try:
            value = json.loads(text)
        except (ValueError, RecursionError):
            return self.text(text, known)
        return json.dumps(self._values(value, known), ensure_ascii=False)

    def _values(self, value: Any, known: frozenset[str]) -> Any:
        if isinstance(value, str):
            return self.text(value, known)
        if isinstance(value, dict):
            return {self.text(key, known): self._values(each, known) for key, each in value.items()}
        return [self._values(each, known) for each in value] if isinstance(value, list) else value

    def _addresses(self, text: str, known: frozenset[str]) -> str:
        """Each sign is looked at once, from the last address up to this one: linear in the text."""
        out: list[str] = []
        end = 0
        for at in _AT.finditer(text):
            domain = _DOMAIN.match(text, at.end())
            stop = at.end() + len(domain[0].rstrip(".-")) if domain else at.end()
            if at.start() < end or stop == at.end():
                continue
            start = _begin(text, end, at.start())
            if start == at.start():
                continue
            out += (text[end:start], self.address(text[start:stop]))
            end = stop
        return "".join((*out, text[end:]))

    def _decoded(self, found: re.Match[str]) -> str:
        try:
            return str(make_header(decode_header(found[0])))
        except (LookupError, ValueError):  # UnicodeError and HeaderParseError are ValueErrors
            return "(masked)"

    def _base64(self, text: str, known: frozenset[str]) -> str:
        for skip in range(4):
            body = text[skip:].rstrip("=")
            try:
                body = body[:-1] if len(body) % 4 == 1 else body
                plain = base64.b64decode(body + "=" * (-len(body) % 4), altchars=b"-_" if {*body} & {*"-_"} else None)
            except (binascii.Error, ValueError):
                continue
            if b"@" in plain and any(
                parseaddr(one)[1].lower().encode() in plain.lower() for one in known if "@" in one
            ):
                return token(self._secret, "base64", text)
        return text

    def _name(self, text: str, tokens: Mapping[str, str]) -> str:
        whole = tokens.get(text.lower(), text.lower())
        if "@" in whole:
            return self.address(whole).partition("@")[0]
        return self._masked.setdefault(text, token(self._secret, "name", whole))


def known_of(known: Dossier) -> frozenset[str]:
    """The recipients and the From values of a message, its events and its stop lists."""
    message = known.message
    said = {message.recipient, message.sender}
    for event in (*known.timeline, *known.stop_lists):
        said |= {event.get("recipient"), event.get("sender")}
    return frozenset(one for one in said if one)


def _begin(text: str, low: int, at: int) -> int:
    """Where the local part before ``at`` begins."""
    if at > low and text[at - 1] == '"':
        quote = text.rfind('"', low, at - 1)
        return quote if quote >= 0 else at
    run = _LOCAL.match(text[low:at][::-1])
    start = at - run.end() if run else at
    if start and text[start - 1] in "?&" and "=" in text[start:at]:
        start = text.index("=", start, at) + 1  # a parameter of a URL: its name is no part of the address
    return start


@lru_cache(65536)
def _canonical(text: str) -> str:
    """The canonical form of an address as it stands in a text, without what an encoded delimiter sets before it."""
    plain = plain_at(text)
    return canonical(plain if plain.startswith('"') else re.split(r"[<>,;:\s]", plain)[-1])


@lru_cache(256)
def _names(known: frozenset[str]) -> tuple[re.Pattern[str] | None, Mapping[str, str]]:
    """What to look for beside whole addresses: local parts and names, and which address each local part is of."""
    tokens: dict[str, str] = {}
    for one in sorted(known):
        name, address = parseaddr(one)
        local = canonical(address).rpartition("@")[0]
        for part in (local, local.partition("+")[0]):
            if len(part) >= 3 and part not in _WORDS and not MASK.fullmatch(part):
                tokens.setdefault(part, canonical(address))
        if len(name) >= 3 and name.lower() not in _WORDS:
            tokens.setdefault(name.lower(), name.lower())
    if not tokens:
        return None, tokens
    longest = "|".join(re.escape(each) for each in sorted(tokens, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{longest})(?!\w)", re.IGNORECASE), tokens
