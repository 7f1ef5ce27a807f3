"""A header as it stands in a message: its fields in order, each with the line where it was found."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Defect:
    """Something that is not as the RFCs want it, or that had to be guessed."""

    code: str
    """A short word for machines: ``junk_line``, ``no_stamp`` …"""
    says: str
    """A sentence for people; it quotes nothing of the message that could be long."""
    line: int | None = None
    """The line (1-based) of the text as it was given; None: of the message as a whole."""


@dataclass(frozen=True, slots=True)
class Field:
    """One header field. Bytes that are no UTF-8 stand as surrogate escapes: nothing is lost."""

    name: str
    """As written, without the colon."""
    value: str
    """Unfolded (RFC 5322 §2.2.3: each line break of a fold taken out, its white space kept), stripped at both ends."""
    line: int
    """The line (1-based) of the text as it was given where the field begins."""


@dataclass(frozen=True, slots=True)
class Header:
    """The fields of one header, in the order of the message: the newest hop first."""

    fields: tuple[Field, ...] = ()
    defects: tuple[Defect, ...] = ()
    body: bytes = field(default=b"", repr=False)
    """What follows the empty line; b"" where only a header was given."""
    _named: dict[str, list[Field]] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        for found in self.fields:
            self._named.setdefault(found.name.lower(), []).append(found)

    def all(self, name: str) -> tuple[Field, ...]:
        """All fields of a name, whatever its case, in order."""
        return tuple(self._named.get(name.lower(), ()))

    def first(self, name: str) -> Field | None:
        """The topmost field of a name, else None."""
        return next(iter(self._named.get(name.lower(), ())), None)
