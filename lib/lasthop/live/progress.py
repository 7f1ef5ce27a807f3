"""Where a pull stands, what it brought, and what is wanted of it."""

from dataclasses import dataclass, field

from lasthop.errors import LasthopError
from lasthop.load import LoadReport
from lasthop.store import Source

WHATS = ("logs", "activity", "suppressions", "stats")
DETAILS = ("failed", "all", "none")


@dataclass(frozen=True)
class Wants:
    """What to pull. Instants are epoch seconds; None means as far back as is held, and up to now.

    ``details``: of which messages every event is asked for, one request each: ``failed`` (all that are not plainly
    delivered), ``all`` or ``none``. ``again``: ask about everything once more, whatever was asked before.
    """

    what: tuple[str, ...] = ("logs", "suppressions")
    since: int | None = None
    until: int | None = None
    details: str = "failed"
    again: bool = False


@dataclass
class Brought:
    """What a pull has brought so far; it grows while the pull goes on.

    ``refused`` tells what could not be asked for, by kind, and why; the other kinds were pulled all the same.
    ``cut`` are seconds (epoch) that hold more messages than the service tells. ``totals`` are the statistics summed.
    """

    windows: int = 0
    rows: int = 0
    details: int = 0
    requests: int = 0
    sources: list[Source] = field(default_factory=list)
    messages: int = 0
    refused: dict[str, LasthopError] = field(default_factory=dict)
    cut: list[int] = field(default_factory=list)
    totals: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def added(self) -> int:
        """Events that were not there before."""
        return sum(source.added for source in self.sources)

    def stored(self, report: LoadReport | None) -> None:
        """Count what a load brought."""
        if report:
            self.sources += report.sources
            self.messages = report.messages


@dataclass(frozen=True)
class Progress:
    """One step of a pull.

    ``stage``: asking, details, storing, done or stopped. ``share`` of the time to be asked about, 0 to 1, of ``what``.
    ``brought`` is the same object throughout.
    """

    what: str
    stage: str
    share: float
    brought: Brought

    @property
    def words(self) -> str:
        """One line for a person."""
        told = {"window": self.brought.windows, "row": self.brought.rows, "detail": self.brought.details}
        counted = (f"{number:,} {word}{'s' * (number != 1)}" for word, number in told.items())
        return f"{self.what}, {self.stage}: {', '.join(counted)}"
