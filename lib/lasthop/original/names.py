"""The names of header fields: what can begin one, and which are known so well that a paste can be told by them."""

import re

FIELD = re.compile(r"(?!\d{1,2}:\d\d)(?P<name>[!-9;-~]+)[ \t]{0,8}:(?P<value>.*)", re.DOTALL)
"""RFC 5322 §2.2: printable ASCII but the colon; §4.5 lets blanks stand before it. A time of day is no name."""

_STRICT = re.compile(r"(?P<name>[A-Za-z][A-Za-z0-9_-]{0,76})(?P<blank>[ \t]{0,8}):")

_KNOWN = frozenset((
    "received", "from", "to", "cc", "bcc", "date", "subject", "sender", "references", "keywords", "comments",
    "organization", "organisation", "precedence", "priority", "importance", "sensitivity", "lines", "status", "path",
    "newsgroups", "encoding", "approved", "xref",
))  # fmt: skip
_LISTS_NAMES = ("signature", "arc-seal")
"""Fields whose ``h=`` lists the names of others, with colons between: DKIM-Signature, ARC-Message-Signature."""


def strict_name(text: str) -> str | None:
    """The name of a field that surely begins here, in lower case: a known one, or one of several words."""
    match = _STRICT.match(text)
    if not match:
        return None
    name = match["name"].lower()
    if name in _KNOWN:
        return name
    if match["blank"]:
        return None
    return name if "-" in name.strip("-") else None


def begins_field(text: str, current: str | None) -> bool:
    """Whether an unindented line of a header without its folds begins a field, seen the field that it may continue."""
    text = text.removeprefix(">")  # as mbox escapes a line; such a field is one, if not the one that it looks like
    name = strict_name(text)
    if name is None or text[len(name)] != ":":
        return False
    value = text[len(name) + 1 :]
    words = value.split(maxsplit=1)
    apart = not words or value[0] in " \t"
    if current and current.lower().endswith(_LISTS_NAMES) and (text[0].islower() or not apart):
        return False
    if current == "Received" and text[0].islower():
        return False  # a remark of a server between the clauses: smtp-auth: <none>
    return apart or ":" not in words[0]
