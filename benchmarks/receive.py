"""``python -m benchmarks.receive``: what `lasthop receive` takes and refuses, how soon it answers, what a kill loses.

Load is made by a process of its own on the same two cores, so the receiver, its importer and the sender share them.
Batches are of 100 events, signed, posted on new connections. Exit 1 when a bar is missed.
"""

import argparse
import os
import platform
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.posting import Sender, Server, drip, post, receiving, until
from lasthop.live.spool import Spool
from lasthop.store import Workspace

EVENTS = 100
BAR_EVENTS, BAR_MS = 2_000, 250
DRAIN_S = 1_200
"""A killed importer leaves its work to the next one: what is left at the end takes its time."""


class Load:
    """Posts in the given rhythm from some threads; knows what was acknowledged and how long each answer took."""

    def __init__(self, sender: Sender, server: Server, senders: int) -> None:
        self.sender, self.server, self.senders = sender, server, senders
        self.seconds: list[float] = []
        self.kept: list[str] = []
        self.statuses: Counter[int] = Counter()
        self._lock = threading.Lock()

    def run(self, seconds: float, rate: float | None) -> float:
        """Post for ``seconds``: ``rate`` posts a second, or as fast as answers come. Returns acknowledged events/s."""
        began = time.monotonic()
        slots = iter(range(10**9))

        def work() -> None:
            while True:
                with self._lock:
                    at = began + next(slots) / rate if rate else time.monotonic()
                if at > began + seconds or time.monotonic() > began + seconds:
                    return
                time.sleep(max(0.0, at - time.monotonic()))
                self.one()

        with ThreadPoolExecutor(self.senders) as threads:
            for _ in range(self.senders):
                threads.submit(work)
        return len(self.kept) / (time.monotonic() - began)

    def one(self) -> None:
        """One post of new events."""
        ids, body = self.sender.batch(EVENTS)
        headers = self.sender.headers(body)
        began = time.monotonic()
        status = post(self.server.port, body, headers)
        took = time.monotonic() - began
        with self._lock:
            self.statuses[status] += 1
            self.seconds.append(took)
            if status == 200:
                self.kept += ids

    def percentile(self, share: float) -> float:
        """Milliseconds within which this share of the answers came."""
        return 1000 * sorted(self.seconds)[min(len(self.seconds) - 1, int(share * len(self.seconds)))]


def measure(folder: Path, seconds: float) -> bool:
    """Full speed, then half the bar, each on a workspace of its own; whether the bars hold."""
    _head("load", "events/s acknowledged", "p50 ms", "p99 ms", "receiver MB", "importer MB", "all stored after s")
    good = True
    for name, rate, senders in (("as fast as it answers", None, 4), ("1,000 events/s", BAR_EVENTS / 2 / EVENTS, 8)):
        sender = Sender()
        workspace = Workspace(folder / f"load-{senders}")
        with receiving(workspace.root, sender.public_key, "--every", "5") as server:
            load = Load(sender, server, senders)
            speed = load.run(seconds, rate)
            began = time.monotonic()
            whole = until(lambda: _stored(workspace) == set(load.kept), 120)  # noqa: B023
            receiver, importer = server.memory_mb()
        after = f"{time.monotonic() - began:.1f}" if whole else "NOT ALL"
        p50, p99 = load.percentile(0.5), load.percentile(0.99)
        _row(name, f"{speed:,.0f}", f"{p50:.0f}", f"{p99:.0f}", f"{receiver:.0f}", f"{importer:.0f}", after)
        odd = {status: n for status, n in load.statuses.items() if status != 200}
        if odd:
            print(f"other answers: {odd}")
        good = good and whole and (speed >= BAR_EVENTS if rate is None else p99 < BAR_MS)
    return good


def refusals(folder: Path, posts: int) -> bool:
    """Floods of what must be refused: the statuses, and the receiver's memory before and after."""
    sender, big = Sender(), b"[" + b" " * (8 << 20) + b"]"
    _, body = sender.batch(EVENTS)
    stale = sender.headers(body, int(time.time()) - 7 * 86_400)
    wrong = sender.headers(body[:-2])
    kinds = {
        "unsigned": (body, {}, 401),
        "stale": (body, stale, 403),
        "not these bytes": (body, wrong, 403),
        "8 MiB": (big, sender.headers(big), 413),
    }
    good = True
    _head("refused", "posts", "answers", "receiver MB before", "after")
    workspace = Workspace(folder / "refused")
    with receiving(workspace.root, sender.public_key) as server:
        post(server.port, body, sender.headers(body))
        for name, (content, headers, expected) in kinds.items():
            before, count = server.memory_mb()[0], posts if len(content) < 1 << 20 else posts // 10
            with ThreadPoolExecutor(8) as threads:
                jobs = [threads.submit(post, server.port, content, headers) for _ in range(count)]
                answers = Counter(job.result() for job in jobs)
            good = good and set(answers) == {expected}
            _row(name, f"{count:,}", _told(answers), f"{before:.0f}", f"{server.memory_mb()[0]:.0f}")
        before = server.memory_mb()[0]
        with ThreadPoolExecutor(40) as threads:
            dripping = [threads.submit(drip, server.port, 20.0) for _ in range(40)]
            taken = post(server.port, body, sender.headers(body))
            drips = [job.result() for job in dripping]
        words = Counter(answer for answer, _ in drips)
        longest = max(took for _, took in drips)
        said = f"{_told(words)}, within {longest:.0f} s"
        _row("slow drips, all at once", "40", said, f"{before:.0f}", f"{server.memory_mb()[0]:.0f}")
        print(f"\nA good post among the drips: {taken}")
        return good and taken == 200 and all("408" in answer for answer in words)


def kills(folder: Path, times: int, seed: int) -> bool:
    """Kill -9 of receiver, importer or both under load; whether every acknowledged event is there, and once."""
    chance, sender, workspace = random.Random(seed), Sender(seed), Workspace(folder / "killed")
    kept, lost_answers, began = list[str](), 0, time.monotonic()
    again: list[tuple[list[str], bytes]] = []
    for _ in range(times):
        with receiving(workspace.root, sender.public_key, "--every", "1") as server:
            killer = threading.Timer(
                chance.uniform(0.05, 1.0), _kill, (server, chance.choice(("both", "receiver", "importer")))
            )
            killer.start()
            while server.process.poll() is None:
                ids, body = again.pop() if again else sender.batch(EVENTS)
                if post(server.port, body, sender.headers(body)) == 200:
                    kept += ids
                else:  # as SendGrid does: the same events again
                    lost_answers += 1
                    again.append((ids, body))
            killer.join()
    spool = Spool(workspace)
    with receiving(workspace.root, sender.public_key, "--every", "1"):
        drained = until(lambda: not spool.batches() and not spool.waiting(), DRAIN_S)
    stored = _all_stored(workspace)
    doubled = len(stored) - len(set(stored))
    missing = len(set(kept) - set(stored))
    _head("kill -9", "events acknowledged", "not stored", "doubled", "posts without an answer", "s")
    seconds = f"{time.monotonic() - began:.0f}"
    _row(str(times), f"{len(kept):,}", str(missing), str(doubled), str(lost_answers), seconds)
    if not drained:
        left = len(spool.waiting()) + sum(len(list(batch.iterdir())) for batch in spool.batches())
        print(f"\nAfter {DRAIN_S} s {left:,} bodies were still in the spool: what is not stored may be there.")
    return drained and not missing and not doubled


def _kill(server: Server, which: str) -> None:
    importer = server.importer()
    if which != "receiver" and importer:
        os.kill(importer, 9)
        time.sleep(0.2)
    server.kill()


def _all_stored(workspace: Workspace) -> list[str]:
    with workspace.snapshot() as snapshot:
        return [row["x_message_id"] for row in snapshot.rows("SELECT x_message_id FROM events")]


def _stored(workspace: Workspace) -> set[str]:
    return set(_all_stored(workspace))


def main(arguments: list[str]) -> int:
    """Print the figures as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=30.0, help="how long each load lasts")
    parser.add_argument("--kills", type=int, default=200, help="0 leaves them out")
    parser.add_argument("--refused", type=int, default=2_000, help="posts of each kind that must be refused; 0: none")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--folder", type=Path, help="on a real disk, where the temporary one is none: syncs count")
    options = parser.parse_args(arguments)
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}")
    with tempfile.TemporaryDirectory(dir=options.folder, prefix="lasthop-receive-") as name:
        folder = Path(name)
        good = [measure(folder, options.seconds) if options.seconds else True]
        good.append(refusals(folder, options.refused) if options.refused else True)
        good.append(kills(folder, options.kills, options.seed) if options.kills else True)
    return int(not all(good))


def _head(*names: str) -> None:
    print("\n| " + " | ".join(names) + " |\n" + "|---" * len(names) + "|", flush=True)


def _row(*cells: str) -> None:
    print("| " + " | ".join(cells) + " |", flush=True)


def _told(counts: Counter[int] | Counter[str]) -> str:
    return ", ".join(f"{what} ×{number:,}" for what, number in counts.items())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
