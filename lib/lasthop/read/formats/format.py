"""What is known of one format: its columns, whose voice it is, and whether its clock is documented."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Format:
    """One kind of file whose records are events."""

    name: str
    title: str
    family: str
    """The SQL file that turns its rows into events: ``sql/<family>.sql``."""
    fields: Mapping[str, tuple[str, ...]]
    """Field -> the labels that the format itself gives the column."""
    required: tuple[str, ...]
    """Without a column for each of these the file is not of this format."""
    also: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Field -> labels seen in files that people saved again; they weigh half when formats are told apart."""
    any_of: tuple[str, ...] = ()
    """At least one of these needs a column."""
    beside: frozenset[str] = frozenset()
    """Known fields without a column of their own in the event: they go to ``extra``."""
    vantage: str = "provider"
    asks_zone: bool = False
    """True when nobody documents the zone of its times: a person has to say."""
    closed: bool = False
    """True when a column that is not known means that the file is something else."""
    file_name: str | None = None
    """A pattern of file names, for formats whose headers are alike."""
    stop_list: str | None = None
    strips_tabs: bool = False
    """True when cells may carry the tab that keeps a spreadsheet from taking ``001`` for a number."""
    json: bool = False
    mail: bool = False

    @property
    def table(self) -> bool:
        """Whether its records are rows under columns, which a person can map."""
        return not (self.json or self.mail)

    def label_weights(self) -> dict[str, tuple[str, int]]:
        """Folded label -> (field, weight)."""
        loose = {fold(label): (name, 1) for name, labels in self.also.items() for label in labels}
        own = {fold(label): (name, 2) for name, labels in self.fields.items() for label in labels}
        return loose | own


def fold(label: str) -> str:
    """Bring a label to the form in which labels are compared: NFKC, lower case, one underscore for any gap."""
    plain = unicodedata.normalize("NFKC", label).strip(" \t\r\n\ufeff\"'").lower()
    return re.sub(r"[\s_-]+", "_", plain)


def unique_labels(header: Sequence[str]) -> tuple[str, ...]:
    """Name every column once: a repeated label gets `` (2)``, an empty one becomes ``column 3``."""
    copies: dict[str, int] = {}
    names = []
    for place, label in enumerate(header, 1):
        base = label.strip() or f"column {place}"
        name, copy = base, copies.get(base, 0) + 1
        if copy > 1:
            name = f"{base} ({copy})"
        while name in copies:
            copy += 1
            name = f"{base} ({copy})"
        copies[base] = copy
        copies.setdefault(name, 1)
        names.append(name)
    return tuple(names)
