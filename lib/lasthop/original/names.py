"""The names of header fields: what can begin one, and which are known so well that a paste can be told by them."""

import re

FIELD = re.compile(r"(?P<name>[!-9;-~]+)[ \t]{0,8}:(?P<value>.*)", re.DOTALL)
"""RFC 5322 §2.2: printable ASCII but the colon; §4.5 lets blanks stand before the colon."""

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
    if ("-" in name.strip("-") and match["name"][0].isupper()) or name.startswith("x-"):
        return name
    return None


def begins_field(text: str, current: str | None) -> bool:
    """Whether an unindented line of a header without its folds begins a field, seen the field that it may continue."""
    name = strict_name(text)
    if name is None or text[len(name)] != ":":
        return False
    value = text[len(name) + 1 :]
    words = value.split(maxsplit=1)
    if not words or value[0] in " \t":
        return True
    return not (current and current.lower().endswith(_LISTS_NAMES)) and ":" not in words[0]
