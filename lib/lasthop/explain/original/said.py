"""One sentence about an original message, with the header lines that it rests on."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

from lasthop.original.field import Field

Strength = Literal[
    "stated", "claimed", "inferred", "documented", "vendor_tool", "seen_only", "not_documented", "not_found_out"
]
"""stated: the header says so itself, or the receiver's border wrote it; claimed: written by somebody whom nothing shows
to be the receiver; inferred: lasthop's conclusion; documented to not_documented: the receiver wrote a value, and its
meaning is known so well; not_found_out: the header does not say."""

_IN_WORDS = {"claimed": "only claimed", "inferred": "inferred", "not_found_out": "not found out"}
LONGEST = 120
"""Of anything that a sentence quotes from the message."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A header that a sentence rests on."""

    name: str
    """As written."""
    line: int
    """The line (1-based) of the text as it was given."""


@dataclass(frozen=True, slots=True)
class Said:
    """A plain sentence. What it quotes of the message is hostile text: show it as such."""

    text: str
    cites: tuple[Citation, ...]
    strength: Strength
    source: str | None = None
    """Where the meaning of a value is written; None where the sentence needs no source."""

    @property
    def known(self) -> str:
        """How well it is known, in words to set beside it.

        "" for what the header or its border says itself; sentences about filters say it themselves.
        """
        return _IN_WORDS.get(self.strength, "")


def cite(*fields: Field | None) -> tuple[Citation, ...]:
    """The citations of some fields, each once, in order."""
    return tuple(dict.fromkeys(Citation(found.name[:LONGEST], found.line) for found in fields if found))


def quoted(text: str | None, longest: int = LONGEST) -> str:
    """A value of the message on one line, cut where it is too long; bytes that are no UTF-8 as a replacement mark."""
    plain = " ".join((text or "").encode("utf-8", "surrogateescape").decode("utf-8", "replace").split())
    plain = "".join(char if char.isprintable() else "\ufffd" for char in plain)
    return plain if len(plain) <= longest else plain[: longest - 1] + "…"


@cache
def wording(name: str) -> Mapping[str, Any]:
    """A table of ``explain/original/catalogue``, as it is written."""
    source = resources.files("lasthop.explain.original").joinpath("catalogue", f"{name}.toml")
    return tomllib.loads(source.read_text(encoding="utf-8"))
