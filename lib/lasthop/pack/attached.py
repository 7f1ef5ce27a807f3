"""The files that somebody put into the case, as members of the pack."""

import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from lasthop.errors import LasthopError
from lasthop.explain.original.match import find_message
from lasthop.original.reading import Original
from lasthop.pack.attachments import attached_bytes
from lasthop.pack.case import Attachment, Case
from lasthop.pack.encodings import encodings_of
from lasthop.pack.markdown import code_span
from lasthop.pack.originals import Told, originals
from lasthop.pack.rawfiles import safe_name
from lasthop.pack.redact import Level, Redactor, header_of, people_in
from lasthop.pack.returned import is_bounce_mail
from lasthop.read import FORMATS
from lasthop.store import Snapshot, Workspace
from lasthop.store.sources import sources
from lasthop.trace.message import parts_of

_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,5}$")
_BASE64 = re.compile(r"^[ \t>]*[A-Za-z0-9+/]{16,}[ \t]*\n[ \t>]*[A-Za-z0-9+/]{2,}={0,2}[ \t]*$", re.MULTILINE)
"""Two lines that base64 (RFC 4648) may run over, however long its lines are."""
LARGEST = 6_000_000
"""Characters of a text that is masked as one; that takes about 80 bytes of memory for each."""
_HEAD = 1 << 20
_LOADED = """
    SELECT count(*) FROM messages m JOIN events e ON e.recipient = m.recipient
    WHERE m.message IN (SELECT unnest(?::VARCHAR[]))
        AND (e.kind = 'hop' OR (starts_with(e.kind_raw, 'bounce mail/') AND e.message_id_header IS NOT NULL))
        AND (e.x_message_id = m.x_message_id OR contains(m.links, e.event_id))
"""


def write_attached(
    workspace: Workspace, case: Case, folder: Path, redactor: Redactor, known: frozenset[str]
) -> tuple[list[str], list[str], list[Told]]:
    """Write the files into ``attached/``; returns the members, what was left out, a sentence each, and what to read.

    Masked, of an original only the header leaves: a body may be encoded in ways that hide an address. At the level
    metadata no file leaves, and no name of one.
    """
    members, left_out, told = list[str](), list[str](), list[Told]()
    if not redactor.full:
        learn_people(workspace, case, redactor)
    for place, one in enumerate(case.attachments, 1):
        metadata = redactor.redaction.level is Level.METADATA
        name = f"no. {place}" if metadata else redactor.text(one.name, known)
        named = f"The attached file {code_span(name)}"
        try:
            content = attached_bytes(workspace, one)
            safe, why = _safe(content, redactor, known)
        except LasthopError as error:
            left_out.append(f"{named}: {'it cannot be read' if metadata else error}")
            continue
        if why:
            left_out.append(f"{named}{why}.")
        if safe is not None:
            members.append(f"attached/{place:02d}-{_member(name)}")
            (folder / members[-1]).write_bytes(safe)
            told.append(Told(members[-1], _head(content, masked=not redactor.full)))
    return members, left_out, told


def _head(content: bytes, *, masked: bool) -> bytes:
    """What there is to read of an original, with the lines that its member has; nothing of what is none.

    It may be 25 MB, of which a header is the least part. What a bounce mail brings back stands in its body.
    """
    if not masked:
        return content[:_HEAD]
    if is_bounce_mail(content[:_HEAD]):
        return b""
    encoding = next(encodings_of(content), "utf-8")
    return (header_of(_text(content, encoding)) or "").encode("utf-8", "surrogateescape")[:_HEAD]


def has_original(snapshot: Snapshot, workspace: Workspace, case: Case, messages: Sequence[str]) -> bool:
    """Whether the header that support asks for is in an attached file, or was loaded with an original or a bounce mail.

    The original of another message is not the one that is asked for.
    """
    for one in case.attachments:
        with suppress(LasthopError):
            for read in originals([Told(one.name, attached_bytes(workspace, one)[:_HEAD])]):
                if another_message(snapshot, read.evidence.original, messages) is None:
                    return True
    mails = any(one.format in FORMATS and FORMATS[one.format].mail for one in sources(workspace))
    return mails and any(snapshot.value(_LOADED, [some]) for some in parts_of(messages))


def another_message(snapshot: Snapshot, original: Original, messages: Sequence[str]) -> str | None:
    """The message of the workspace that an original is likeliest of, where it is of none of these; else None."""
    found = [one.message for one in find_message(snapshot, original)]
    return found[0] if found and not set(found) & set(messages) else None


def learn_people(workspace: Workspace, case: Case, redactor: Redactor) -> None:
    """Let ``redactor`` know whom the headers of the attached originals name; a file that is gone names nobody."""
    for one in case.attachments:
        redactor.learn(_people(workspace, one))


def _people(workspace: Workspace, one: Attachment) -> frozenset[str]:
    try:
        content = attached_bytes(workspace, one)
    except LasthopError:
        return frozenset()
    headers = (header_of(_text(content, encoding)) for encoding in encodings_of(content))
    return frozenset[str]().union(*(people_in(header) for header in headers if header))


def _member(told: str) -> str:
    """A safe name that keeps its extension, however long the rest is."""
    suffix = _SUFFIX.search(told)
    if suffix is None:
        return safe_name(told)
    stem = safe_name(told[: suffix.start()])[: 60 - len(suffix[0])].rstrip("._-")
    return f"{stem}{suffix[0]}"


def _safe(content: bytes, redactor: Redactor, known: frozenset[str]) -> tuple[bytes | None, str]:
    """What of the file leaves, None for nothing, and what is to be said of what does not."""
    if redactor.full:
        return content, ""
    if redactor.redaction.level is Level.METADATA:
        return None, ": at this level no file leaves"
    encodings = list(encodings_of(content))
    if not encodings:
        return None, ": its encoding was not recognised, so addresses in it cannot be masked"
    text = _text(content, encodings[0])
    header = header_of(text)
    if header is None and _BASE64.search(text):
        return None, ": it has lines that may be encoded in base64, which can hide an address"
    if header is None and len(text) > LARGEST:
        return None, f": it has more than {LARGEST:,} characters, too many to be masked"
    safe = (text if header is None else header).encode(encodings[0], "replace")
    for encoding in encodings:  # masked in every reading that the bytes allow
        safe = redactor.record(safe, known, encoding)
    return safe, "" if header is None or header.strip() == text.strip() else ": only its header leaves masked"


def _text(content: bytes, encoding: str) -> str:
    """The text with its lines ending in LF, and no byte order mark: an address may be broken over lines."""
    return re.sub(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]", "\n", content.decode(encoding)).removeprefix("\ufeff")
