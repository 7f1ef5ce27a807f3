"""A message inside another one: attached whole, or told by the few lines that mail programs write above a forward.

Those lines (From, Date, Subject, To) are a summary: the way, the checks and the ids of the message are not among them.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from lasthop.original.charset import decode_text
from lasthop.original.lines import with_line_feeds
from lasthop.original.mime import body_below, leaves, mime_tree
from lasthop.original.reading import Original, read_original
from lasthop.original.undone import readable

LOOKED_AT = 1 << 18
"""Characters of a text in which a summary is looked for."""
LARGEST = 32 << 20
"""Bytes of an attached message."""
_LINES = 15
_PARTS = ("sender", "date", "subject", "recipient")
_NAMES = ("from", "date", "subject", "to")

_MARK = re.compile(
    r"^[ \t>]{0,40}(?:"
    r"[-=*]{2,20}[ \t]{0,3}(?:forwarded (?:message|mail)|転送(?:された)?(?:メッセージ|メール))"
    r"[ \t]{0,3}[-=*]{2,20}"
    r"|(?:begin forwarded message|転送されたメッセージ)[ \t]?[:：]"
    r"|(?P<reply>[-=*]{2,20}[ \t]{0,3}(?:original message|元の(?:メッセージ|メール))[ \t]{0,3}[-=*]{2,20}|_{20,100})"
    r")[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
"""``reply``: so begins what a reply quotes, too."""
_LABEL = re.compile(
    r"[ \t>*]{0,40}(?:(?P<sender>from|差出人|送信者)|(?P<date>date|sent|日付|日時|送信日時|送信日)"
    r"|(?P<subject>subject|件名)|(?P<recipient>to|宛先))[ \t*]{0,4}[:：][ \t*]*(?P<value>.*)",
    re.IGNORECASE,
)
_HEADER_LINE = re.compile(r"[ \t>]{0,40}(?:received|x-received|return-path|message-id)[ \t]?:", re.IGNORECASE)
_FORWARD = re.compile(r"\s*(?:fwd?|wg|tr|転送)\s*[:：]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Forwarded:
    """A message inside the one that was read; each part None where it is not told."""

    sender: str | None
    date: str | None
    """As written."""
    subject: str | None
    recipient: str | None
    line: int | None
    """Where the summary is marked in the text as it was given; None: in a part that is encoded, or attached."""
    content: bytes | None
    """The whole of an attached message; None: only its summary stands there."""
    hops: int = 0
    """``Received`` lines of an attached message."""

    @property
    def attached(self) -> bool:
        """Whether the message itself is there, and not only its summary."""
        return self.content is not None


def find_forwarded(data: bytes, original: Original) -> Forwarded | None:
    """The message that this one passes on, an attached one first; None where none is seen. ``original``: the outer."""
    text, _ = readable(data)
    if attached := _attached(text):
        return attached
    plain = with_line_feeds(text[:LOOKED_AT])
    passed_on = not original.hops or _is_forward(original)
    if found := _summary(plain, passed_on):
        return found
    kind = original.header.first("content-transfer-encoding") or original.header.first("content-type")
    parts = _texts(text) if kind else iter(())
    return next((told for part in parts if (told := _summary(part, passed_on, told_line=False))), None)


def _is_forward(original: Original) -> bool:
    subject = original.header.first("subject")
    return subject is not None and _FORWARD.match(subject.value) is not None


def _summary(text: str, passed_on: bool, *, told_line: bool = True) -> Forwarded | None:
    for mark in _MARK.finditer(text):
        if mark["reply"] and not passed_on:
            continue
        parts = _labels(text[mark.end() :].lstrip("\n").split("\n", _LINES)[:_LINES])
        if parts is not None and "sender" in parts and len(parts) > 1:
            line = text.count("\n", 0, mark.start()) + 1 if told_line else None
            return _told(parts, line)
    return None


def _told(parts: dict[str, str], line: int | None) -> Forwarded:
    sender, date, subject, recipient = (parts.get(name) or None for name in _PARTS)
    return Forwarded(sender, date, subject, recipient, line, None)


def _labels(lines: Sequence[str]) -> dict[str, str] | None:
    """The summary's parts up to the empty line after them; None where a real header stands there."""
    parts: dict[str, str] = {}
    for line in lines:
        if _HEADER_LINE.match(line):
            return None
        if found := _LABEL.match(line):
            parts.setdefault(next(name for name in _PARTS if found[name]), found["value"].strip())
        elif parts and not line.strip(" \t>"):
            break
    return parts


def _attached(data: bytes) -> Forwarded | None:
    if b"essage/rfc822" not in data:
        return None
    for part in leaves(mime_tree(data)):
        content = body_below(part, LARGEST) if part.get_content_type() == "message/rfc822" else b""
        inner = read_original(content) if content.strip() else None
        if inner and inner.header.fields:
            fields = {name: inner.header.first(shown) for name, shown in zip(_PARTS, _NAMES, strict=True)}
            told = _told({name: field.value for name, field in fields.items() if field}, None)
            return replace(told, content=content, hops=len(inner.hops))
    return None


def _texts(data: bytes) -> Iterator[str]:
    for part in leaves(mime_tree(data)):
        raw = part.get_payload(decode=True) if part.get_content_type() == "text/plain" else None
        if isinstance(raw, bytes):
            yield decode_text(raw[:LOOKED_AT], part.get_content_charset()).text.replace("\r\n", "\n")
