"""What the catalogue says: causes with who can fix them, the steps to take, and where in the menus that is."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True)
class Step:
    """One thing to do, and where the advice comes from.

    ``menu`` is the current menu path, literally, ``menu_before`` the older English one; None where the step has none or
    none is known. ``inferred`` marks advice that no page states.
    """

    text: str
    source: str
    menu: str | None = None
    menu_before: str | None = None
    inferred: bool = False

    @property
    def origin(self) -> str:
        """The source with its mark: ``Kuroco manual: mail log (inferred)``."""
        return self.source + (" (inferred)" if self.inferred else "")

    @property
    def place(self) -> str:
        """Where in the menus, both old and new; empty without any."""
        before = f" (before: {self.menu_before})" if self.menu_before and self.menu_before != self.menu else ""
        return f"{self.menu}{before}" if self.menu else ""

    @property
    def in_words(self) -> str:
        """The whole step on one line: ``Do this. In [A] → [B] (Kuroco manual)``."""
        return f"{self.text}{f' In {self.place}' if self.menu else ''} ({self.origin})"


@dataclass(frozen=True)
class Cause:
    """An entry of the catalogue: ``cause`` in a few words, ``says`` in a sentence.

    ``signal`` holds the conditions by which it is matched, as the catalogue gives them; ``symptom`` what a person sees
    whom no event tells of it, empty elsewhere.
    """

    id: str
    cause: str
    says: str
    who: str
    limits: tuple[str, ...]
    next_steps: tuple[Step, ...]
    symptom: str
    signal: Mapping[str, Any]


_WORDS = ("id", "cause", "says", "who", "limits", "next_steps", "symptom")


@cache
def causes(name: str) -> tuple[Cause, ...]:
    """The entries of ``catalogue/<name>.toml`` in their order."""
    return tuple(
        Cause(
            id=entry["id"],
            cause=entry["cause"],
            says=entry["says"],
            who=entry["who"],
            limits=tuple(entry["limits"]),
            next_steps=steps(entry["next_steps"]),
            symptom=entry.get("symptom", ""),
            signal={key: value for key, value in entry.items() if key not in _WORDS},
        )
        for entry in catalogue(name)["cause"]
    )


def steps(entries: list[dict[str, Any]]) -> tuple[Step, ...]:
    """Steps of the catalogue with their menus looked up."""
    return tuple(_step(**entry) for entry in entries)


def _step(text: str, source: str, menu: str = "", inferred: bool = False) -> Step:
    place = catalogue("menus")[menu] if menu else {}
    return Step(text, source, place.get("now"), place.get("before"), inferred)


@cache
def catalogue(name: str) -> dict[str, Any]:
    """A file of the catalogue as it stands."""
    text = resources.files("lasthop.explain").joinpath("catalogue", f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
