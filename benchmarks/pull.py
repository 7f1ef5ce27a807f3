"""``python -m benchmarks.pull``: how many requests a month of mail takes, and how much memory the pull holds.

The stand-in runs in a process of its own and gives at most 1,000 messages an answer, without pages. The fewest requests
are those whose answers each hold one message less than that, for a full answer leaves open whether there are more.
Exit 1 when a bar is missed.
"""

import argparse
import multiprocessing
import os
import platform
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

from lasthop.live.progress import Wants
from lasthop.live.sendgrid import start
from lasthop.pull import LIMIT, Key, SendGrid
from lasthop.standin import DEMO_KEY, Account, Limit, Sent, new_message, running, stand_in
from lasthop.store import Workspace

DAY, DAYS = 86_400, 30
BAR_RATIO = 1.3
GROWTH_MB = 100
"""More than the process may grow by between a fifth of the way and the end."""


def mail_of(traffic: str, count: int, seed: int, end: int) -> Iterator[Sent]:
    """Delivered messages of thirty days, oldest first: evenly spread, or in a shop's office hours."""
    chance = random.Random(seed)
    hours = (
        [1.0] * 24 if traffic == "even" else [0.4 + 0.6 * max(0.0, 1 - abs(hour - 14) / 8) ** 2 for hour in range(24)]
    )
    begins = end - DAYS * DAY + 60
    within = chance.choices(range(24), hours, k=count)
    times = sorted(begins + chance.randrange(DAYS) * DAY + hour * 3_600 + chance.randrange(3_600) for hour in within)
    for number, created in enumerate(one for one in times if one < end):
        message = new_message(chance, number, created)
        message.add("processed", created)
        message.add("delivered", created + 1, response="250 OK")
        yield message


def serve(traffic: str, count: int, seed: int, end: int, pipe: Connection) -> None:
    """The stand-in until the other side of the pipe says so; tells its address and how many messages it has."""
    account = Account(list(mail_of(traffic, count, seed, end)))
    account.limits = {"other": Limit(100_000, 60)}
    with running(stand_in(account)) as address:
        pipe.send((address, len(account.mail)))
        pipe.recv()


def memory_mb() -> float:
    """What this process holds now."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def measure(folder: Path, traffic: str, count: int, seed: int) -> bool:
    """One pull of everything into a new workspace; whether the bars hold."""
    here, there = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(
        target=serve, args=(traffic, count, seed, int(time.time()), there), daemon=True
    )
    server.start()
    address, held = here.recv()
    account = SendGrid(Key(DEMO_KEY, "the benchmark"), base=address)
    began, at = time.monotonic(), dict[int, float]()
    for step in start(Workspace(folder / traffic), account, Wants(("logs",), details="none")):
        at.setdefault(int(step.share * 5), memory_mb())
        last = step
    seconds = time.monotonic() - began
    here.send(None)
    server.join()
    asked, fewest = account.session.requests - 1, -(-held // (LIMIT - 1))  # without that for the key's rights
    memory = " ".join(f"{mb:.0f}" for _, mb in sorted(at.items()))
    print(
        f"| {traffic} | {held:,} | {asked} | {fewest} | {asked / fewest:.2f} | {memory} | {seconds:.0f} |", flush=True
    )
    whole = last.brought.rows == held and not last.brought.refused and last.brought.messages == held
    return whole and asked <= BAR_RATIO * fewest and at[5] - at[1] <= GROWTH_MB


def main(arguments: list[str]) -> int:
    """Print the figures as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args(arguments)
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}\n")
    print("| traffic | messages | requests | fewest | ratio | MB after each fifth | s |\n|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(prefix="lasthop-pull-") as name:
        good = [measure(Path(name), traffic, options.messages, options.seed) for traffic in ("even", "office hours")]
    return int(not all(good))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
