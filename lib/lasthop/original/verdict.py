"""One thing that a filter wrote about a message: what it says, by whom, and how well that is known."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

from lasthop.original.field import Field

Strength = Literal["documented", "vendor_tool", "seen_only", "not_documented"]
"""On a page of the vendor; worded so by a tool of the vendor; told by users or seen in mail; nobody tells."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a value means, where that is written, and whether it says spam itself."""

    says: str
    source: str
    strength: Strength
    spam: bool | None = None
    """None: the value alone does not say."""


@dataclass(frozen=True, slots=True)
class FilterVerdict:
    """One value that a filter wrote."""

    filter: str
    """Whose it is: ``Microsoft 365``, ``SpamAssassin``."""
    name: str
    """The filter's own word: ``SCL``, ``dest``, ``score``."""
    value: str
    """As written."""
    title: str
    """What the name stands for; the name itself where nobody tells."""
    meaning: Meaning | None
    """None: nobody tells what the value means."""
    field: Field
    score: float | None = None
    threshold: float | None = None
    """Above it, or at it, the filter calls a message spam; None where the header does not say."""

    @property
    def strength(self) -> Strength:
        """How well the meaning is known."""
        return self.meaning.strength if self.meaning else "not_documented"

    @property
    def spam(self) -> bool | None:
        """Whether the value says that the message is spam; None where it does not say."""
        return self.meaning.spam if self.meaning else None


@cache
def catalogue(name: str) -> Mapping[str, Any]:
    """A table of ``original/catalogue``, as it is written."""
    source = resources.files("lasthop.original").joinpath("catalogue", f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(source)


def meaning(row: Mapping[str, Any]) -> Meaning:
    """A row of a catalogue as an object; KeyError where it lacks a sentence, a source or a strength."""
    return Meaning(row["says"], row["source"], row["strength"], row.get("spam"))
