"""A bounce mail taken apart: what its people read, the status fields, and the header of the message it is about."""

import re
from dataclasses import dataclass
from html import unescape

from lasthop.original.mime import LARGEST, Mail, body_below, leaves, mime_tree

_STATUS = ("message/delivery-status", "message/global-delivery-status")
_RETURNED = ("message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers", "message/partial")
_BREAKS = re.compile(r"<(?:br|/p|/div|/tr|/li|/h\d)\b", re.IGNORECASE)
_SILENT = {"<style": "</style", "<script": "</script", "<!--": "--"}


@dataclass(frozen=True, slots=True)
class Parts:
    """``status`` and ``returned`` are empty where the mail has no such part; then the notice may hold them."""

    header: Mail
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


def _raw_text(part: Mail) -> str:
    return body_below(part).decode("utf-8", "replace")


def _text(part: Mail) -> str:
    """The text of a part in its charset, else as UTF-8; what cannot be decoded is U+FFFD."""
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    try:
        charset = part.get_content_charset() or "utf-8"
        return content[:LARGEST].decode(charset, "replace")
    except (LookupError, UnicodeError, ValueError):
        return content[:LARGEST].decode("utf-8", "replace")
