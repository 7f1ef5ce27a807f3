"""A case as it stands in the workspace: one small TOML file with a revision, replaced whole under a lock of its own."""

import re
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

import tomli_w
from filelock import FileLock, Timeout

from lasthop.errors import Failure, InputError, NotFound
from lasthop.store import Workspace
from lasthop.store.sources import replace_bytes

LOCK_SECONDS = 20
_SAFE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_TEXTS = ("title", "question", "asks", "notes")
_CHECK = ("what", "result", "by", "when")


@dataclass(frozen=True)
class Check:
    """One thing that a person checked, as typed: ``when`` is free text and no instant."""

    what: str
    result: str = ""
    by: str = ""
    when: str = ""


@dataclass(frozen=True)
class Attachment:
    """A file that was put into a case: the last part of its name as told, and where its bytes are kept."""

    name: str
    sha256: str
    bytes: int


@dataclass(frozen=True)
class Case:
    """What one ticket is about. ``asks`` is who asks whom; ``messages`` are our ids; ``ticket`` see `ticket.FIELDS`.

    ``revision`` counts the times it was saved: 0 for a case that never was.
    """

    id: str
    title: str = ""
    question: str = ""
    asks: str = ""
    messages: tuple[str, ...] = ()
    notes: str = ""
    ticket: dict[str, str] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    closed: bool = False
    revision: int = 0


def case_ids(workspace: Workspace) -> list[str]:
    """The ids of all cases, the one that was saved last first; damaged files are among them."""
    found = []
    for path in (workspace.root / "cases").glob("*.toml"):
        try:
            found.append((path.stat().st_mtime_ns, path.stem))
        except FileNotFoundError:
            continue
    return [name for _, name in sorted(found, reverse=True)]


def check_id(case_id: str) -> None:
    """Raises InputError for an id that is no file name."""
    if not _SAFE_ID.fullmatch(case_id):
        raise InputError(
            f"{case_id[:80]!r} cannot be the id of a case.",
            hint="Use up to 64 letters, digits, - and _; begin with a letter or digit.",
        )


@contextmanager
def case_lock(workspace: Workspace, case_id: str) -> Iterator[None]:
    """Orders the writers of one case, in this process and in others. Raises Failure after `LOCK_SECONDS`."""
    check_id(case_id)
    lock = FileLock(workspace.folder("cases") / f"{case_id}.lock")
    try:
        lock.acquire(timeout=LOCK_SECONDS)
    except (Timeout, OSError) as error:
        raise Failure(
            f"The case {case_id} is being written by someone else, or it cannot be written.",
            hint="Nothing was saved. Try again in a moment.",
        ) from error
    try:
        yield
    finally:
        lock.release()


def read_case(workspace: Workspace, case_id: str) -> Case:
    """The saved case. Raises NotFound, InputError for a damaged file, which is left as it is, Failure."""
    check_id(case_id)
    path = workspace.root / "cases" / f"{case_id}.toml"
    try:
        content = tomllib.loads(path.read_bytes().decode("utf-8"))
        return _case(case_id, content)
    except FileNotFoundError as error:
        raise NotFound(f"There is no case {case_id!r}.", hint="lasthop case list shows the cases.") from error
    except (ValueError, TypeError, RecursionError) as error:
        raise InputError(
            f"The case file cases/{path.name} is damaged.",
            f"{error}. The file was left as it is.",
            "Mend it in a text editor, or move it out of the folder to begin a new case.",
        ) from error
    except OSError as error:
        raise Failure(f"The case file cases/{path.name} cannot be read.", str(error)) from error


def saved_revision(workspace: Workspace, case_id: str) -> int:
    """The revision in the file, 0 when there is none. Raises as `read_case` for a damaged one."""
    try:
        return read_case(workspace, case_id).revision
    except NotFound:
        return 0


def write_case(workspace: Workspace, case: Case) -> None:
    """Write the case whole or not at all; the lock of the case must be held."""
    content = {
        "id": case.id,
        "revision": case.revision,
        "closed": case.closed,
        **{name: getattr(case, name) for name in _TEXTS},
        "messages": list(case.messages),
        "ticket": dict(case.ticket),
        "checks": [asdict(each) for each in case.checks],
        "attachments": [asdict(each) for each in case.attachments],
    }
    text = tomli_w.dumps(content).encode("utf-8", "replace")
    replace_bytes(workspace.folder("cases") / f"{case.id}.toml", text)


def _case(name: str, content: dict[str, Any]) -> Case:
    messages, ticket = content.get("messages", []), content.get("ticket", {})
    if not isinstance(messages, list) or not all(isinstance(each, str) for each in messages):
        raise TypeError("messages is not a list of texts")
    if not isinstance(ticket, dict) or not all(isinstance(value, str) for value in ticket.values()):
        raise TypeError("ticket is not a table of texts")
    # A file of an older version, or one written by hand, has no revision: it was saved once.
    closed, revision = content.get("closed", False), content.get("revision", 1)
    if not isinstance(closed, bool) or type(revision) is not int or revision < 1:  # True is an int, too
        raise TypeError("closed is not true or false, or revision is not a number from 1")
    return Case(
        id=name,
        messages=tuple(dict.fromkeys(messages)),
        ticket=ticket,
        checks=tuple(Check(**_texts(each, _CHECK)) for each in _tables(content, "checks")),
        attachments=tuple(_attachment(each) for each in _tables(content, "attachments")),
        closed=closed,
        revision=revision,
        **_texts(content, _TEXTS),
    )


def _tables(content: dict[str, Any], name: str) -> list[dict[str, Any]]:
    found = content.get(name, [])
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise TypeError(f"{name} is not a list of tables")
    return found


def _texts(content: dict[str, Any], names: tuple[str, ...]) -> dict[str, str]:
    texts = {name: content.get(name, "") for name in names}
    for name, value in texts.items():
        if not isinstance(value, str):
            raise TypeError(f"{name} is not a text")
    return texts


def _attachment(content: dict[str, Any]) -> Attachment:
    texts, size = _texts(content, ("name", "sha256")), content.get("bytes")
    if not _SHA256.fullmatch(texts["sha256"]) or type(size) is not int or size < 1:
        raise TypeError("an attachment has no SHA-256 or no size")
    return Attachment(texts["name"], texts["sha256"], size)
