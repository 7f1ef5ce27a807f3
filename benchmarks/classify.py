"""``python -m benchmarks.classify``: name the reasons of replies that are all worded differently, on one core.

The floor, measured in the same run, is what any reader pays before it can begin: each reply as a line of JSON, parsed.
Rounds alternate and the best of each counts, so that other work on the machine is left out of the ratio.
"""

import argparse
import json
import os
import platform
import random
import sys
from collections.abc import Callable
from dataclasses import asdict
from itertools import cycle
from time import perf_counter

from lasthop.reply import Reply, builtin, classify_many, normalised

# Words that no rule knows: each reply gets some of them in a place of their own.
VOCABULARY = [
    f"{first}{last}" for first in ("am", "bir", "co", "dai", "el", "fen") for last in ("ber", "ch", "ral", "sy")
]
WORDS_ADDED = 9


def worded_differently(count: int, seed: int = 7) -> list[Reply]:
    """Replies made of the examples of the rules and of words that no rule knows: no two share a wording."""
    chance = random.Random(seed)
    examples = [rule.example for rule in builtin().rules]
    return [_varied(chance.choice(examples), chance) for _ in range(count)]


def worded_alike(count: int) -> list[Reply]:
    """Replies of one wording each rule: only the address and the id differ."""
    return [
        Reply(f"{rule.example['reply']} <someone{n}@example.com> id {n:016x}")
        for n, rule in zip(range(count), cycle(builtin().rules), strict=False)
    ]


def _varied(example: dict[str, str], chance: random.Random) -> Reply:
    words = example["reply"].split(" ")
    # At the end: in the middle of a phrase they would hide it.
    words += chance.choices(VOCABULARY, k=WORDS_ADDED)
    if chance.random() < 0.5:
        words.append(f"<{chance.choice(VOCABULARY)}.{chance.randrange(10**6)}@example.com>")
    return Reply(**{**example, "reply": " ".join(words)})


def main(arguments: list[str]) -> int:
    """Print the figures as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replies", type=int, default=2_000, help="how many replies a round")
    parser.add_argument("--rounds", type=int, default=40)
    options = parser.parse_args(arguments)
    replies, alike = worded_differently(options.replies), worded_alike(options.replies)
    if len({reply.reply for reply in replies}) < len(replies):
        raise SystemExit("two replies are worded alike: give fewer replies")
    lines = [json.dumps(asdict(reply)) for reply in replies]
    work: dict[str, Callable[[], object]] = {
        "floor: parse them as JSON": lambda: [json.loads(line) for line in lines],
        "classify_many, every wording different": lambda: classify_many(replies),
        "classify_many, only addresses and ids different": lambda: classify_many(alike),
        "normalised, every wording different": lambda: [normalised(reply.reply) for reply in replies],
    }
    best = dict.fromkeys(work, float("inf"))
    for _ in range(options.rounds):
        for name, ask in work.items():
            began = perf_counter()
            ask()
            best[name] = min(best[name], perf_counter() - began)
    length = sum(len(reply.reply) for reply in replies) / len(replies)
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}, {length:.0f} characters a reply\n")
    print("| | µs a reply | replies a second | × floor |\n|---|---|---|---|")
    floor = next(iter(best.values()))
    for name, seconds in best.items():
        each = seconds / len(replies)
        print(f"| {name} | {each * 1e6:.1f} | {1 / each:,.0f} | {seconds / floor:.1f} |")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
