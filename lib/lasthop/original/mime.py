"""The MIME tree of a message and its parts, by the stdlib under ``compat32``; ``policy.default`` changed senders.

A body of one part is taken as it stands: the stdlib would go through it line by line, of which there may be millions.
"""

import re
from collections.abc import Iterator
from email import policy
from email.generator import BytesGenerator
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from io import BytesIO
from typing import TypeAlias

Mail: TypeAlias = "Message[str, str]"

LARGEST = 1 << 20
"""Bytes of a part that are looked at: no report is longer, the message that it returns may be."""

_END = re.compile(rb"(?:\r\n|\r(?!\n)|\n)(?:\r\n|\r|\n)")
_NESTED = re.compile(rb"^content-type[ \t]*:\s*(?:multipart|message)/", re.IGNORECASE | re.MULTILINE)
_BOUNDARY = re.compile(r"^--([^\s-][^\r\n]{0,69}?)[ \t]*\r?$", re.MULTILINE)
_DEEPEST = 20


def mime_tree(data: bytes) -> Mail:
    """The parts of a message. Never raises for bad content, but the stdlib may where a part is asked for its text."""
    end = _END.search(data)
    if end is None or _NESTED.search(data, 0, end.end()):
        return BytesParser(policy=policy.compat32).parsebytes(data)
    mail: Mail = BytesHeaderParser(policy=policy.compat32).parsebytes(data[: end.end()])
    if mail.get_payload():  # what follows a line that is no field is body to the stdlib
        return BytesParser(policy=policy.compat32).parsebytes(data)
    mail.set_payload(data[end.end() :].decode("ascii", "surrogateescape"))
    return mail


def leaves(part: Mail, depth: int = 0) -> Iterator[Mail]:
    """The parts that are no multipart; a returned message and a status are one part each."""
    inside = part.get_payload() if part.get_content_maintype() == "multipart" else None
    if isinstance(inside, str) and depth < _DEEPEST and (found := _BOUNDARY.search(inside[:LARGEST])):
        # The boundary is not in the header, as where a fold has lost its white space: the first line tells it.
        again = f"Content-Type: multipart/mixed; boundary={_quoted(found[1])}\n\n{inside}"
        inside = [BytesParser(policy=policy.compat32).parsebytes(again.encode("utf-8", "surrogateescape"))]
    if isinstance(inside, list):
        for each in inside:
            if isinstance(each, Message):
                yield from leaves(each, depth + 1)
    else:
        yield part


def _quoted(boundary: str) -> str:
    """A boundary as a quoted string (RFC 2045 §5.1)."""
    return '"' + boundary.replace("\\", "\\\\").replace('"', '\\"') + '"'


def body_below(part: Mail, most: int = LARGEST) -> bytes:
    """The bytes below the part's own header, decoded: that many at most."""
    out = BytesIO()
    try:
        BytesGenerator(out, mangle_from_=False, maxheaderlen=0).flatten(part)
    except (UnicodeError, LookupError, ValueError, TypeError, AttributeError):
        return b""
    content = out.getvalue()[: 8 * most].replace(b"\r\n", b"\n").partition(b"\n\n")[2][:most]
    coding = str(part.get("Content-Transfer-Encoding", "")).strip().lower()
    if coding not in ("base64", "quoted-printable"):
        return content
    holder: Mail = Message()
    holder["Content-Transfer-Encoding"] = coding
    holder.set_payload(content.decode("ascii", "surrogateescape"))
    decoded = holder.get_payload(decode=True)
    return decoded if isinstance(decoded, bytes) and decoded.strip() else content
