"""Stop lists into the workspace: what was added since the last time, and everything at the first."""

from collections.abc import Iterator
from typing import Any

from lasthop.live.known import Known
from lasthop.live.memory import Memory
from lasthop.live.progress import Progress, Wants
from lasthop.live.task import Task
from lasthop.pull import STOP_LISTS, Records, Refused, SendGrid, time_of_row

FORMAT = "sendgrid_stop_lists"
GROUPS = "group_unsubscribes"
_MARGIN_SECONDS = 86_400
"""Asked about once more: an entry may show up later than its own time."""


def pull_stop_lists(task: Task) -> Iterator[Progress]:
    """Bring all five lists and the group unsubscribes; one that the key may not read leaves the others.

    Raises Refused when none of them may be read, and what else the account raises.
    """
    names, refused = (*STOP_LISTS, GROUPS), list[Refused]()
    memory, brought, wants = task.memory, task.brought, task.wants
    known = Known(task.workspace, FORMAT)
    try:
        for place, name in enumerate(names):
            now = task.now()
            try:
                for page in _pages(task.account, name, _since(wants, memory, name), min(now, wants.until or now)):
                    _add(task, page, name, known)
                    brought.rows += len(page.rows)
                    brought.windows += 1
                    yield task.step("asking", place / len(names))
            except Refused as error:
                if error.status == 401:
                    raise
                refused.append(error)
                note = str(error)
                brought.notes += [note] if note not in brought.notes else []
                continue
            if not wants.until:
                memory.lists[name] = now
    finally:
        task.store()
        task.count()
        task.save()
    if len(refused) == len(names):
        raise refused[0]
    memory.finished = task.now()
    task.save()


def _since(wants: Wants, memory: Memory, name: str) -> int | None:
    asked = None if wants.again else memory.lists.get(name)
    return wants.since if asked is None else asked - _MARGIN_SECONDS


def _pages(account: SendGrid, name: str, since: int | None, until: int) -> Iterator[Records]:
    if name == GROUPS:  # this one knows no times, so all of it is asked for
        return account.group_unsubscribes()
    return account.stop_list(name, since, until)


def _add(task: Task, page: Records, name: str, known: Known) -> None:
    """Write the entries of a page that are not held yet."""
    held = known.entries(name, [one for row in page.rows if (one := _address(row))])
    for row in page.rows:
        created = time_of_row(row, "created_at" if name == GROUPS else "created")
        if (_address(row), created) not in held:
            task.write(list=name, row=row)


def _address(row: Any) -> str:
    email = row.get("email") if isinstance(row, dict) else row
    return email.strip().lower() if isinstance(email, str) else ""
