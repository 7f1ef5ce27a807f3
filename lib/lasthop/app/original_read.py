"""One original, read once for all that the page shows of it: evidence, way, sentences, and its lines as given."""

import hashlib
from dataclasses import dataclass
from functools import cached_property

import streamlit as st

from lasthop.app.original_given import Given
from lasthop.explain.original import (
    Said,
    authentication_said,
    body_said,
    display_said,
    sender_said,
    trail_said,
    verdicts_said,
)
from lasthop.explain.original.answer import answer_said
from lasthop.explain.original.forwarded import forwarded_said
from lasthop.explain.original.route import route_said
from lasthop.original import Original, read_original
from lasthop.original.dsn import Dsn, read_dsn
from lasthop.original.evidence import Evidence, read_evidence
from lasthop.original.forwarded import Forwarded, find_forwarded
from lasthop.original.lines import with_line_feeds
from lasthop.original.route import Route, read_route
from lasthop.original.undone import readable
from lasthop.pack.visible import visible

LONGEST = 6_000
"""Characters of one header that are shown; the file has the whole."""
_KEPT = 3


@dataclass(frozen=True)
class ReadOriginal:
    """What was read of one original. The parts that hash or decode its body are made when they are first asked for."""

    given: Given
    sha256: str
    evidence: Evidence
    route: Route
    bounce: Dsn | None

    @property
    def original(self) -> Original:
        """Its header and hops."""
        return self.evidence.original

    @property
    def is_mail(self) -> bool:
        """Whether it is a message or the header of one: a hop, or a sender with a date or an id."""
        header = self.original.header
        named = header.first("from") and (header.first("date") or header.first("message-id"))
        return bool(self.original.hops or named or self.bounce)

    @cached_property
    def forwarded(self) -> Forwarded | None:
        """The message that it passes on; None of a bounce mail, which brings one back and is told as such."""
        return None if self.bounce else find_forwarded(self.given.content, self.original)

    @cached_property
    def answer(self) -> tuple[Said, ...]:
        """The first sentences; before all that another message is meant, where one is inside."""
        inside = (forwarded_said(self.forwarded, outer=bool(self.original.hops)),) if self.forwarded else ()
        return (*inside, *answer_said(self.evidence, self.route))

    @cached_property
    def way(self) -> tuple[Said, ...]:
        """Route, delays and clocks."""
        return route_said(self.original, self.route)

    @cached_property
    def checks(self) -> tuple[Said, ...]:
        """SPF, DKIM, DMARC; and whether the body is the one that was signed."""
        return (*authentication_said(self.evidence), *body_said(self.evidence))

    @cached_property
    def trail(self) -> tuple[Said, ...]:
        """Forwarding and lists."""
        return trail_said(self.evidence)

    @cached_property
    def filters(self) -> tuple[Said, ...]:
        """What filters say."""
        return verdicts_said(self.evidence)

    @cached_property
    def sender(self) -> tuple[Said, ...]:
        """Who sent it."""
        return sender_said(self.evidence)

    @cached_property
    def display(self) -> tuple[Said, ...]:
        """Why it may not show as it should."""
        return display_said(self.original.header)

    @cached_property
    def head(self) -> bytes:
        """What stands before the body, as it was given but in UTF-8 and without an encoding of the whole."""
        whole, body = readable(self.given.content)[0], self.original.header.body
        return whole[: len(whole) - len(body)] if body and whole.endswith(body) else whole

    @cached_property
    def _lines(self) -> list[str]:
        return with_line_feeds(self.head).split("\n")

    @cached_property
    def _ends(self) -> dict[int, int]:
        begins = sorted(found.line for found in self.original.header.fields)
        return dict(zip(begins, [*begins[1:], 0], strict=True))

    def raw(self, line: int) -> str:
        """The lines of the header field that begins at a line, as they were given; control characters made visible."""
        end = self._ends.get(line, 0)
        held: list[str] = []
        for text in self._lines[line - 1 : end - 1 if end else line + 200]:
            if not end and held and not text.strip():
                break
            held.append(text)
        shown = "\n".join(held).rstrip().encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        return visible(shown if len(shown) <= LONGEST else f"{shown[:LONGEST]} …")


def read_given(given: Given) -> ReadOriginal:
    """Read it, or take it from what this session read last: a rerun reads nothing again."""
    sha256 = hashlib.sha256(given.content).hexdigest()
    kept: dict[str, ReadOriginal] = st.session_state.setdefault("original_read", {})
    if sha256 not in kept:
        with st.spinner("Reading", show_time=True):
            evidence = read_evidence(read_original(given.content))
            kept[sha256] = ReadOriginal(given, sha256, evidence, read_route(evidence.original), read_dsn(given.content))
        while len(kept) > _KEPT:
            kept.pop(next(iter(kept)))
    return kept[sha256]
