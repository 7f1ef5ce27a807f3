"""How much of what is known of people leaves with a pack."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """What leaves: everything; everything with addresses masked; or times, codes and ids alone."""

    FULL = "full"
    MASKED = "masked"
    METADATA = "metadata"


@dataclass(frozen=True)
class Redaction:
    """The choice for one pack. ``keep_domains``: the domain of a masked address stands as it is."""

    level: Level = Level.FULL
    keep_domains: bool = False

    @property
    def in_words(self) -> str:
        """One sentence for the README and the preview."""
        if self.level is Level.FULL:
            return "Nothing is masked."
        domains = "their domains are kept" if self.keep_domains else "with their domains; names of mail servers stay"
        said = f"E-mail addresses and names of senders are masked, {domains}."
        if self.level is Level.METADATA:
            said += (
                " Subjects, texts of replies, custom arguments, raw lines, attached files and what people wrote into"
                " the case are left out."
            )
        return said
