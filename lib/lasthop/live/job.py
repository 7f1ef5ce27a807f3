"""A pull that goes on beside a screen: one for each workspace, in a thread of this process, stopped when told."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from lasthop.errors import Failure, LasthopError
from lasthop.live.progress import Progress
from lasthop.pull import SendGrid
from lasthop.store import Workspace

Steps = Callable[[SendGrid], Iterator[Progress]]


class Job:
    """One pull. ``last`` is its newest step, ``error`` what ended it before its time; both None at first."""

    def __init__(self, connect: Callable[[Callable[[], bool]], SendGrid], steps: Steps) -> None:
        """``connect`` is given the wish to stop. Raises what it raises: there is no job without a key."""
        self._stop = threading.Event()
        self._account = connect(self._stop.is_set)
        self._steps = steps
        self.last: Progress | None = None
        self.error: LasthopError | None = None
        self._thread = threading.Thread(target=self._run, name="pull", daemon=True)

    def begin(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Let it store what it has and end; the next pull goes on from there."""
        self._stop.set()

    @property
    def running(self) -> bool:
        """Whether it goes on."""
        return self._thread.is_alive()

    @property
    def stopping(self) -> bool:
        """Whether it was told to stop."""
        return self._stop.is_set()

    def wait(self, seconds: float | None = None) -> None:
        """Wait for its end."""
        self._thread.join(seconds)

    def _run(self) -> None:
        try:
            for step in self._steps(self._account):
                self.last = step
        except LasthopError as error:
            self.error = error
        except Exception as error:  # its text could hold what an answer holds
            self.error = Failure(
                f"The pull ended by a fault of lasthop ({type(error).__name__}).",
                hint="What was brought is kept; a new pull goes on from there. Please report it.",
            )


_JOBS: dict[Path, Job] = {}
_LOCK = threading.Lock()


def job_of(workspace: Workspace) -> Job | None:
    """The newest pull into a workspace that this process began; None when there was none."""
    return _JOBS.get(workspace.root)


def begin_job(workspace: Workspace, connect: Callable[[Callable[[], bool]], SendGrid], steps: Steps) -> Job:
    """Begin a pull; while one goes on, that one is given back."""
    with _LOCK:
        held = _JOBS.get(workspace.root)
        if held and held.running:
            return held
        job = _JOBS[workspace.root] = Job(connect, steps)
        job.begin()
        return job
