"""What spam filters other than Microsoft's wrote: SpamAssassin, rspamd, Proofpoint, Mimecast, Barracuda, IronPort.

Whose filter it was, a header does not prove: anybody can write one, the sender's own filter too. See `trust`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from lasthop.original.encoded import unencoded
from lasthop.original.field import Field, Header
from lasthop.original.verdict import FilterVerdict, Meaning, catalogue, meaning

LONGEST = 4000


@dataclass(frozen=True, slots=True)
class _Form:
    """One way in which a filter writes a header."""

    filter: str
    name: str
    pattern: re.Pattern[str]
    spam: frozenset[str]
    ham: frozenset[str]
    meaning: Meaning


def filter_verdicts(header: Header) -> tuple[FilterVerdict, ...]:
    """What each filter said, in the order of the message; a header that no form fits is left out."""
    forms = _forms()
    return tuple(
        verdict
        for found in header.fields
        if found.name.lower() in forms
        for verdict in _read(found, forms[found.name.lower()])
    )


def _read(found: Field, forms: tuple[_Form, ...]) -> Iterator[FilterVerdict]:
    text = unencoded(found.value[:LONGEST]).text
    for form in forms:
        if match := form.pattern.search(text):
            yield _verdict(form, match.groupdict(), match.group().strip(), found)
            return


def _verdict(form: _Form, part: dict[str, str | None], whole: str, found: Field) -> FilterVerdict:
    word = part.get("spam") or part.get("value")
    score, threshold = _number(part.get("score")), _number(part.get("threshold"))
    value = word or part.get("score") or whole
    said = (word or "").lower()
    spam = True if said in form.spam else False if said in form.ham else None
    meant = replace(form.meaning, spam=spam)
    return FilterVerdict(form.filter, form.name, value, form.name, meant, found, score, threshold)


def _number(text: str | None) -> float | None:
    return float(text) if text else None


@cache
def _forms() -> dict[str, tuple[_Form, ...]]:
    """Header in lower case -> the forms in which it is written, in the order in which they are tried."""
    return {header: tuple(_form(row) for row in rows) for header, rows in catalogue("filters").items()}


def _form(row: dict[str, Any]) -> _Form:
    return _Form(
        row["filter"],
        row["name"],
        re.compile(row["pattern"], re.IGNORECASE),
        frozenset(row.get("spam", ())),
        frozenset(row.get("ham", ())),
        meaning({**row, "spam": None}),
    )
