"""The block lists that have a name of their own, and the words that give them away."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources


@cache
def _catalogue() -> Mapping[str, Mapping[str, list[str]]]:
    source = resources.files("lasthop.reply").joinpath("catalogue", "blocklists.toml").read_text(encoding="utf-8")
    return tomllib.loads(source)


def marks() -> tuple[str, ...]:
    """The words that say by themselves that the sender is on a list."""
    return tuple(mark for entry in _catalogue().values() for mark in entry.get("marks", []))


@cache
def names() -> Mapping[str, str]:
    """Word -> name of the list, in the order in which they are asked for."""
    return {
        word: name
        for name, entry in _catalogue().items()
        for word in (*entry.get("marks", []), *entry.get("hints", []))
    }
