"""Who runs the receiving server: by the name of its host, else by the recipient's domain."""

import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import resources


@cache
def _suffixes() -> Mapping[str, str]:
    """Host or domain name (and everything below it) -> provider."""
    source = resources.files("lasthop.reply").joinpath("catalogue", "providers.toml").read_text(encoding="utf-8")
    table = tomllib.loads(source)
    return {name: provider for provider, entry in table.items() for name in (*entry["hosts"], *entry["domains"])}


@lru_cache(maxsize=8192)
def provider(name: str | None) -> str | None:
    """The provider a host or domain belongs to, None when it is none of the catalogue or ``name`` is None."""
    if not name:
        return None
    labels = str(name).strip().lower().rstrip(".]>").split(".")[-5:]
    suffixes = _suffixes()
    for start in range(len(labels)):
        found = suffixes.get(".".join(labels[start:]))
        if found:
            return found
    return None


def names() -> frozenset[str]:
    """Every provider the catalogue knows."""
    return frozenset(_suffixes().values())
