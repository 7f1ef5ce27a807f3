"""One list of messages into the workspace: the Email Logs, or Email Activity."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lasthop.live.coverage import Coverage, Span
from lasthop.live.known import Held, Known
from lasthop.live.progress import Progress
from lasthop.live.task import Task
from lasthop.model.kinds import Kind
from lasthop.pull import Density, NothingThere, SendGrid, Window, time_of_row, windows
from lasthop.read.pulled import borne_out, kind_of

STALE_SECONDS = 3600
"""A pull that was left off longer ago does not go on with its round: it asks again about what may have changed."""


@dataclass(frozen=True)
class MessageList:
    """How one API is asked, and how it names things."""

    what: str
    format: str
    id: str
    time: str
    """Entry of a row with the time that windows are cut by."""
    moves: bool
    """Whether that time changes with everything that happens to the message."""

    def ask(self, account: SendGrid, start: int, end: int) -> Sequence[Any]:
        """The rows between two instants."""
        return (account.logs if self.what == "logs" else account.activity)(start, end).rows

    def detail(self, account: SendGrid, message_id: str) -> Any:
        """Everything of one message; None when the service does not hold it any more."""
        try:
            return (account.log if self.what == "logs" else account.message)(message_id).value
        except NothingThere:
            return None


LOGS = MessageList("logs", "sendgrid_logs", "sg_message_id", "sg_message_id_created_at", moves=False)
ACTIVITY = MessageList("activity", "sendgrid_messages", "msg_id", "last_event_time", moves=True)


@dataclass
class Sweep:
    """One pull of one list, from its first window to its last.

    A window counts as asked about when all that it brought is stored: the memory is kept after that, and what a kill
    leaves undone is asked about again.
    """

    task: Task
    service: MessageList
    _asked: list[Span] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._known = Known(self.task.workspace, self.service.format)
        self._density = Density(self.task.account.limit)
        self._asked_at = self.task.now()

    def run(self, since: int, until: int) -> Iterator[Progress]:
        """Ask about everything that is due. Raises what the account raises, after storing what was brought."""
        began = self.task.now()
        if self.task.memory.sweep is None or self.task.wants.again or began - self.task.memory.sweep > STALE_SECONDS:
            self.task.memory.sweep = began
        if self.task.wants.again:
            self.task.memory.coverage = Coverage()
        due = self.task.memory.coverage.due(since, until, self.task.memory.sweep)
        total, done = sum(end - start for start, end in due) or 1, 0
        try:
            for start, end in due:
                for window in windows(self._ask, self._time, start, end, self._density):
                    share = (done + window.start - start) / total
                    yield from self._take(window, share)
                    yield self.task.step("asking", (done + window.end - start) / total)
                done += end - start
        finally:  # also when somebody stops, or the service refuses: what was brought is kept
            self._store()
        self.task.memory.sweep, self.task.memory.finished = None, self.task.now()
        self.task.save()

    def _ask(self, start: int, end: int) -> Sequence[Any]:
        self._asked_at = self.task.now()
        return self.service.ask(self.task.account, start, end)

    def _time(self, row: Any) -> int | None:
        return time_of_row(row, self.service.time)

    def _take(self, window: Window[Any], share: float) -> Iterator[Progress]:
        """Bring what is new of one window."""
        asked = self._asked_at
        ids = [one for row in window.rows if (one := self._id(row))]
        held = self._known.messages(ids, window.start, window.end)
        self.task.brought.rows += len(window.rows)
        for row in window.rows:
            self._bring(row, held.get(self._id(row), Held()), asked)
            if self.task.is_due():
                yield self.task.step("storing", share)
                self._store()
            yield self.task.step("details", share)
        self.task.brought.windows += 1
        if window.cut:
            self.task.brought.cut.append(window.start)
            self.task.memory.cut.append(window.start)
        self._asked.append(Span(window.start, window.end, asked))

    def _bring(self, row: Any, held: Held, asked: int) -> None:
        """Write a row to the batch, with its details where they are wanted, unless nothing of it is new."""
        status = kind_of(str(row.get("status", ""))) if isinstance(row, dict) else None
        identity = self._id(row)
        if status is not None and identity and self._wants_detail(row, status, held, asked):
            detail = self.service.detail(self.task.account, identity)
            self.task.brought.details += 1
            if detail is not None:
                events = detail.get("events")
                known = isinstance(events, list) and len(events) <= held.events and borne_out(status, held.timed)
                if not known:
                    self.task.write(row=row, detail=detail)
                return
        if status is None or not held.kinds or not (status is Kind.PROCESSED or borne_out(status, held.kinds)):
            self.task.write(row=row)

    def _wants_detail(self, row: Mapping[str, Any], status: Kind, held: Held, asked: int) -> bool:
        if self.task.wants.details == "none":
            return False
        if self.task.wants.details == "failed" and status is Kind.DELIVERED and not held.events:
            return False
        time = self._time(row)
        if self.service.moves and time is not None:
            return time > held.latest
        if status is Kind.DEFERRED or not held.events or not borne_out(status, held.timed):
            return True
        if self.task.wants.details == "failed":
            return False
        # Opens and clicks change no status: asked for once more when nothing can come any more.
        return time is not None and Span(time, time, asked).settled

    def _store(self) -> None:
        """Load the batch; only then do its windows count as asked about."""
        self._known.stored(source.sha256 for source in self.task.store())
        for span in self._asked:
            self.task.memory.coverage.add(span)
        self._asked.clear()
        self.task.count()
        self.task.save()

    def _id(self, row: Any) -> str:
        identity = row.get(self.service.id) if isinstance(row, dict) else None
        return identity if isinstance(identity, str) else ""
