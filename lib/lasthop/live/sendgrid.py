"""Pulls from SendGrid into a workspace: again and again without gaps, stopped at any moment, gone on with later.

    account = connect("eu", stopped=stop.is_set)
    for progress in start(workspace, account, Wants(("logs", "suppressions"))):
        print(progress.words)

What an answer holds is written to a file of lines and loaded like any other file, so that every event leads back to a
line of a source. What was asked about is remembered in the workspace only after that.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from lasthop.errors import LasthopError
from lasthop.live.batch import Batch
from lasthop.live.memory import FOLDER, Memory, account_name, accounts, alone, recall, remember
from lasthop.live.messages import ACTIVITY, LOGS, Sweep
from lasthop.live.progress import WHATS, Brought, Progress, Wants
from lasthop.live.stop_lists import FORMAT, pull_stop_lists
from lasthop.live.task import Task
from lasthop.load import count_messages
from lasthop.pull import (
    RIGHTS,
    Circumstances,
    Key,
    Refused,
    Right,
    SendGrid,
    Stopped,
    Unanswered,
    find_key,
)
from lasthop.store import Workspace
from lasthop.store.sources import replace_bytes

HOLDS_SECONDS = 30 * 86_400
"""SendGrid holds Email Logs for thirty days, Email Activity for three, seven or thirty."""
_LISTS = {one.what: one for one in (LOGS, ACTIVITY)}
_FORMATS = {**{what: one.format for what, one in _LISTS.items()}, "suppressions": FORMAT}
_UNREAD_BYTES, _UNREAD_FILES = 1 << 20, 20


BASE = "LASTHOP_SENDGRID_URL"
"""Names another address than SendGrid's in the environment: the demo and tests have a stand-in there."""


def connect(
    host: str = "global",
    subuser: str | None = None,
    stopped: Callable[[], bool] = lambda: False,
    key: Key | None = None,
) -> SendGrid:
    """An account, with the key that is found on this machine. Raises InputError when there is none.

    ``stopped`` is looked at all the time: when it becomes true, a pull stores what it has and stops.
    """
    circumstances = Circumstances(stopped=stopped)
    base = os.environ.get(BASE) or None
    return SendGrid(key or find_key(), host, subuser, base=base, circumstances=circumstances)


def missing_rights(account: SendGrid, whats: Collection[str]) -> list[Right]:
    """What the key may not read of ``whats`` (of ``WHATS``), found without pulling; empty when it is good for all.

    No scope of the Email Logs is documented, so they are asked for one second. Raises what the account raises.
    """
    missing = [right for what in whats for right in account.missing(what)]
    if "logs" in whats:
        try:
            account.logs(int(account.session.now()) - 1, int(account.session.now()))
        except Refused as error:
            if error.status != 403:
                raise
            missing += RIGHTS["logs"]
    return list(dict.fromkeys(missing))


def start(
    workspace: Workspace, account: SendGrid, wants: Wants | None = None, label: str | None = None
) -> Iterator[Progress]:
    """Pull what is wanted, one step at a time; the last step has the stage ``done``, or ``stopped``.

    To stop, let ``stopped`` of the account's circumstances become true, or leave the loop: what was brought is stored
    first. ``label`` tells accounts of one host apart whose keys take turns in one workspace. What SendGrid does not let
    the key read is noted in ``brought.refused`` and the rest pulled. Raises InputError for a damaged memory, and
    Failure where another pull of this account goes on or the workspace cannot be written.
    """
    wants = wants or Wants()
    name = account_name(_host(account), account.subuser, label)
    brought = Brought()
    with (
        alone(workspace, name),
        tempfile.TemporaryDirectory(dir=workspace.folder("scratch"), prefix="pull-") as scratch,
    ):
        memories = recall(workspace, name)
        stage = "done"
        what = ""
        for what in (each for each in WHATS if each in wants.what):
            memory = memories.setdefault(what, Memory())
            batch = Batch(Path(scratch), _FORMATS.get(what, ""))
            save = partial(remember, workspace, name, memories)
            try:
                yield from _pull(Task(what, workspace, account, wants, memory, batch, brought, save), name)
            except Stopped:
                stage = "stopped"
                break
            except LasthopError as error:
                brought.refused[what] = error
                _keep_unread(workspace, error)
                if isinstance(error, Refused) and error.status == 401:
                    break  # the key itself: nothing else will be answered
        brought.requests = account.session.requests
        brought.messages = count_messages(workspace)
        yield Progress(what, stage, 1.0, brought)


@dataclass(frozen=True)
class LastPull:
    """The last pull of one kind from one account. Instants are epoch seconds.

    ``finished`` is None when none ever came to its end; ``stopped``: the newest one did not. ``until``: everything up
    to there was asked about, None when nothing was. ``rows`` and ``events`` are what the newest one brought.
    """

    account: str
    what: str
    finished: int | None
    stopped: bool
    until: int | None
    rows: int
    events: int
    cut: tuple[int, ...]


def last_pull(workspace: Workspace) -> list[LastPull]:
    """What was pulled into a workspace, by account and kind; empty when nothing was."""
    return [
        LastPull(
            name,
            what,
            memory.finished,
            memory.sweep is not None,
            memory.coverage.spans[-1].end if memory.coverage.spans else None,
            memory.rows,
            memory.events,
            tuple(memory.cut),
        )
        for name in accounts(workspace)
        for what, memory in sorted(recall(workspace, name).items())
    ]


def _pull(task: Task, name: str) -> Iterator[Progress]:
    """Bring one kind, or say why not."""
    _check_key(task)
    if task.what in _LISTS:
        yield from _messages(task)
    elif task.what == "suppressions":
        yield from pull_stop_lists(task)
    else:
        yield from _stats(task, name)


def _check_key(task: Task) -> None:
    """Raise Refused where the key lacks a right that is needed; of several stop lists, note which it may not read."""
    try:
        missing = task.account.missing(task.what)
    except Refused as error:
        if error.status == 401:
            raise
        return  # a key that may not read its own scopes may still be good for the rest
    if missing and task.what != "suppressions":
        raise Refused(403, f"This key may not read {missing[0].what}.", "", missing[0].needs)
    notes = [f"The key may not read {right.what}. {right.needs}" for right in missing]
    task.brought.notes += [note for note in notes if note not in task.brought.notes]


def _messages(task: Task) -> Iterator[Progress]:
    now = task.now()
    since = max(now - HOLDS_SECONDS, task.wants.since or 0)
    yield from Sweep(task, _LISTS[task.what]).run(since, min(now, task.wants.until or now))


def _stats(task: Task, name: str) -> Iterator[Progress]:
    """Keep the newest answer as it is, and add its days up."""
    now = task.now()
    answer = task.account.stats(_day(task.wants.since or now - HOLDS_SECONDS), _day(task.wants.until or now))
    replace_bytes(task.workspace.folder(FOLDER) / f"{name}-stats.json", answer.body)
    for day in answer.rows:
        for label, count in _metrics(day):
            task.brought.totals[label] = task.brought.totals.get(label, 0) + count
    task.brought.rows += len(answer.rows)
    task.memory.finished = now
    task.count()
    task.save()
    yield task.step("asking", 1.0)


def _day(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()


def _metrics(day: Any) -> Iterator[tuple[str, int]]:
    """The counts of one day; what is no count is left out."""
    listed = day.get("stats") if isinstance(day, dict) else None
    for one in listed if isinstance(listed, list) else []:
        metrics = one.get("metrics") if isinstance(one, dict) else None
        for name, count in (metrics if isinstance(metrics, dict) else {}).items():
            if str(count).isdigit():
                yield str(name), int(count)


def _host(account: SendGrid) -> str:
    """The region, or the address of whatever stands in for it."""
    host = account.session.host
    return account.host if host.endswith("sendgrid.com") else host


def _keep_unread(workspace: Workspace, error: LasthopError) -> None:
    """Keep the bytes of an answer that could not be read: some of the newest ones, each cut to a MiB."""
    if not isinstance(error, Unanswered) or not error.body:
        return
    folder = workspace.folder(FOLDER) / "unread"
    folder.mkdir(exist_ok=True)
    body = error.body[:_UNREAD_BYTES]
    replace_bytes(folder / hashlib.sha256(body).hexdigest(), body)
    for old in sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime)[:-_UNREAD_FILES]:
        old.unlink(missing_ok=True)
