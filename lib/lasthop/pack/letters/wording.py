"""The sentences of the letters, by id and language."""

import tomllib
from functools import cache
from importlib import resources
from typing import Any


@cache
def wordings() -> dict[str, Any]:
    """The catalogue as it stands."""
    text = resources.files("lasthop.pack.letters").joinpath("wordings.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def say(section: str, name: str, language: str = "en", **values: object) -> str:
    """A sentence with its values filled in. KeyError when there is none in the language."""
    text: str = wordings()[section][name][language]
    return text.format(**values) if values else text


def why_not(desk: str, variant: str) -> str | None:
    """Why the desk gets no letter for messages of this variant; None when it gets one."""
    found: str | None = wordings()["not_made"][desk].get(variant)
    return found
