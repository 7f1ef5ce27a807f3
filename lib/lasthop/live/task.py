"""What every kind of pull works with."""

from collections.abc import Callable
from dataclasses import dataclass

from lasthop.live.batch import Batch
from lasthop.live.memory import Memory
from lasthop.live.progress import Brought, Progress, Wants
from lasthop.pull import SendGrid
from lasthop.store import Source, Workspace


@dataclass
class Task:
    """One kind of one pull. ``save`` keeps the memory, which says only what is stored already."""

    what: str
    workspace: Workspace
    account: SendGrid
    wants: Wants
    memory: Memory
    batch: Batch
    brought: Brought
    save: Callable[[], None]

    def __post_init__(self) -> None:
        self._rows, self._added = self.brought.rows, self.brought.added

    def now(self) -> int:
        """The service's clock, epoch seconds."""
        return int(self.account.session.now())

    def step(self, stage: str, share: float) -> Progress:
        """Where it stands."""
        self.brought.requests = self.account.session.requests
        return Progress(self.what, stage, share, self.brought)

    def count(self) -> None:
        """Let the memory tell what this kind brought so far; ``brought`` is that of all kinds of the pull."""
        self.memory.rows, self.memory.events = self.brought.rows - self._rows, self.brought.added - self._added

    def store(self) -> list[Source]:
        """Load what the batch holds, and count it; the sources that it became."""
        report = self.batch.store(self.workspace, self.account.session.now())
        self.brought.stored(report)
        return report.sources if report else []

    def is_due(self) -> bool:
        """Whether the batch is long or old enough to be stored."""
        return self.batch.is_due(self.account.session.now())

    def write(self, **record: object) -> None:
        """Put a record of the service into the batch."""
        self.batch.add(self.account.session.now(), **record)
