"""From column labels to a format and its mapping."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lasthop.errors import InputError, UnreadableFile
from lasthop.read.formats import FORMATS, Format, fold, unique_labels
from lasthop.read.messages import is_message_label, tell_messages_apart


@dataclass(frozen=True)
class Match:
    """One format that the columns fit, and how well."""

    format: Format
    mapping: dict[str, str]
    score: int


def format_named(name: str) -> Format:
    """The format of that name; raises ``InputError`` with the names there are."""
    if name not in FORMATS:
        raise InputError(f"There is no format {name!r}.", "Formats: " + ", ".join(FORMATS) + ".")
    return FORMATS[name]


def match(fmt: Format, header: Sequence[str], rows: Sequence[Sequence[str]], given: Mapping[str, str]) -> Match | None:
    """Fit the columns to one format; None when they do not.

    ``given`` (label -> field) is what a person says: it wins over the labels that the format knows.
    """
    labels, weights = unique_labels(header), fmt.label_weights()
    if not set(given.values()) <= weights_fields(fmt):
        return None
    mapping, score = dict(given), 4 * len(given)
    for weight in (2, 1):
        for label in labels:
            field, its_weight = weights.get(fold(label), ("", 0))
            if its_weight == weight and label not in mapping and field not in mapping.values():
                mapping[label], score = field, score + weight
    if fmt.name == "kuroco_mail_log":
        found = tell_messages_apart(labels, rows, mapping)
        if found:
            mapping, score = mapping | found, score + 2 * len(found)
    strangers = fmt.closed and len(mapping) < len(labels)
    if strangers and not given:
        return None
    return Match(fmt, mapping, score) if not missing(fmt, mapping) else None


def missing(fmt: Format, mapping: Mapping[str, str]) -> list[str]:
    """The required fields that no column is mapped to."""
    fields = set(mapping.values())
    lacking = [each for each in fmt.required if each not in fields]
    if fmt.any_of and not fields & set(fmt.any_of):
        lacking.append(" or ".join(fmt.any_of))
    return lacking


def weights_fields(fmt: Format) -> set[str]:
    """Every field that a column of this format can be mapped to."""
    return {*fmt.fields, *fmt.also}


def choose(matches: Sequence[Match], name: str) -> list[Match]:
    """The best matches: one when it is certain, several when only a person can tell.

    Formats with the same header are told apart by the file's name (``suppression_blocks (1).csv``).
    """
    if not matches:
        return []
    named = [one for one in matches if one.format.file_name and re.search(one.format.file_name, name.lower())]
    if len(named) == 1:
        return named
    best = max(one.score for one in matches)
    return [one for one in matches if one.score == best]


def check_given(given: Mapping[str, str], header: Sequence[str], shown: str) -> None:
    """Raise ``UnreadableFile`` when a person's mapping names what is not there, or two columns for one field."""
    fields = list(given.values())
    for field in fields:
        if fields.count(field) > 1:
            raise UnreadableFile(f"Two columns are mapped to {field!r}.", hint="Map one column to each field.")
    labels = unique_labels(header)
    for label, field in given.items():
        if label not in labels:
            raise UnreadableFile(
                f"{shown} has no column {label!r}.", f"Its columns: {', '.join(labels)}.", "Mend the mapping."
            )
        if not any(field in weights_fields(fmt) for fmt in FORMATS.values()):
            known = sorted({each for fmt in FORMATS.values() for each in weights_fields(fmt)})
            raise UnreadableFile(f"There is no field {field!r}.", f"Fields: {', '.join(known)}.", "Mend the mapping.")


def not_recognised(
    header: Sequence[str], rows: Sequence[Sequence[str]], given: Mapping[str, str], wanted: Format | None, shown: str
) -> UnreadableFile:
    """Say which columns were seen, what is missing, and how to name them."""
    labels = unique_labels(header)
    seen = "Its columns: " + ", ".join(labels[:40])[:600] + "."
    if any(is_message_label(label) for label in labels) and (wanted is None or wanted.name == "kuroco_mail_log"):
        return UnreadableFile(
            f"The message columns of {shown} cannot be told apart.",
            seen,
            "Say which is which: map one column to recipient, one to reply, and the subject to subject.",
        )
    how = 'Name the format and map the columns, for example "Email id" to recipient.'
    if wanted is None:
        return UnreadableFile(f"{shown} is in none of the formats that can be read.", seen, how)
    weights = wanted.label_weights()
    fields = {*given.values(), *(weights[fold(label)][0] for label in labels if fold(label) in weights)}
    lacking = missing(wanted, {field: field for field in fields})
    what = f"No column for: {', '.join(lacking)}. " if lacking else "It has columns that this format does not know. "
    strange = sorted(set(given.values()) - weights_fields(wanted))
    if strange:
        what = f"This format has no field {', '.join(strange)}; it has {', '.join(sorted(weights_fields(wanted)))}. "
    return UnreadableFile(f"{shown} is not a {wanted.title}.", what + seen, how)
