"""The files that somebody put into the case, as members of the pack."""

import re
from collections.abc import Iterator
from pathlib import Path

from lasthop.errors import LasthopError
from lasthop.pack.attachments import attached_bytes
from lasthop.pack.case import Attachment, Case
from lasthop.pack.markdown import code_span
from lasthop.pack.rawfiles import safe_name
from lasthop.pack.redact import Level, Redactor
from lasthop.store import Workspace

_HEADER = re.compile(rb"\s*[!-9;-~]+:")
_ENDS = re.compile(rb"\r?\n\r?\n")


def write_attached(
    workspace: Workspace, case: Case, folder: Path, redactor: Redactor, known: frozenset[str]
) -> tuple[list[str], list[str]]:
    """Write the files into ``attached/``; returns the names of the members, and what was left out, a sentence each.

    Masked, of an original only the header leaves: a body may be encoded in ways that hide an address. At the level
    metadata no file leaves.
    """
    members, left_out = list[str](), list[str]()
    for place, (told, one) in enumerate(_named(case, redactor, known), 1):
        try:
            content = attached_bytes(workspace, one)
        except LasthopError as error:
            left_out.append(f"The attached file {code_span(told)}: {error}")
            continue
        safe, why = _safe(content, redactor, known)
        if why:
            left_out.append(f"The attached file {code_span(told)}{why}.")
        if safe is not None:
            members.append(f"attached/{place:02d}-{safe_name(told)}")
            (folder / members[-1]).write_bytes(safe)
    return members, left_out


def _named(case: Case, redactor: Redactor, known: frozenset[str]) -> Iterator[tuple[str, Attachment]]:
    return ((redactor.text(one.name, known), one) for one in case.attachments)


def _safe(content: bytes, redactor: Redactor, known: frozenset[str]) -> tuple[bytes | None, str]:
    """What of the file leaves, None for nothing, and what is to be said of what does not."""
    if redactor.full:
        return content, ""
    if redactor.redaction.level is Level.METADATA:
        return None, ": at this level no file leaves"
    encoding = _encoding(content)
    if encoding is None:
        return None, ": it is no plain text, so addresses in it cannot be masked"
    if _HEADER.match(content):
        header, *body = _ENDS.split(content, maxsplit=1)
        return redactor.record(header, known, encoding), ": only its header leaves masked" if body else ""
    return b"".join(redactor.record(line, known, encoding) for line in content.splitlines(keepends=True)), ""


def _encoding(content: bytes) -> str | None:
    """The encoding of a text; None for bytes that are none."""
    if b"\0" in content:
        return None
    for name in ("utf-8", "cp932"):
        try:
            content.decode(name)
        except UnicodeDecodeError:
            continue
        return name
    return None
