"""The closed list of reasons: what each means, whether it lasts, who can fix it and how."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

_ABBREVIATIONS = {"esp": "ESP", "dns": "DNS", "smtp": "SMTP", "tls": "TLS"}


@dataclass(frozen=True, slots=True)
class Meaning:
    """One reason. ``permanence`` is that of the reason itself; a 4xx reply makes it temporary."""

    label: str
    meaning: str
    permanence: str
    who: str
    next_step: str

    @property
    def title(self) -> str:
        """The label for people: ``Mailbox full``."""
        words = " ".join(_ABBREVIATIONS.get(word, word) for word in self.label.split("_"))
        return words[:1].upper() + words[1:]


class Reasons(Mapping[str, Meaning]):
    """Label -> meaning, in the order of the catalogue."""

    def __init__(self, meanings: Mapping[str, Meaning]) -> None:
        self._meanings = dict(meanings)

    def __getitem__(self, label: str) -> Meaning:
        return self._meanings[label]

    def __iter__(self) -> Iterator[str]:
        return iter(self._meanings)

    def __len__(self) -> int:
        return len(self._meanings)


@cache
def reasons() -> Reasons:
    """The catalogue of reasons."""
    source = resources.files("lasthop.reply").joinpath("catalogue", "reasons.toml").read_text(encoding="utf-8")
    return Reasons({label: Meaning(label=label, **entry) for label, entry in tomllib.loads(source).items()})


LABELS: frozenset[str] = frozenset(reasons())
