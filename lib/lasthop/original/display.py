"""Why a message may not show as it should: charsets, encoded words, MIME. Each trouble with the bytes that show it.

The parts are those of `mime.mime_tree`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import errors
from email.message import Message

from lasthop.original.encoded import unencoded
from lasthop.original.field import Field, Header
from lasthop.original.mime import Mail, mime_tree
from lasthop.original.part_text import SHOWN, bad_bytes
from lasthop.original.verdict import catalogue

LONGEST_LINE = 998
"""RFC 5322 §2.1.1, without the line end."""

_LONG = re.compile(rb"(?<![^\r\n])[^\r\n]{%d}" % (LONGEST_LINE + 1))
_SPACED = re.compile(r"=\?[^?\s=]{1,60}\?[BbQq]\?(?=[^?\r\n]{0,2000}\?=)[^?\r\n\s]{0,2000}[ \t]")
_HIGH = re.compile(rb"[\x80-\xff]+")
_SHOWN_IN_HEADERS = frozenset({"from", "to", "cc", "reply-to", "sender", "subject", "comments", "keywords"})
_MIME = ("mime-version", "content-type", "content-transfer-encoding", "content-disposition")
_ENCODINGS = frozenset(
    {"", "7bit", "8bit", "binary", "base64", "quoted-printable", "x-uuencode", "uuencode", "uue", "x-uue"}
)
_DEFECTS = {
    errors.NoBoundaryInMultipartDefect: "no_boundary",
    errors.StartBoundaryNotFoundDefect: "boundary_never_starts",
    errors.CloseBoundaryNotFoundDefect: "boundary_never_closes",
    errors.InvalidMultipartContentTransferEncodingDefect: "encoding_on_multipart",
    errors.InvalidBase64PaddingDefect: "invalid_base64",
    errors.InvalidBase64CharactersDefect: "invalid_base64",
    errors.InvalidBase64LengthDefect: "invalid_base64",
}
MOST_PARTS = 500


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that can spoil how the message is shown."""

    code: str
    """A name of ``catalogue/display.toml``."""
    says: str
    effect: str
    source: str
    strength: str
    field: Field | None = None
    """The header it is in; None: it is in the body."""
    part: str | None = None
    """The part of the body by number, ``1.2``; None: of the header, or of the body as a whole."""
    place: int | None = None
    """Where in the decoded part, or in the body, the bytes begin; None where there are none to show."""
    shown: bytes = b""
    seems: str | None = None
    """The charset that the bytes fit, where another one was named."""


def troubles(header: Header) -> tuple[Trouble, ...]:
    """Every trouble, those of the header first. Linear in the size; whatever stands in the message gives a result.

    Without a body nothing is said of the body.
    """
    found = [*_in_headers(header), *_no_version(header)]
    if header.body.strip():
        found += [*_in_lines(header.body), *_in_parts(header)]
    return tuple(found)


def _trouble(code: str, **where: object) -> Trouble:
    row = catalogue("display")[code]
    return Trouble(code, row["says"], row["effect"], row["source"], row["strength"], **where)  # type: ignore[arg-type]


def _in_headers(header: Header) -> Iterator[Trouble]:
    for found in header.fields:
        if found.name.lower() not in _SHOWN_IN_HEADERS:
            continue
        if not found.value.isascii():
            raw = found.value.encode("utf-8", "surrogateescape")
            bare = _HIGH.search(raw)
            shown = bare.group()[:SHOWN] if bare else b""
            code = "raw_bytes_header" if _has_no_text(found.value) else "raw_utf8_header"
            yield _trouble(code, field=found, place=bare.start() if bare else None, shown=shown)
        if "=?" not in found.value:
            continue
        for defect in unencoded(found.value).defects:
            code = defect if defect == "invalid_word" else f"word_{defect}"
            yield _trouble(code, field=found, shown=_word_bytes(found.value))
        if spaced := _SPACED.search(found.value):
            yield _trouble("spaces_in_word", field=found, place=spaced.start(), shown=_start(spaced.group()))


def _has_no_text(value: str) -> bool:
    """Whether some of its bytes are no UTF-8: they stand as surrogates."""
    return any("\udc80" <= char <= "\udcff" for char in value)


def _word_bytes(value: str) -> bytes:
    return _start(value[value.find("=?") :])


def _start(text: str) -> bytes:
    return text[: SHOWN * 2].encode("utf-8", "surrogateescape")


def _no_version(header: Header) -> Iterator[Trouble]:
    kind = header.first("Content-Type") or header.first("Content-Transfer-Encoding")
    if kind and not header.all("MIME-Version"):
        yield _trouble("no_mime_version", field=kind)


def _in_lines(body: bytes) -> Iterator[Trouble]:
    if long := _LONG.search(body):
        yield _trouble("long_line", place=long.start(), shown=long.group()[:SHOWN])
    if (nul := body.find(b"\0")) >= 0:
        yield _trouble("nul", place=nul, shown=body[max(nul - 4, 0) : nul + 4])


def _in_parts(header: Header) -> Iterator[Trouble]:
    try:
        mail = _mime(header)
        leaves = list(_leaves(mail, ""))
        yield from _missing_text(mail, leaves)
        for number, part in leaves:
            yield from _in_part(number, part)
    except (RecursionError, LookupError, ValueError, TypeError, AssertionError, AttributeError):
        yield _trouble("broken_mime")  # the stdlib stumbles over MIME that is nested or wrong enough


def _mime(header: Header) -> Mail:
    """The message with nothing but the headers that MIME reads."""
    kept = [f"{found.name}: {found.value}\r\n" for found in header.fields if found.name.lower() in _MIME]
    head = "".join(kept).encode("utf-8", "surrogateescape")
    return mime_tree(head + b"\r\n" + header.body)


def _leaves(part: Mail, number: str) -> Iterator[tuple[str, Mail]]:
    """Every part with its number, multiparts too; what an attached message holds is not looked at."""
    waiting = [(number, part)]
    seen = 0
    while waiting and seen < MOST_PARTS:
        number, part = waiting.pop()
        seen += 1
        yield number or ("" if part.is_multipart() else "1"), part
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            inside = [each for each in part.get_payload() if isinstance(each, Message)]
            waiting += [(f"{number}.{n}" if number else f"{n}", each) for n, each in enumerate(inside, 1)][::-1]


def _missing_text(mail: Mail, leaves: list[tuple[str, Mail]]) -> Iterator[Trouble]:
    kinds = {part.get_content_type() for _, part in leaves if part.get_content_disposition() != "attachment"}
    if "text/plain" in kinds or any(kind.startswith("message/") for kind in kinds):
        return
    if "text/html" in kinds:
        yield _trouble("html_only")
    elif not any(kind.startswith("text/") for kind in kinds) and not mail.defects:
        yield _trouble("no_text")


def _in_part(number: str, part: Mail) -> Iterator[Trouble]:
    encoding = str(part.get("Content-Transfer-Encoding", "")).partition(";")[0].strip().lower()
    if encoding not in _ENCODINGS:
        yield _trouble("unknown_encoding", part=number or None, shown=_start(encoding))
    raw = b"" if part.is_multipart() else part.get_payload(decode=True)
    codes = (_DEFECTS.get(type(defect)) for defect in part.defects)
    for code in dict.fromkeys(code for code in codes if code):
        yield _trouble(code, part=number or None)
    if part.get_content_maintype() == "text" and isinstance(raw, bytes) and raw:
        named = part.get_content_charset() if part.get_param("charset") else None
        for bad in bad_bytes(raw, named):
            yield _trouble(bad.code, part=number or None, place=bad.place, shown=bad.shown, seems=bad.seems)
