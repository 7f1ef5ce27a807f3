"""Cases: the messages and notes of each ticket, many at once, shared by several people."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from lasthop.errors import Conflict, LasthopError
from lasthop.pack.case_file import (
    Attachment,
    Case,
    Check,
    case_ids,
    case_lock,
    read_case,
    saved_revision,
    write_case,
)
from lasthop.store import Snapshot, Workspace
from lasthop.trace import messages_of, ties

__all__ = [
    "Attachment",
    "Case",
    "Check",
    "Listed",
    "Presence",
    "add_check",
    "add_messages",
    "begin_case",
    "change_case",
    "close_case",
    "copy_case",
    "latest_open",
    "list_cases",
    "new_case",
    "open_case",
    "presence",
    "rename_case",
    "reopen_case",
    "save_case",
    "with_messages",
    "without_message",
]


@dataclass(frozen=True)
class Listed:
    """One line of the list of cases. ``case`` is None where the file cannot be read: ``problem`` says why."""

    id: str
    case: Case | None
    problem: LasthopError | None = None


@dataclass(frozen=True)
class Presence:
    """Which messages of a case the workspace holds now.

    ``messages``: the ids to show, by time sent. ``moved``: an application row that has been tied since to a message of
    the provider -> that message, or several where it is not decided which. ``absent``: ids that nothing answers to.
    """

    messages: tuple[str, ...]
    moved: dict[str, tuple[str, ...]]
    absent: tuple[str, ...]


def list_cases(workspace: Workspace) -> list[Listed]:
    """All cases, the one that was saved last first; a damaged one stands in the list and hides no other."""
    return [_listed(workspace, name) for name in case_ids(workspace)]


def new_case(workspace: Workspace) -> Case:
    """A fresh case with the next free id, not saved."""
    taken = set(case_ids(workspace))
    number = next(n for n in range(1, len(taken) + 2) if f"case-{n:03d}" not in taken)
    return Case(f"case-{number:03d}")


def open_case(workspace: Workspace, case_id: str | None = None) -> Case:
    """The case of that id; without one, what `latest_open` gives.

    Raises NotFound, and InputError for a damaged file, which is left as it is.
    """
    return latest_open(workspace) if case_id is None else read_case(workspace, case_id)


def latest_open(workspace: Workspace) -> Case:
    """The open case that was saved last; a fresh unsaved one when none is open.

    Raises InputError for a damaged file on the way, which is left as it is.
    """
    for name in case_ids(workspace):
        case = read_case(workspace, name)
        if not case.closed:
            return case
    return new_case(workspace)


def save_case(workspace: Workspace, case: Case) -> Case:
    """Write the case whole or not at all, and return it with its new revision.

    Raises Conflict when the file has moved on since the case was read; InputError for an id that is no file name or a
    file that is damaged, which is left as it is.
    """
    with case_lock(workspace, case.id):
        there = saved_revision(workspace, case.id)
        if there != case.revision:
            raise Conflict(
                f"Someone else has saved the case {case.id} since you opened it.",
                f"It is at revision {there}, yours began at {case.revision}. Nothing was overwritten.",
                "Open the case again and make your change there.",
            )
        saved = replace(case, revision=there + 1)
        write_case(workspace, saved)
        return saved


def change_case(workspace: Workspace, case_id: str, change: Callable[[Case], Case]) -> Case:
    """Apply ``change`` to the case as it is saved now, and return what was saved; nobody writes in between.

    For changes that overwrite no one's text. Raises as `open_case`.
    """
    with case_lock(workspace, case_id):
        before = read_case(workspace, case_id)
        after = change(before)
        if after == before:
            return before
        saved = replace(after, id=before.id, revision=before.revision + 1)
        write_case(workspace, saved)
        return saved


def add_messages(workspace: Workspace, case_id: str, ids: Iterable[str]) -> Case:
    """Put messages behind the ones that the case has now; nothing that others typed is touched."""
    wanted = tuple(ids)
    return change_case(workspace, case_id, lambda case: with_messages(case, wanted))


def add_check(workspace: Workspace, case_id: str, check: Check) -> Case:
    """Put one check behind the others."""
    return change_case(workspace, case_id, lambda case: replace(case, checks=(*case.checks, check)))


def close_case(workspace: Workspace, case_id: str) -> Case:
    """Close the case: it stays, and is no longer the one that opens by itself."""
    return change_case(workspace, case_id, lambda case: replace(case, closed=True))


def reopen_case(workspace: Workspace, case_id: str) -> Case:
    """Open a closed case again."""
    return change_case(workspace, case_id, lambda case: replace(case, closed=False))


def rename_case(workspace: Workspace, case_id: str, title: str) -> Case:
    """Give the case another title; its id stays."""
    return change_case(workspace, case_id, lambda case: replace(case, title=title))


def copy_case(workspace: Workspace, case_id: str) -> Case:
    """A new open case with everything that the other holds, saved under the next free id as ``Copy of …``."""
    case = read_case(workspace, case_id)
    return begin_case(workspace, replace(case, title=f"Copy of {case.title or case.id}", closed=False))


def begin_case(workspace: Workspace, content: Case) -> Case:
    """A new case with this content, saved under the next free id."""
    while True:
        try:
            return save_case(workspace, replace(content, id=new_case(workspace).id, revision=0))
        except Conflict:
            continue  # someone took that id in the meantime


def with_messages(case: Case, ids: Iterable[str]) -> Case:
    """The case with these messages behind the ones it has; none stands in it twice."""
    return replace(case, messages=tuple(dict.fromkeys((*case.messages, *ids))))


def without_message(case: Case, message_id: str) -> Case:
    """The case without that message; what was filled in for it in the ticket stays, in case it comes back."""
    return replace(case, messages=tuple(each for each in case.messages if each != message_id))


def presence(snapshot: Snapshot, ids: Iterable[str]) -> Presence:
    """Which of the messages are there, which have become part of another one, and which are gone with their source."""
    from lasthop.trace.message import ids_of  # noqa: PLC0415

    wanted = list(dict.fromkeys(ids))
    here = set(ids_of(snapshot, wanted))
    moved = {each: _now_part_of(snapshot, each) for each in wanted if each not in here}
    shown = {*here, *(target for targets in moved.values() for target in targets)}
    ordered = tuple(ids_of(snapshot, sorted(shown)))
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


def _listed(workspace: Workspace, name: str) -> Listed:
    try:
        return Listed(name, read_case(workspace, name))
    except LasthopError as error:
        return Listed(name, None, error)
