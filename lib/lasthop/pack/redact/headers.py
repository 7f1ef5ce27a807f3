"""Mail headers in a text: where the header block of an original stands, and the people that it names."""

import re
from collections.abc import Iterator

from lasthop.pack.redact.encoded import without_words

_QUOTE = r"[ \t>|]*"
_ORIGINAL = re.compile(
    rf"^(?:From \S+ +(?:[A-Z][a-z][a-z]\b|[0-9])|{_QUOTE}(?i:Content-(?:Type|Transfer-Encoding|Disposition)"
    r"|Received|Message-ID|MIME-Version|Return-Path|Delivered-To|From|Sender|Reply-To|To|Cc|Subject"
    r"|差出人|宛先|件名)[ \t]*[:：])",
    re.MULTILINE,
)
_NAMED = r"[A-Za-z][A-Za-z0-9-]*:[^\n]*\n(?:[ \t]+\S[^\n]*\n)*"
_FIRST = re.compile(rf"\s*(?=(?:{_NAMED})+(?:\n|\Z))")
"""A paragraph of nothing but fields at the very beginning, whatever their names."""
_FIELD = re.compile(rf"{_QUOTE}[!-9;-~]+[ \t]*:|From |{_QUOTE}(?:差出人|宛先|件名)[:：]|[ \t]+\S")
"""A field, the line that begins a mail in an mbox, or the folded rest of a field (RFC 5322, 2.2.3)."""
_PEOPLE = re.compile(
    rf"^{_QUOTE}(?:(?:Resent-)?(?:From|Sender|Reply-To|To|Cc|Bcc)|Return-Path|Delivered-To|X-Original-To|Errors-To"
    r"|差出人|宛先)[ \t]*[:：]([^\n]*(?:\n[ \t]+[^\n]*)*)",
    re.IGNORECASE | re.MULTILINE,
)
_MAILBOX = re.compile(r'(?:"(?:\\.|[^"\\])*"|<[^>]*>|[^,;"<]|["<](?=[^">]*$))+')
"""One of a list that is parted by commas, in Outlook by semicolons; a name in quotes may hold one."""
_ADDRESS = re.compile(r"<([^<>]*)>|([^\s<>(),;:]+@[^\s<>(),;:]+)")
_MOST = 2_000
"""Characters of one field that are read for names; the addresses in a longer one are masked all the same."""


def header_of(text: str) -> str | None:
    """The first header block of a text that looks like a mail; None for one that does not. Lines end in LF."""
    found = _FIRST.match(text) or _ORIGINAL.search(text)
    if found is None:
        return None
    lines = text.split("\n")
    here = text.count("\n", 0, found.end())
    first, stop = here, here + 1
    while first and _FIELD.match(lines[first - 1]):
        first -= 1
    while stop < len(lines) and _FIELD.match(lines[stop]):
        stop += 1
    return "".join(f"{line}\n" for line in lines[first:stop])


def people_in(header: str) -> frozenset[str]:
    """From values of everyone that the fields of a header name, with the names decoded: ``"Name" <address>``."""
    fields = (found[1][:_MOST] for found in _PEOPLE.finditer(header.replace("\r\n", "\n").replace("\r", "\n")))
    return frozenset(value for field in fields for value in _values(field))


def _values(field: str) -> Iterator[str]:
    """Taken apart before encoded words are decoded: a decoded name may hold a comma."""
    for one in _MAILBOX.findall(field.replace("\n", " ")):
        found = _ADDRESS.search(one)
        address = found[1] or found[2] if found else ""
        name = without_words(one.replace(found[0], " ") if found else one)
        name = " ".join(re.sub(r'[\\"<>()]+', " ", name).split())
        if name or address:
            yield f'"{name}" <{address}>' if name else address
