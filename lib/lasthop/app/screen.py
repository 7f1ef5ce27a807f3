"""What a page works with: the workspace, the time zone, and one moment of the data."""

from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property

from streamlit.delta_generator import DeltaGenerator

from lasthop.app.safe_text import plain
from lasthop.store import Snapshot, Workspace
from lasthop.trace import look

_BEHIND = (
    "A load is still writing to this workspace, or its disk takes no more: the newest messages are not shown yet. "
    "Reload the page later."
)


@dataclass
class Screen:
    """What a page works with. ``snapshot`` is opened when first asked for and closed with the page."""

    workspace: Workspace
    zone: str
    stack: ExitStack
    notice: DeltaGenerator

    @cached_property
    def snapshot(self) -> Snapshot:
        """One moment of the workspace, the same for everything on the page."""
        snapshot = self.stack.enter_context(look(self.workspace))
        if snapshot.behind:
            self.notice.caption(_BEHIND)
        if snapshot.problem:
            self.notice.warning(plain(f"{snapshot.problem} Until then the rules of lasthop stand alone."))
        return snapshot

    @cached_property
    def is_empty(self) -> bool:
        """Whether no event has been loaded yet."""
        return self.snapshot.value("SELECT 1 FROM events LIMIT 1") is None
