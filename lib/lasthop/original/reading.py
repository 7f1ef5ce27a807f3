"""From bytes to one original message: the header, its hops and what SendGrid left in it. Never an exception."""

import re
from dataclasses import dataclass
from sys import maxsize

from lasthop.original.block import read_block
from lasthop.original.field import Defect, Header
from lasthop.original.lines import BLANK, encoded, with_line_feeds
from lasthop.original.names import strict_name
from lasthop.original.paste import Pasted, has_hard_blanks, is_escaped, undo_paste
from lasthop.original.received import Hop, read_received
from lasthop.original.sendgrid import SendGrid, read_sendgrid
from lasthop.original.stamps import Stamp, read_date
from lasthop.original.summary import Summary
from lasthop.original.undone import readable

_LINE_OF_BLANKS = re.compile(r"^[^\S\n]*$", re.MULTILINE)
_MESSAGE_ID = re.compile(r"<[^<>]{1,998}>")
_DAMAGES = {
    "utf16": "The text was UTF-16 without a mark of its byte order; that was undone.",
    "base64": "The whole text was base64; that was undone.",
    "quoted_printable": "The whole text was quoted-printable; that was undone.",
    "html_escaped_twice": "The text was escaped for HTML more than once; that was undone.",
    "html_escaped": "The text was escaped for HTML.",
    "nbsp": "Blanks had become blanks that do not break.",
    "fenced": "The text stood between fences.",
    "quoted": "The text was quoted with >.",
    "indented": "The text was indented.",
    "blank_lines": "An empty line stood after each line.",
    "gmail_summary": "Gmail's summary stands before the header.",
    "words_before": "Other text stands before the header; it was passed over.",
}


@dataclass(frozen=True, slots=True)
class Original:
    """One message as its receiver holds it, read from its bytes alone."""

    header: Header
    summary: Summary | None
    """What Gmail's page says of it; None where it was not copied along."""
    hops: tuple[Hop, ...]
    """``Received``, newest first as in the message."""
    x_received: tuple[Hop, ...]
    """``X-Received``: Google's notes of its inner steps, clocks beside those of the hops."""
    sendgrid: SendGrid | None
    """None: nothing in the header is SendGrid's."""
    message_id: str | None
    """As written, with its angles; None where there is none."""
    date: Stamp | None
    """The ``Date`` header: the clock of the sender."""
    defects: tuple[Defect, ...] = ()
    """Of the text as a whole; each hop has its own."""


def read_original(data: bytes) -> Original:
    """Read an original message from whatever was pasted or dropped: any bytes give a result."""
    data, undone = readable(data)
    whole = _whole(data)
    pasted = Pasted("") if whole else undo_paste(data)
    header = whole or _pasted_header(pasted)
    hops = tuple(read_received(field) for field in header.all("received"))
    date = header.first("date")
    return Original(
        header=header,
        summary=pasted.summary,
        hops=hops,
        x_received=tuple(read_received(field) for field in header.all("x-received")),
        sendgrid=read_sendgrid(header, hops),
        message_id=_message_id(header),
        date=read_date(date.value) if date else None,
        defects=(
            *(Defect(damage, _DAMAGES[damage]) for damage in (*undone, *pasted.damages)),
            *header.defects,
            *_missing(header),
        ),
    )


def _whole(data: bytes) -> Header | None:
    """The header of a text that begins with one and was not damaged; its body keeps every byte. Else None."""
    match = BLANK.search(data)
    end, body = (match.start(), match.end()) if match else (len(data), len(data))
    head = with_line_feeds(data[:end].rstrip(b"\r"))
    first, _, rest = head.partition("\n")
    if not rest or _LINE_OF_BLANKS.search(head) or not _begins(first, rest):
        return None
    if is_escaped(data[:end]) or has_hard_blanks(data[:end]):
        return None
    block = read_block(head, range(1, maxsize))
    if block.joined or not block.parted or (match and len(block.fields) < 2):
        return None
    return Header(tuple(block.fields), tuple(block.defects), data[body:])


def _begins(first: str, second: str) -> bool:
    return strict_name(first) is not None or (first.startswith("From ") and strict_name(second) is not None)


def _pasted_header(pasted: Pasted) -> Header:
    block = read_block(pasted.text, pasted.numbers, spaced=_spaced(pasted.text))
    return Header(tuple(block.fields), tuple(block.defects), encoded(pasted.text[block.body :]))


def _spaced(text: str) -> bool:
    """Whether every line of the header has blanks at its end, as some screens copy them."""
    sample = [line for line in text.split("\n", 12)[:12] if line]
    return len(sample) > 2 and all(line[-1] in " \t" for line in sample)


def _message_id(header: Header) -> str | None:
    field = header.first("message-id")
    if field is None:
        return None
    match = _MESSAGE_ID.search(field.value[:2000])
    return match.group() if match else field.value.split()[0] if field.value.split() else None


def _missing(header: Header) -> list[Defect]:
    if not header.fields:
        return [Defect("no_header", "No header was found in this text.")]
    if not header.all("received"):
        return [Defect("no_received", "No Received header stands here: the way of the message cannot be told.")]
    return []
