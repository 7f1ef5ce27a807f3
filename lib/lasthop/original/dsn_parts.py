"""A bounce mail taken apart: what its people read, the status fields, and the header of the message it is about."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.generator import BytesGenerator
from email.message import Message
from email.parser import BytesParser
from html import unescape
from io import BytesIO

from lasthop.original.mime import mime_tree

LARGEST = 1 << 20
"""Bytes of a part that are looked at: no report is longer, the message that it returns may be."""

_STATUS = ("message/delivery-status", "message/global-delivery-status")
_RETURNED = ("message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers", "message/partial")
_BREAKS = re.compile(r"<(?:br|/p|/div|/tr|/li|/h\d)\b", re.IGNORECASE)
_BOUNDARY = re.compile(r"^--([^\s-][^\r\n]{0,69}?)[ \t]*\r?$", re.MULTILINE)
_DEEPEST = 20
_SILENT = {"<style": "</style", "<script": "</script", "<!--": "--"}


@dataclass(frozen=True, slots=True)
class Parts:
    """``status`` and ``returned`` are empty where the mail has no such part; then the notice may hold them."""

    header: "Message[str, str]"
    notice: str
    status: str
    returned: bytes
    report: bool
    """Whether the mail says of itself that it is a delivery status report."""


def take_apart(data: bytes) -> Parts:
    """The parts of a mail, whatever its MIME is worth. Never raises for bad content."""
    mail = mime_tree(data)
    plain, html, status, returned = list[str](), list[str](), list[str](), b""
    for part in leaves(mail):
        kind = part.get_content_type()
        if kind in _STATUS:
            status.append(_raw_text(part))
        elif kind in _RETURNED:
            returned = returned or body_below(part)
        elif kind == "text/html":
            html.append(_text(part))
        elif kind.startswith("text/") or part is mail:
            plain.append(_text(part))
    notice = "\n\n".join(plain) if any(each.strip() for each in plain) else _without_tags("\n\n".join(html))
    if mail.is_multipart() and mail.preamble and not plain and not html:
        notice = str(mail.preamble)
    said = str(mail.get_param("report-type", "")).lower()
    return Parts(mail, notice.replace("\r\n", "\n").replace("\r", "\n"), "\n\n".join(status), returned,
                 bool(status) or "delivery-status" in said)  # fmt: skip


def leaves(part: "Message[str, str]", depth: int = 0) -> Iterator["Message[str, str]"]:
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


def body_below(part: "Message[str, str]", most: int = LARGEST) -> bytes:
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
    holder: Message[str, str] = Message()
    holder["Content-Transfer-Encoding"] = coding
    holder.set_payload(content.decode("ascii", "surrogateescape"))
    decoded = holder.get_payload(decode=True)
    return decoded if isinstance(decoded, bytes) and decoded.strip() else content


def _without_tags(html: str) -> str:
    """The words of a web page, a line for each paragraph; linear, whatever is opened and never closed."""
    lower, out, place = html.lower(), list[str](), 0
    while (begin := html.find("<", place)) >= 0:
        out.append(html[place:begin])
        silent = next((end for start, end in _SILENT.items() if lower.startswith(start, begin)), "")
        closing = lower.find(silent, begin + 4) if silent else begin
        end = html.find(">", closing) if closing >= 0 else -1
        if end < 0:
            return unescape("".join(out))
        out.append("\n" if _BREAKS.match(html, begin) else "")
        place = end + 1
    return unescape("".join(out) + html[place:])


def _raw_text(part: "Message[str, str]") -> str:
    return body_below(part).decode("utf-8", "replace")


def _text(part: "Message[str, str]") -> str:
    """The text of a part in its charset, else as UTF-8; what cannot be decoded is U+FFFD."""
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    try:
        charset = part.get_content_charset() or "utf-8"
        return content[:LARGEST].decode(charset, "replace")
    except (LookupError, UnicodeError, ValueError):
        return content[:LARGEST].decode("utf-8", "replace")
