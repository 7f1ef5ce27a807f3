"""Which of Kuroco's old columns ``message1`` … ``message5`` is which, told by what stands in them.

The older screen says that ``202 Accepted`` appears in message3; no page defines the others, and the order changed
between screens. So the content decides, and where it does not, a person has to.
"""

import re
from collections.abc import Mapping, Sequence

from lasthop.read.formats import fold

_LABEL = re.compile(r"(?:message|メッセージ|msg)_?\[?([1-9])\]?")
_REPLY = re.compile(r'\d{3} [A-Z][a-z]+|\s*\{.*"errors"', re.DOTALL)
_STATUS = re.compile(r"[1-5]\d{2}")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")


def is_message_label(label: str) -> bool:
    """Tell the labels ``message1``, ``メッセージ[2]`` and the like."""
    return _LABEL.fullmatch(fold(label)) is not None


def tell_messages_apart(
    labels: Sequence[str], rows: Sequence[Sequence[str]], known: Mapping[str, str]
) -> dict[str, str] | None:
    """Name the field of each message column (label -> field), or None when the rows do not tell.

    ``known`` is the mapping so far: its columns and fields are settled. Columns that are empty throughout stay
    unmapped. A table without rows gives an empty mapping: there is nothing to be mistaken about.
    """
    columns = {
        label: [row[place].strip() for row in rows if row[place].strip()]
        for place, label in enumerate(labels)
        if is_message_label(label) and label not in known
    }
    columns = {label: values for label, values in columns.items() if values}
    found: dict[str, str] = {}
    for field, fits in (("status", _is_status), ("reply", _is_reply), ("recipient", _is_recipient), ("subject", bool)):
        if field in known.values():
            continue
        fitting = [label for label, values in columns.items() if label not in found and fits(values)]
        if len(fitting) == 1:
            found[fitting[0]] = field
        elif len(fitting) > 1:
            return None
    settled = {*found.values(), *known.values()}
    told = not rows or ("recipient" in settled and ("reply" in settled or "status" in settled))
    return found if told else None


def _is_status(values: list[str]) -> bool:
    return all(_STATUS.fullmatch(value) for value in values)


def _is_reply(values: list[str]) -> bool:
    return any(_REPLY.match(value) for value in values)


def _is_recipient(values: list[str]) -> bool:
    return sum(_ADDRESS.fullmatch(value) is not None for value in values) * 5 >= len(values) * 4
