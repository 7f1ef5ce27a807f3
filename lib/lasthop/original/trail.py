"""The trail of forwarding and lists: each sign that the message was passed on after its first delivery."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from lasthop.original.addresses import read_forwarded
from lasthop.original.arc import ArcChain
from lasthop.original.field import Field, Header
from lasthop.original.mailboxes import read_mailboxes

Kind = Literal[
    "list",
    "arc",
    "srs",
    "caf",
    "forwarded",
    "resent",
    "delivered_to",
    "original_to",
    "rewritten_from",
    "auto_forwarded",
]

_LIST = ("list-id", "list-post", "mailing-list", "x-mailing-list", "x-beenthere")
_FORWARDED = ("x-forwarded-to", "x-forwarded-for")
_REWRITTEN = ("x-original-from", "x-original-sender", "x-google-original-from", "original-from")
_ORIGINAL = ("x-original-to", "original-recipient", "x-rcpt-to")
_SRS1 = re.compile(r"srs1[=+-][^@]{1,500}@(?P<by>[^\s<>@]{1,255})", re.IGNORECASE)
_AUTO = re.compile(r"\bauto-forwarded\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Step:
    """One sign that the message was passed on."""

    kind: Kind
    field: Field
    by: str | None = None
    """Who passed it on, as far as the sign tells: a list, a domain, an address."""
    to: str | None = None
    """Where to, as far as the sign tells."""
    before: str | None = None
    """Who had sent it or had been its recipient before, as far as the sign tells."""


@dataclass(frozen=True, slots=True)
class Trail:
    """All signs in the order of the kinds; none: nothing tells of it, which is not: it was not passed on."""

    steps: tuple[Step, ...] = ()

    def of(self, *kinds: Kind) -> tuple[Step, ...]:
        """The steps of some kinds."""
        return tuple(step for step in self.steps if step.kind in kinds)

    @property
    def through_list(self) -> bool:
        """Whether a mailing list passed it on. ``List-Unsubscribe`` alone is no such sign: every newsletter has it."""
        return bool(self.of("list"))

    @property
    def envelope_rewritten(self) -> bool:
        """Whether the forwarder put an envelope sender of its own (SRS, ``+caf_``)."""
        return bool(self.of("srs", "caf"))


def trail(header: Header, chain: ArcChain) -> Trail:
    """The trail of a message; ``chain``: the ARC sets of the same header."""
    named: dict[str, list[Field]] = {}
    for found in header.fields:
        named.setdefault(found.name.lower(), []).append(found)
    return Trail((
        *_lists(named),
        *_arc(chain),
        *_envelope(named),
        *_of("forwarded", named, _FORWARDED),
        *_resent(named),
        *_delivered(named),
        *_of("original_to", named, _ORIGINAL),
        *_rewritten(named),
        *_auto(named),
    ))  # fmt: skip


def _lists(named: dict[str, list[Field]]) -> Iterator[Step]:
    """One step for each list; a bulk sender's own ``List-Id`` looks the same, so it needs a second sign to count."""
    for name in _LIST:
        for found in named.get(name, ()):
            if name == "list-id" and not any(other in named for other in (*_LIST[1:], "sender", "errors-to")):
                continue
            value = found.value[:1000]
            if name == "list-post" and "mailto:" not in value.lower():
                continue
            yield Step("list", found, by=_in_angles(value))


def _in_angles(value: str) -> str:
    inside = re.search(r"<([^<>]{1,400})>", value)
    said = inside[1] if inside else value
    return said.removeprefix("mailto:").strip()[:200]


def _arc(chain: ArcChain) -> Iterator[Step]:
    """A second ARC set: the first system that sealed is not the last one (RFC 8617 §5.1)."""
    for each in chain.sets:
        if each.instance >= 2:
            part = each.seal or each.signature or each.results
            if part:
                yield Step("arc", part.field, by=each.sealer)


def _envelope(named: dict[str, list[Field]]) -> Iterator[Step]:
    for name in ("return-path", "x-envelope-from", "envelope-from"):
        for found in named.get(name, ()):
            value = found.value[:1000]
            rewritten = read_forwarded(value)
            if rewritten and rewritten.way == "srs":
                yield Step("srs", found, by=rewritten.by.lower(), before=rewritten.address)
            elif rewritten:
                yield Step("caf", found, by=rewritten.address, to=rewritten.by)
            elif again := _SRS1.search(value):
                yield Step("srs", found, by=again["by"].lower())


def _of(kind: Kind, named: dict[str, list[Field]], names: tuple[str, ...]) -> Iterator[Step]:
    for name in names:
        for found in named.get(name, ()):
            value = found.value[:400].strip()
            if not value:
                continue
            if name == "x-forwarded-for":  # Gmail writes: from whom, to whom
                addresses = [word for word in value.replace(",", " ").split() if "@" in word]
                if addresses:  # a proxy's list of IP addresses is no forwarding
                    yield Step(kind, found, by=addresses[0], to=addresses[1] if len(addresses) > 1 else None)
            elif name == "x-forwarded-to":
                yield Step(kind, found, to=value)
            else:
                yield Step(kind, found, before=value)


def _rewritten(named: dict[str, list[Field]]) -> Iterator[Step]:
    """A sender that stood in From before: only where From no longer says so."""
    shown = " ".join(found.value[:4000].lower() for found in named.get("from", ()))
    for step in _of("rewritten_from", named, _REWRITTEN):
        before = next((each.address for each in read_mailboxes(step.field) if each.address), None)
        if before and before.lower() not in shown:
            yield Step("rewritten_from", step.field, before=before)


def _resent(named: dict[str, list[Field]]) -> Iterator[Step]:
    """RFC 5322 §3.6.6: somebody put the message into the mail again, unchanged."""
    for found in named.get("resent-from", ()) or named.get("resent-sender", ()):
        to = next(iter(named.get("resent-to", ())), None)
        by = next((each.address for each in read_mailboxes(found) if each.address), None)
        yield Step("resent", found, by=by, to=to.value[:200] if to else None)


def _delivered(named: dict[str, list[Field]]) -> Iterator[Step]:
    """More than one mailbox in ``Delivered-To``: each delivery adds one on top, so the lowest is the oldest."""
    found = named.get("delivered-to", [])
    mailboxes = list(dict.fromkeys(each.value.strip().strip("<>").lower()[:400] for each in found))
    if len(mailboxes) > 1:
        for n in range(len(found) - 1):
            to, before = (found[m].value.strip().strip("<>")[:400] for m in (n, n + 1))
            if to.lower() != before.lower():
                yield Step("delivered_to", found[n], to=to, before=before)


def _auto(named: dict[str, list[Field]]) -> Iterator[Step]:
    for found in named.get("auto-submitted", ()):
        if _AUTO.search(found.value[:200]):
            yield Step("auto_forwarded", found)
    for name in ("x-ms-exchange-inbox-rules-loop", "x-autoforward", "x-autoforwarded"):
        for found in named.get(name, ()):
            yield Step("auto_forwarded", found, by=found.value[:200].strip() or None)
