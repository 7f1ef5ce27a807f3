"""The sentences of the letters, by id and language."""

import tomllib
from functools import cache
from importlib import resources
from typing import Any

DESKS = {
    "sendgrid": "to SendGrid",
    "receiver": "to a receiver's administrator",
    "kuroco": "to Kuroco's support",
    "person": "to a person who misses the mail",
}
"""The desks in the order of their letters, with the words for whom a letter goes to."""


@cache
def wordings() -> dict[str, Any]:
    """The catalogue as it stands."""
    text = resources.files("lasthop.pack.letters").joinpath("wordings.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def say(section: str, name: str, language: str = "en", **values: object) -> str:
    """A sentence with its values filled in. KeyError when there is none in the language."""
    text: str = wordings()[section][name][language]
    return text.format(**values) if values else text


def answer(variant: str) -> str | None:
    """The name of the sentence that points to the recorded answer; None where a variant has none."""
    found: str | None = wordings()["answered"].get(variant)
    return found


def stop_list_asked(variant: str) -> str | None:
    """The stop list that Kuroco is asked about; None where it is asked about none."""
    found: str | None = wordings()["stop_list_asked"].get(variant)
    return found


def why_not(desk: str, variant: str) -> str | None:
    """Why the desk gets no letter for messages of this variant; None when it gets one."""
    found: str | None = wordings()["not_made"][desk].get(variant)
    return found
