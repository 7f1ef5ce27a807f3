"""The case: the messages and notes of one ticket, kept as a small TOML file in the workspace."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import tomli_w

from lasthop.errors import Failure, InputError
from lasthop.store import Snapshot, Workspace
from lasthop.store.sources import replace_bytes
from lasthop.trace import messages_of, ties

_SAFE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_TEXTS = ("title", "question", "asks", "notes")


@dataclass(frozen=True)
class Case:
    """What one ticket is about. ``asks`` is who asks whom; ``messages`` are our ids; ``ticket`` see `ticket.FIELDS`."""

    id: str
    title: str = ""
    question: str = ""
    asks: str = ""
    messages: tuple[str, ...] = ()
    notes: str = ""
    ticket: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Presence:
    """Which messages of a case the workspace holds now.

    ``messages``: the ids to show, by time sent. ``moved``: an application row that has been tied since to a message of
    the provider -> that message, or several where it is not decided which. ``absent``: ids that nothing answers to.
    """

    messages: tuple[str, ...]
    moved: dict[str, tuple[str, ...]]
    absent: tuple[str, ...]


def new_case(workspace: Workspace) -> Case:
    """A fresh case with the next free id, not saved."""
    taken = {path.stem for path in _files(workspace)}
    number = next(n for n in range(1, len(taken) + 2) if f"case-{n:03d}" not in taken)
    return Case(f"case-{number:03d}")


def open_case(workspace: Workspace) -> Case:
    """The case that was saved last; a fresh unsaved one when there is none.

    Raises InputError for a damaged file, which is left as it is.
    """
    files = _files(workspace)
    return _read(files[-1]) if files else new_case(workspace)


def save_case(workspace: Workspace, case: Case) -> None:
    """Write the case whole or not at all; it is the current one from now on.

    Raises InputError for an id that is no file name.
    """
    if not _SAFE_ID.fullmatch(case.id):
        raise InputError(
            f"{case.id!r} cannot be the id of a case.",
            hint="Use up to 64 letters, digits, - and _; begin with a letter or digit.",
        )
    content = {
        "id": case.id,
        **{name: getattr(case, name) for name in _TEXTS},
        "messages": list(case.messages),
        "ticket": dict(case.ticket),
    }
    text = tomli_w.dumps(content).encode("utf-8", "replace")
    replace_bytes(workspace.folder("cases") / f"{case.id}.toml", text)


def with_messages(case: Case, ids: Iterable[str]) -> Case:
    """The case with these messages behind the ones it has; none stands in it twice."""
    return replace(case, messages=tuple(dict.fromkeys((*case.messages, *ids))))


def without_message(case: Case, message_id: str) -> Case:
    """The case without that message; what was filled in for it in the ticket stays, in case it comes back."""
    return replace(case, messages=tuple(each for each in case.messages if each != message_id))


def presence(snapshot: Snapshot, ids: Iterable[str]) -> Presence:
    """Which of the messages are there, which have become part of another one, and which are gone with their source."""
    wanted = list(dict.fromkeys(ids))
    here = {message.message for message in messages_of(snapshot, wanted)}
    moved = {each: _now_part_of(snapshot, each) for each in wanted if each not in here}
    shown = {*here, *(target for targets in moved.values() for target in targets)}
    ordered = tuple(message.message for message in messages_of(snapshot, sorted(shown)))
    absent = tuple(each for each, targets in moved.items() if not targets)
    return Presence(ordered, {each: targets for each, targets in moved.items() if targets}, absent)


def _now_part_of(snapshot: Snapshot, message_id: str) -> tuple[str, ...]:
    """The messages that an application row, once a message of its own, is tied to now."""
    if not re.fullmatch(r"a[0-9a-f]{16}", message_id):
        return ()
    event = message_id[1:]
    rows = snapshot.rows("SELECT message FROM messages WHERE contains(links, ?)", [f'"{event}'])
    candidates = messages_of(snapshot, [row["message"] for row in rows])
    return tuple(one.message for one in candidates if any(tie.event.startswith(event) for tie in ties(one)))


def _files(workspace: Workspace) -> list[Path]:
    """The files of the cases, the one that was saved last at the end."""
    found = (workspace.root / "cases").glob("*.toml")
    return sorted(found, key=lambda path: (path.stat().st_mtime_ns, path.name))


def _read(path: Path) -> Case:
    try:
        content = tomllib.loads(path.read_bytes().decode("utf-8"))
        return _case(path.stem, content)
    except (ValueError, TypeError, RecursionError) as error:
        raise InputError(
            f"The case file cases/{path.name} is damaged.",
            f"{error}. The file was left as it is.",
            "Mend it in a text editor, or move it out of the folder to begin a new case.",
        ) from error
    except OSError as error:
        raise Failure(f"The case file cases/{path.name} cannot be read.", str(error)) from error


def _case(name: str, content: dict[str, Any]) -> Case:
    messages, ticket = content.get("messages", []), content.get("ticket", {})
    if not isinstance(messages, list) or not all(isinstance(each, str) for each in messages):
        raise TypeError("messages is not a list of texts")
    if not isinstance(ticket, dict) or not all(isinstance(value, str) for value in ticket.values()):
        raise TypeError("ticket is not a table of texts")
    texts = {key: content.get(key, "") for key in _TEXTS}
    for key, value in texts.items():
        if not isinstance(value, str):
            raise TypeError(f"{key} is not a text")
    return Case(id=name, messages=tuple(dict.fromkeys(messages)), ticket=ticket, **texts)
