"""The one importer of a spool: a process of its own, so that the receiver answers while batches are read and stored.

``python -m lasthop.live.importing WORKSPACE SECONDS`` prints a line a batch and ends when its standard input does: that
is when the receiver that started it stops or is killed. A second importer of a workspace waits until the first ends.
"""

import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock

from lasthop.errors import Failure, LasthopError
from lasthop.live.merging import merge_days
from lasthop.live.spool import Spool, source_name
from lasthop.load import Offer, load
from lasthop.read import Member, Reading
from lasthop.store import Source, Workspace

READING = Reading("sendgrid_webhook", "utf-8", None, (), 0, {}, "UTC")
TRIES = 5
WAIT_S = 10.0
PAUSE_S = 0.25
Log = Callable[[str], None]


class Stuck(Exception):
    """A batch whose own bytes cannot be imported, as far as can be told."""


def import_waiting(workspace: Workspace, spool: Spool, log: Log) -> None:
    """Import what lies in the spool, batch by batch, a log line each.

    Raises Failure for what passes (the disk is full, a load holds the lock), Stuck for a batch that cannot be imported;
    either way the batch stays where it is.
    """
    while batch := next(iter(spool.batches()), None) or spool.freeze():
        try:
            log(_import(workspace, spool, batch))
        except Failure:
            raise
        except Exception as error:  # its text could hold what the batch holds, so only its type is told
            raise Stuck(f"{batch.name} could not be imported ({type(error).__name__})") from error


def _import(workspace: Workspace, spool: Spool, batch: Path) -> str:
    began = time.monotonic()
    joined = workspace.folder("scratch") / f"{batch.name}.json"
    try:
        count = spool.join(batch, joined)
        source = _load(workspace, Member(source_name(batch), joined)) if joined.read_bytes().strip() else None
    finally:
        joined.unlink(missing_ok=True)
    spool.drop(batch)
    return _line(count, source, time.monotonic() - began)


def _load(workspace: Workspace, member: Member) -> Source:
    report = load(workspace, [(Offer(member.name, member, None, None), READING)])
    for failed in report.failed:
        raise failed.error
    return report.sources[0]


def _line(bodies: int, source: Source | None, seconds: float) -> str:
    said = _counted(bodies, "post")
    if source is not None:
        said += f", {_counted(source.events, 'event')}: {source.added:,} new, {source.duplicates:,} known before"
        said += f"; {source.rejected:,} rejected" if source.rejected else ""
    return f"{said}; {seconds:.2f} s"


def _counted(number: int, word: str) -> str:
    return f"{number:,} {word}{'s' * (number != 1)}"


def stamped(line: str) -> str:
    """A log line with its time, UTC; control characters cannot act."""
    text = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in line)
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} {text}"


def run(workspace: Workspace, every_s: float, stop: threading.Event, log: Log) -> None:
    """Import until ``stop``, at most once in ``every_s`` seconds; a batch that is stuck five times is put aside."""
    spool = Spool(workspace)
    with FileLock(spool.path / "importer.lock"):
        spool.begin()
        tries = 0
        while not stop.is_set():
            began, pause = time.monotonic(), every_s
            try:
                import_waiting(workspace, spool, log)
                _merge(workspace, log)
                tries = 0
            except Failure as failure:
                log(f"a batch has to wait: {failure}")
                pause = max(every_s, WAIT_S)
            except Stuck as stuck:
                tries += 1
                log(f"{stuck}; try {tries} of {TRIES}")
                if tries == TRIES:
                    log(f"its bytes stay in {spool.put_aside(spool.batches()[0])}, for the next start")
                    tries = 0
            _rest(spool, stop, began + pause)


def _merge(workspace: Workspace, log: Log) -> None:
    """Keep the number of sources small; what goes wrong there stops no import."""
    try:
        merge_days(workspace, time.time())
    except Exception as error:
        log(f"the sources of a day could not be merged ({type(error).__name__}); they stay as they are")


def _rest(spool: Spool, stop: threading.Event, until: float) -> None:
    """Wait for the time and for something to import."""
    while not stop.wait(PAUSE_S):
        if time.monotonic() >= until and (spool.batches() or spool.waiting()):
            return


def main(arguments: list[str]) -> int:
    """Import for as long as standard input is open."""
    stop = threading.Event()

    def hear() -> None:
        sys.stdin.buffer.read()
        stop.set()

    def log(line: str) -> None:
        print(stamped(line), flush=True)  # noqa: T201

    threading.Thread(target=hear, daemon=True).start()
    try:
        run(Workspace(arguments[0]), float(arguments[1]), stop, log)
    except Exception as error:  # a traceback could hold what a batch holds
        log(f"the importer cannot go on: {error if isinstance(error, LasthopError) else type(error).__name__}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
