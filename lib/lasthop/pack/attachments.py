"""Originals and logs that are put into a case: their bytes kept once, by SHA-256, under ``cases/files``."""

import hashlib
import re
from dataclasses import replace

from lasthop.errors import Failure, InputError
from lasthop.pack.case import change_case
from lasthop.pack.case_file import Attachment, Case, read_case
from lasthop.store import Workspace
from lasthop.store.sources import replace_bytes

LARGEST = 25 * 1024 * 1024
"""Bytes of one file: a header or a log of one message is far smaller, a mail with its pictures may come near."""

MOST = 50
"""Files in one case."""


def attach(workspace: Workspace, case_id: str, name: str, content: bytes) -> Case:
    """Put a file into the case; the same file under the same name is there once.

    Raises InputError for an empty file, one that is too large, or one too many.
    """
    if not content or len(content) > LARGEST:
        raise InputError(
            "The file is empty." if not content else f"The file has {len(content)} bytes.",
            hint=f"Attach a file of at most {LARGEST // 2**20} MB: the header or the part of the log that matters.",
        )
    read_case(workspace, case_id)
    one = Attachment(attached_name(name), hashlib.sha256(content).hexdigest(), len(content))

    def with_file(case: Case) -> Case:
        if one in case.attachments:
            return case
        if len(case.attachments) >= MOST:
            raise InputError(f"The case {case_id} has {MOST} files already.", hint="Put the logs together in one ZIP.")
        path = workspace.folder("cases/files") / one.sha256
        if not path.exists():
            replace_bytes(path, content)
        return replace(case, attachments=(*case.attachments, one))

    return change_case(workspace, case_id, with_file)


def attached_bytes(workspace: Workspace, one: Attachment) -> bytes:
    """The very bytes. Raises Failure when they are gone or no longer what they were."""
    try:
        content = (workspace.root / "cases" / "files" / one.sha256).read_bytes()
    except OSError as error:
        raise Failure(f"The attached file {one.name} cannot be read.", str(error), "Attach it again.") from error
    if hashlib.sha256(content).hexdigest() != one.sha256:
        raise Failure(f"The attached file {one.name} is not what was attached.", hint="Attach it again.")
    return content


def attached_name(name: str) -> str:
    """The last part of a name, fit for any folder: ``../../etc/passwd`` -> ``passwd``; ``file`` if nothing is left."""
    last = re.split(r"[/\\]", name.rstrip("/\\"))[-1]
    fit = "".join("_" if c in '<>:"|?*' or not c.isprintable() else c for c in last)
    return fit.lstrip(". ").rstrip(". ")[:120] or "file"
