"""Which e-mail addresses of people leave with a pack."""

import re
from collections.abc import Iterator, Mapping

from lasthop.explain import Dossier

_ADDRESS = re.compile(r"[^\s<>\"',;:()\[\]@]+@[^\s<>\"',;:()\[\]@]+")
_HEADER_FIELD = re.compile(
    r"^(?:from|to|cc|bcc|reply-to|sender|return-path|delivered-to|x-original-to):(.*(?:\r?\n[ \t].*)*)",
    re.IGNORECASE | re.MULTILINE,
)


def addresses_in_text(text: str) -> set[str]:
    """The addresses in a From or To as people write it, lower-cased: with or without a name and angle brackets."""
    return {found.lower() for found in _ADDRESS.findall(text)}


def addresses_of(known: Dossier) -> set[str]:
    """Recipients and senders of a message and of its events, lower-cased."""
    message = known.message
    found = {name.lower() for name in (message.recipient, *(e["recipient"] for e in known.timeline)) if name}
    for sender in {message.sender, *(event["sender"] for event in known.timeline)}:
        found |= addresses_in_text(sender or "")
    return found


def addresses_of_ticket(ticket: Mapping[str, str]) -> set[str]:
    """Senders that were filled in, and who the pasted header is from and to."""

    def texts() -> Iterator[str]:
        yield from (value for key, value in ticket.items() if key.startswith("sender:"))
        yield from (found[1] for found in _HEADER_FIELD.finditer(ticket.get("header", "")))

    return {address for text in texts() for address in addresses_in_text(text)}
