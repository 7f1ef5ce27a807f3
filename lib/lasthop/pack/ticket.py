"""What Kuroco's support asks for before it looks into mail that did not arrive, and what of it is still missing."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lasthop.model.outcomes import Outcome
from lasthop.pack.case import Case
from lasthop.pack.receiver_zones import HINT, RECEIVER_ZONES, chosen_zones
from lasthop.pack.reference import Reference, parse_management_url
from lasthop.trace import Message

__all__ = [
    "FIELDS",
    "Field",
    "Reference",
    "each_of",
    "missing",
    "parse_management_url",
    "per_message",
    "reference_in_words",
]


@dataclass(frozen=True)
class Field:
    """One thing that is asked for. ``each``: once for every message, under the key that `per_message` gives."""

    label: str
    hint: str
    each: bool = False


_SHOW_ORIGINAL = (
    "Gmail: open the message, More (three dots), Show original, Copy to clipboard. "
    "Outlook: open the message in its own window, File, Properties, Internet headers. "
    "Apple Mail: View, Message, All headers. Paste the whole text."
)

FIELDS: dict[str, Field] = {
    "reference": Field(
        "Form or notification",
        "Open the form or the notification in Kuroco's management screen and copy the address of the page, or its id; "
        "where there are several, one a line.",
    ),
    "header": Field("Header of the message as it was received", _SHOW_ORIGINAL),
    "number": Field(
        "Inquiry no.",
        "Form, list of answers, column No.; where one message has several, all of them. "
        "There is none where the form does not keep its data in the database.",
        each=True,
    ),
    "sender": Field(
        "From", "The sender address of the form or notification; the Kuroco mail log does not show it.", each=True
    ),
    "recipient": Field("To", "The address that the message was sent to.", each=True),
    "time": Field("Date and time", "When the form was received or the notification sent.", each=True),
}

NAMED = 5
"""So many messages are named in one sentence."""

ARRIVED = (Outcome.ACCEPTED, Outcome.ACCEPTED_THEN_BOUNCED, Outcome.COMPLAINED)
"""A receiving server is known to have accepted the message: its header as received exists."""


def per_message(name: str, message: str) -> str:
    """The key under which the ticket keeps field ``name`` of one message: ``number:m0123…``."""
    return f"{name}:{message}"


def each_of(text: str) -> list[str]:
    """The values of a field that may hold several, one a line or parted by commas: numbers, senders, references.

    An address of a page may hold a comma itself, so only a comma before white space or between digits parts.
    """
    found = re.split(r"[\r\n]+|[,、，;]\s+|[、，]|(?<=[0-9])[,;](?=[0-9]+(?:[,;\s]|$))", text)
    return list(dict.fromkeys(part.strip() for part in found if part.strip()))


def reference_in_words(text: str) -> str | None:
    """``form 12 on the site aozora``, ``id 12`` for digits alone, several parted by ``; ``.

    None when one of them names nothing.
    """
    said = [_one_reference(one) for one in each_of(text)]
    return "; ".join(filter(None, said)) if said and all(said) else None


def _one_reference(text: str) -> str | None:
    if re.fullmatch(r"[0-9]+", text.strip()):
        return f"id {text.strip()}"
    found = parse_management_url(text)
    if found is None:
        return None
    return f"{found.kind} {found.id}" + (f" on the site {found.site}" if found.site else "")


def missing(case: Case, messages: Sequence[Message], *, original: bool = False) -> list[str]:
    """What the ticket still lacks, a sentence each, with how to get it. Empty: all that support asks for is there.

    ``original``: the header is there in a file, which `has_original` tells.
    """
    of_messages = (_of_messages(case, messages, name) for name, wanted in FIELDS.items() if wanted.each)
    header = () if original and not case.ticket.get("header", "").strip() else _of_header(case, messages)
    return [*_of_reference(case), *header, *filter(None, of_messages), *_of_zones(case)]


def why_no_header(case: Case, messages: Sequence[Message], *, original: bool = False) -> str | None:
    """Why the header is not asked for although it is not there; None where it is asked for, or there."""
    if original or case.ticket.get("header", "").strip() or not messages:
        return None
    if _arrived(messages):
        return None
    return (
        "No header is asked for: no server is known to have accepted any of these messages, so nobody received one. "
        "Where one did arrive, paste its header."
    )


def not_supplied(case: Case, messages: Sequence[Message], *, original: bool = False) -> list[str]:
    """What the reader of a pack will look for in vain, in a few words each; nothing that the sender is to do.

    The received header is not looked for where no server accepted any message, or where a file of the pack holds it.
    """
    texts = {name: case.ticket.get(name, "").strip() for name in ("reference", "header")}
    header_wanted = not original and bool(_arrived(messages))
    absent = [
        name
        for name, wanted in FIELDS.items()
        if not wanted.each and not texts[name] and (name != "header" or header_wanted)
    ]
    parts = [FIELDS[name].label[0].lower() + FIELDS[name].label[1:] for name in absent]
    for name, wanted in FIELDS.items():
        lacking = _lacking(case, messages, name) if wanted.each else []
        if lacking:
            parts.append(f"{wanted.label} of {_named(lacking)}")
    return parts


def _of_reference(case: Case) -> Iterator[str]:
    text, wanted = case.ticket.get("reference", "").strip(), FIELDS["reference"]
    if not text:
        yield f"The id or management URL of the form or notification is missing. {wanted.hint}"
    elif reference_in_words(text) is None:
        yield f"The reference to the form or notification is neither an id nor a page of one. {wanted.hint}"


def _arrived(messages: Sequence[Message]) -> list[str]:
    return [message.message for message in messages if message.outcome in ARRIVED]


def _of_header(case: Case, messages: Sequence[Message]) -> Iterator[str]:
    text = case.ticket.get("header", "").strip()
    arrived = _arrived(messages)
    if not text and (arrived or not messages):
        some = f" There can be one for {_named(arrived)} only." if 0 < len(arrived) < len(messages) else ""
        yield f"The header of the message as it was received is missing.{some} {FIELDS['header'].hint}"
    elif text and not re.search(r"^(received|message-id):", text, re.IGNORECASE | re.MULTILINE):
        yield f"The header has neither a Received nor a Message-ID line: it is not whole. {FIELDS['header'].hint}"


def _of_zones(case: Case) -> Iterator[str]:
    _, odd = chosen_zones(case.ticket.get(RECEIVER_ZONES, ""))
    for line in odd[:NAMED]:
        yield f"{line[:100]!r} names no receiver with its time zone, so its letter does without. {HINT}"


def _of_messages(case: Case, messages: Sequence[Message], name: str) -> str | None:
    """One sentence for all messages that lack the field, None when none does."""
    lacking = _lacking(case, messages, name)
    return f"{FIELDS[name].label} of {_named(lacking)} is missing. {FIELDS[name].hint}" if lacking else None


def _lacking(case: Case, messages: Sequence[Message], name: str) -> list[str]:
    """The messages without the field, none where it is not asked for."""
    references = [parse_management_url(one) for one in each_of(case.ticket.get("reference", ""))]
    if name == "number" and references and all(one and one.kind != "form" for one in references):
        return []  # the reference names the answer itself, or a notification, which has no inquiries
    return [message.message for message in messages if not _value(case, message, name)]


def _named(lacking: Sequence[str]) -> str:
    more = f" and {len(lacking) - NAMED} more" if len(lacking) > NAMED else ""
    of = "message" if len(lacking) == 1 else "messages"
    return f"{of} {', '.join(lacking[:NAMED])}{more}"


def _value(case: Case, message: Message, name: str) -> str:
    """What the sources tell, else what was filled in."""
    told = {"sender": message.sender, "recipient": message.recipient, "time": str(message.sent_ms)}
    return told.get(name) or case.ticket.get(per_message(name, message.message), "").strip()
