"""The fields of a delivery status (RFC 3464 §2), out of its own MIME part or out of a text that holds them.

A mailer that breaks its MIME, or forwards a report as plain text, still writes the fields; so they are read by their
names, wherever they stand.
"""

import re

_NAMES = frozenset(
    (
        "original-envelope-id", "reporting-mta", "dsn-gateway", "received-from-mta", "arrival-date",
        "original-recipient", "final-recipient", "action", "status", "remote-mta", "diagnostic-code",
        "last-attempt-date", "final-log-id", "will-retry-until",
    )
)  # fmt: skip
_FIELD = re.compile(r"[ \t>]{0,8}([A-Za-z][A-Za-z-]{3,30}):[ \t]*(.*)")
_OF_RECIPIENT = ("final-recipient", "original-recipient", "action", "status")

Fields = dict[str, str]
"""Name in lower case -> value, unfolded; the first of a repeated field counts."""


def status_blocks(text: str) -> tuple[Fields, list[Fields]]:
    """The fields that are about the message, and those about each recipient; empty where the text holds none."""
    about, recipients = Fields(), list[Fields]()
    for block in _blocks(text):
        if "final-recipient" in block or ("original-recipient" in block and "action" in block):
            recipients.append(block)
        else:
            for name, value in block.items():
                about.setdefault(name, value)
    if recipients and not about:
        about = {name: value for name, value in recipients[0].items() if name not in _OF_RECIPIENT}
    return about, recipients


def typed(value: str | None) -> str | None:
    """What stands after the type of a typed field: ``rfc822; someone@example.com``, ``dns;mx.example.com``."""
    if value is None:
        return None
    kind, mark, rest = value.partition(";")
    plain = rest if mark and re.fullmatch(r"\s*[\w-]+\s*", kind) else value
    return plain.strip() or None


def _blocks(text: str) -> list[Fields]:
    """Runs of known fields; a blank line, or a second recipient, begins another run."""
    blocks, name = [Fields()], ""
    for line in text.splitlines():
        found = _FIELD.match(line)
        known = found is not None and (found[1].lower() in _NAMES or found[1].lower().startswith("x-"))
        if found and known:
            name = found[1].lower()
            if name in blocks[-1] and name in ("final-recipient", "reporting-mta"):
                blocks.append(Fields())
            name = name if name not in blocks[-1] else ""
            if name:
                blocks[-1][name] = found[2].strip()
        elif line[:1] in " \t" and line.strip() and name:
            blocks[-1][name] = f"{blocks[-1][name]} {line.strip()}".strip()
        else:
            name = ""
            if blocks[-1] and (not line.strip() or found is None):
                blocks.append(Fields())
    return [block for block in blocks if _NAMES & block.keys()]
