"""`make bench`: load an activity export beside DuckDB's plain read of the same file, then ask what a page asks.

The bar is a ratio: loading a million events takes at most three times the floor of the same run.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

import duckdb

from benchmarks.generate import write_activity

SIZES = {"100k": 100_000, "1M": 1_000_000, "10M": 10_000_000}
BAR = 3.0
PACKS = (("mixed", 200), ("suppressed", 200), ("scattered", 10_000), ("scattered", 100_000))


def main() -> int:
    """Print the figures as Markdown; exit 1 when the ratio at one million is above the bar."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", nargs="+", choices=SIZES, default=["100k", "1M"], help="10M takes some minutes")
    parser.add_argument("--rounds", type=int, default=3, help="floor and load alternate this often; medians count")
    parser.add_argument("--data", type=Path, default=Path(__file__).parent / "data", help="where the exports are kept")
    options = parser.parse_args()
    print(f"{os.cpu_count()} cores, {_memory()} GB, Python {platform.python_version()}, DuckDB {duckdb.__version__}\n")
    print("| events | CSV MB | floor s | load s | ratio | peak MB (floor) | µs an event |")
    print("|---|---|---|---|---|---|---|")
    ratios, answers, packs = {}, {}, list[str]()
    with tempfile.TemporaryDirectory(dir=options.data.parent) as folder:
        for size in options.sizes:
            csv = write_activity(options.data / f"activity-{size}.csv", SIZES[size])
            ratios[size] = _loading(size, csv, Path(folder), options.rounds)
            asked = _measure("queries", csv, Path(folder))
            packs += _packing(size, csv, Path(folder), options.rounds)
            answers[size] = asked["milliseconds"] | {"peak MB of the process that asked all this": asked["peak_mb"]}
    print("\n| question, warm | " + " | ".join(f"ms at {size}" for size in answers) + " |")
    print("|---|" + "---|" * len(answers))
    for name in next(iter(answers.values())):
        print(f"| {name} | " + " | ".join(f"{found[name]:.0f}" for found in answers.values()) + " |")
    print("\n| pack | s | floor s | ratio | peak MB | ZIP MB | steps told |\n|---|---|---|---|---|---|---|")
    print("\n".join(packs))
    return int(ratios.get("1M", 0) > BAR)


def _packing(size: str, csv: Path, folder: Path, rounds: int) -> list[str]:
    """Rows of the table of packs; the floor: the same 200 messages' events by one query, as CSV in a ZIP."""
    floor = median(_measure("pack_floor", csv, folder)["seconds"] for _ in range(rounds))
    rows = []
    for order, limit in PACKS:
        made = _measure("pack", csv, folder, order, str(limit))
        if made["messages"] < limit:
            continue
        beside = f"{floor:.2f} | {made['seconds'] / floor:.1f}" if limit == 200 else " | "
        rows.append(
            f"| {limit:,} messages of {size} events, {order} | {made['seconds']:.2f} | {beside} | {made['peak_mb']} | "
            f"{made['mb']:.1f} | {made['steps']:,} |"
        )
    return rows


def _loading(size: str, csv: Path, folder: Path, rounds: int) -> float:
    pairs = [(_measure("floor", csv, folder), _measure("load", csv, folder)) for _ in range(rounds)]
    floor = median(pair[0]["seconds"] for pair in pairs)
    load = median(pair[1]["seconds"] for pair in pairs)
    ratio: float = median(pair[1]["seconds"] / pair[0]["seconds"] for pair in pairs)
    floor_mb, load_mb = (max(pair[place]["peak_mb"] for pair in pairs) for place in (0, 1))
    if any(pair[1]["added"] != SIZES[size] or pair[1]["rejected"] for pair in pairs):
        raise SystemExit(f"{size}: not every event was loaded: {pairs[0][1]}")
    print(
        f"| {size} | {csv.stat().st_size / 1e6:.0f} | {floor:.2f} | {load:.2f} | {ratio:.2f} | "
        f"{load_mb} ({floor_mb}) | {load / SIZES[size] * 1e6:.1f} |",
        flush=True,
    )
    return ratio


def _measure(what: str, csv: Path, folder: Path, *more: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.measure", what, str(csv), str(folder), *more]
    answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    result: dict[str, Any] = json.loads(answer.splitlines()[-1])
    return result


def _memory() -> int:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9)


if __name__ == "__main__":
    sys.exit(main())
