"""What Microsoft 365, Outlook.com and Exchange wrote: level of spam, policy, folder, composite authentication."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from lasthop.original.encoded import unencoded
from lasthop.original.field import Field, Header
from lasthop.original.results import LONGEST, Results
from lasthop.original.verdict import FilterVerdict, Meaning, catalogue, meaning

FILTER = "Microsoft 365"

FOREFRONT = "x-forefront-antispam-report"
ANTISPAM = "x-microsoft-antispam"
MAILBOX = "x-microsoft-antispam-mailbox-delivery"
SCL = "x-ms-exchange-organization-scl"
PCL = "x-ms-exchange-organization-pcl"

_BARE = {SCL: "SCL", PCL: "PCL"}
"""Headers that hold one value alone."""

_LISTS = frozenset({FOREFRONT, ANTISPAM, MAILBOX})
_HEADERS = _LISTS | frozenset(_BARE)


@dataclass(frozen=True, slots=True)
class MicrosoftField:
    """The values of one of Microsoft's headers."""

    field: Field
    values: tuple[tuple[str, str], ...]
    """In order, names and values as written; a name may come twice, a value may be empty."""

    def get(self, name: str) -> str | None:
        """The first value of a name; None where it is not there."""
        return next((value for given, value in self.values if given == name), None)


def microsoft_fields(header: Header) -> tuple[MicrosoftField, ...]:
    """Each of Microsoft's headers on spam in the order of the message.

    Those that Exchange has renamed (``…-Untrusted``, ``…-Original``: the sender's own system wrote them) are left out.
    """
    return tuple(_values(found) for found in header.fields if found.name.lower() in _HEADERS)


def _values(found: Field) -> MicrosoftField:
    name = found.name.lower()
    text = unencoded(found.value[:LONGEST]).text
    if name in _BARE:
        return MicrosoftField(found, ((_BARE[name], text.strip()),))
    return MicrosoftField(found, tuple(_pairs(text)))


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    """``NAME:value;``; a value may hold colons (an IPv6 address) and the white space of a fold."""
    for part in text.split(";"):
        name, _, value = part.partition(":")
        if name := name.strip():
            yield name, value.strip()


def microsoft_verdicts(header: Header, results: Sequence[Results] = ()) -> tuple[FilterVerdict, ...]:
    """What Microsoft says about the message, and what it means; ``results``: those of the same header, for compauth.

    Values that are for Microsoft's own engineers (SFS, ENG, ARA …) and empty ones are left out: `microsoft_fields`
    has them.
    """
    explained = _tables()
    found = [
        _verdict(name, value, each.field)
        for each in microsoft_fields(header)
        for name, value in each.values
        if value and name in explained
    ]
    return (*found, *_composite(results))


def _composite(results: Sequence[Results]) -> Iterator[FilterVerdict]:
    """``compauth=fail reason=001``: Microsoft's own word on who sent the message."""
    for given in results:
        for result in given.of("compauth"):
            yield _verdict("compauth", result.result, given.field)
            if reason := result.value("reason"):
                yield _verdict("reason", reason, given.field)


def _verdict(name: str, value: str, found: Field) -> FilterVerdict:
    title, values, any_value = _tables()[name]
    meant = (
        values.get(value) or values.get(f"{value[:1]}xx" if len(value) == 3 and value.isdigit() else "") or any_value
    )
    return FilterVerdict(FILTER, name, value, title, meant, found)


@cache
def _tables() -> dict[str, tuple[str, dict[str, Meaning], Meaning | None]]:
    """Name of a field -> its title, the meaning of each value, and that of any value."""
    return {
        name: (
            table["title"],
            {value: meaning(row) for value, row in table.get("values", {}).items()},
            meaning(table["any"]) if "any" in table else None,
        )
        for name, table in catalogue("microsoft").items()
    }
