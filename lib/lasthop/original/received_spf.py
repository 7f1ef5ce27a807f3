"""Received-SPF (RFC 7208 §9.1): what the receiving server's check of the envelope came to."""

from dataclasses import dataclass

from lasthop.original.field import Field, Header
from lasthop.original.pairs import read_pairs
from lasthop.original.results import LONGEST
from lasthop.original.words import split_words


@dataclass(frozen=True, slots=True)
class ReceivedSpf:
    """One Received-SPF field."""

    field: Field
    result: str
    """In lower case; "" where none is written."""
    comment: str | None
    pairs: tuple[tuple[str, str], ...] = ()
    """Names in lower case: ``client-ip``, ``envelope-from``, ``helo``, ``receiver``, ``identity``."""

    def value(self, name: str) -> str | None:
        """The value of a pair; None where it is not there."""
        return dict(reversed(self.pairs)).get(name)


def received_spf(header: Header) -> tuple[ReceivedSpf, ...]:
    """Every Received-SPF field, the newest first."""
    return tuple(_read_spf(found) for found in header.all("Received-SPF"))


def _read_spf(found: Field) -> ReceivedSpf:
    words, _ = split_words(found.value[:LONGEST])
    comment = next((word.text for word in words if word.kind == "comment"), None)
    pairs = list(read_pairs([word.text for word in words if word.kind == "word"]))
    result = pairs[0][0].lower() if pairs and pairs[0][1] is None else ""
    return ReceivedSpf(found, result, comment, tuple((name, value) for name, value in pairs if value is not None))
