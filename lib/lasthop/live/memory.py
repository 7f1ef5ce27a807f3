"""What the workspace remembers of its pulls: one small TOML file for each account, replaced whole or not at all."""

import hashlib
import re
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import tomli_w
from filelock import FileLock, Timeout

from lasthop.errors import Failure, InputError
from lasthop.live.coverage import Coverage, Span
from lasthop.store import Workspace
from lasthop.store.sources import replace_bytes

FOLDER = "pulls"


@dataclass
class Memory:
    """What was asked about one account of one kind (``logs``, ``activity`` …). Instants are epoch seconds.

    ``sweep`` is when the pull began that was not finished, None when the last one was; ``finished`` when one last
    was. ``rows`` and ``events`` are what the last finished or stopped pull brought; ``cut`` are the seconds of which
    not everything could be had. ``lists`` tells until when each stop list was asked about.
    """

    coverage: Coverage = field(default_factory=Coverage)
    sweep: int | None = None
    finished: int | None = None
    rows: int = 0
    events: int = 0
    cut: list[int] = field(default_factory=list)
    lists: dict[str, int] = field(default_factory=dict)


def account_name(host: str, subuser: str | None = None, account: str | None = None) -> str:
    """The name under which an account is remembered: a file name that tells what it is to a person."""
    parts = [part for part in ("sendgrid", host, subuser, account) if part]
    plain = "-".join(re.sub(r"[^a-z0-9.]+", "_", part.lower()).strip("._") or "_" for part in parts)
    if plain == "-".join(parts):
        return plain[:100]
    return f"{plain[:80]}-{hashlib.sha256(chr(31).join(parts).encode()).hexdigest()[:8]}"


def recall(workspace: Workspace, name: str) -> dict[str, Memory]:
    """What is remembered, by kind; empty when nothing is. Raises InputError for a damaged file, which stays."""
    path = workspace.root / FOLDER / f"{name}.toml"
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        return {what: _memory(table) for what, table in document.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise InputError(
            f"The file {FOLDER}/{name}.toml of the workspace is damaged.",
            f"{error}. It was left as it is.",
            "Move it away: everything that is still held is then pulled again, and nothing is stored twice.",
        ) from error


def lists_asked(workspace: Workspace) -> dict[str, int]:
    """Stop list -> when one of the accounts was last asked about it, epoch seconds; a damaged file tells of none."""
    asked = dict[str, int]()
    for path in sorted((workspace.root / FOLDER).glob("*.toml")):
        with suppress(InputError):
            for memory in recall(workspace, path.stem).values():
                asked |= {name: max(at, asked.get(name, at)) for name, at in memory.lists.items()}
    return asked


def remember(workspace: Workspace, name: str, memories: dict[str, Memory]) -> None:
    """Keep it, on the disk before this returns."""
    document = {what: _table(memory) for what, memory in memories.items()}
    replace_bytes(workspace.folder(FOLDER) / f"{name}.toml", tomli_w.dumps(document).encode())


def accounts(workspace: Workspace) -> list[str]:
    """The names of the accounts that were pulled from."""
    return sorted(path.stem for path in (workspace.root / FOLDER).glob("*.toml"))


@contextmanager
def alone(workspace: Workspace, name: str) -> Iterator[None]:
    """Only one pull of an account at a time: two would ask for the same, and share one allowance."""
    lock = FileLock(workspace.folder(FOLDER) / f"{name}.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise Failure(
            "A pull from this account is going on in another window or program.", hint="Stop it, or wait for its end."
        ) from error
    try:
        yield
    finally:
        lock.release()


def _memory(table: dict[str, Any]) -> Memory:
    spans = [Span(*(_whole(number) for number in one)) for one in table.get("spans", [])]
    numbers = {name: _whole(table[name]) for name in ("sweep", "finished", "rows", "events") if name in table}
    cut = [_whole(number) for number in table.get("cut", [])]
    lists = {str(name): _whole(number) for name, number in table.get("lists", {}).items()}
    return Memory(Coverage(spans), cut=cut, lists=lists, **numbers)


def _whole(number: object) -> int:
    if type(number) is not int:
        raise TypeError(f"{number!r} is not a whole number")
    return number


def _table(memory: Memory) -> dict[str, Any]:
    held = {"sweep": memory.sweep, "finished": memory.finished, "rows": memory.rows, "events": memory.events}
    return {
        **{name: value for name, value in held.items() if value is not None},
        "cut": memory.cut[-1000:],
        "lists": memory.lists,
        "spans": [[span.start, span.end, span.asked] for span in memory.coverage.spans],
    }
