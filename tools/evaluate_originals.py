"""Score the reader of original messages: ``evaluate_originals.py FOLDER``, or ``make evaluate DATA=FOLDER``.

FOLDER, or ``headers/`` in it, holds ``dev_messages.tar.xz`` and ``dev_reference.jsonl.gz``; a line of the latter names
a message (``rel``) and what a reader must find in it: ``hops`` (newest first; ``amb``: the stamp says nothing certain),
``ar`` (results of authentication), ``sg`` (SendGrid's ids) and ``ver`` (Microsoft's fields), null where there is none.
"""

import argparse
import gzip
import json
import statistics
import sys
import tarfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import thread_time
from typing import Any

from damaged import FORMS, damaged

from lasthop.original import Hop, Original, read_original
from lasthop.original.microsoft import microsoft_fields
from lasthop.original.results import Results, authentication_results
from lasthop.original.route import read_route

SHARES = (
    "no exception", "hop count", "from", "by", "with", "stamp", "whole path", "delays", "SendGrid path",
    "SendGrid prefix", "Authentication-Results", "Microsoft fields",
)  # fmt: skip
METHODS = frozenset(("arc", "auth", "bimi", "compauth", "dkim", "dmarc", "domainkeys", "iprev", "sender-id", "spf"))
PROPERTIES = frozenset(("header.d", "header.from", "header.i", "header.s", "smtp.helo", "smtp.mailfrom"))
"""The methods and properties that the reference asks for."""
EVERY = 7
"""Each so-manieth message is damaged in every form: the forms cost twelve times as much."""


@dataclass
class Scores:
    """Of each thing that is measured: how often it was asked for and how often it was right."""

    asked: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    wrong: list[tuple[str, str]] = field(default_factory=list)
    """What was wrong, and the message."""

    def add(self, what: str, right: bool, message: str) -> bool:
        """Count one answer, and pass on whether it was right."""
        self.asked[what] += 1
        self.right[what] += right
        if not right:
            self.wrong.append((what, message))
        return right


def cases(folder: Path) -> Iterator[tuple[dict[str, Any], bytes]]:
    """Each message with what must be found in it."""
    with gzip.open(folder / "dev_reference.jsonl.gz", "rt", encoding="utf-8") as lines:
        wanted = {row["rel"]: row for row in map(json.loads, lines)}
    with tarfile.open(folder / "dev_messages.tar.xz") as archive:
        for member in archive:
            row = wanted.get(member.name.removeprefix("./"))
            file = archive.extractfile(member) if row else None
            if row and file:
                yield row, file.read()


def read_hop(hop: Hop) -> dict[str, Any]:
    """A hop as the reference has it."""
    found = {"from": hop.from_, "by": hop.by, "with": hop.with_, "time": hop.stamp and hop.stamp.time.timestamp()}
    return {key: value for key, value in found.items() if value is not None}


def _same_time(found: dict[str, Any], wanted: dict[str, Any]) -> bool:
    """To the second, for the reference may lack the fraction; a stamp of no certain meaning is not asked for."""
    if wanted.get("amb"):
        return True
    one, other = found.get("time"), wanted.get("time")
    return one is other if one is None or other is None else abs(one - other) < 1


def _path_is_right(original: Original, wanted: list[dict[str, Any]]) -> bool:
    found = [read_hop(hop) for hop in original.hops]
    return len(found) == len(wanted) and all(
        _same_time(one, other) and all(one.get(key) == other.get(key) for key in ("from", "by", "with"))
        for one, other in zip(found, wanted, strict=True)
    )


def score_route(original: Original, row: dict[str, Any], scores: Scores) -> None:
    """Hops, stamps, the whole path and the delays of one message."""
    wanted, name = row["hops"], row["rel"]
    if not scores.add("hop count", len(original.hops) == len(wanted), name) or not wanted:
        return
    for hop, other in zip(map(read_hop, original.hops), wanted, strict=True):
        for key in ("from", "by", "with"):
            scores.add(key, hop.get(key) == other.get(key), name)
        scores.add("stamp", _same_time(hop, other), name)
    scores.add("whole path", _path_is_right(original, wanted), name)
    delays = [leg.delay for leg in read_route(original).legs]
    scores.add("delays", all(_close(*pair) for pair in zip(delays, _delays(wanted), strict=True)), name)


def _delays(wanted: list[dict[str, Any]]) -> list[float | None]:
    """Of each hop the seconds since the nearest older one with a certain stamp; None where none can be asked for."""
    delays: list[float | None] = []
    older: dict[str, Any] = {}
    for hop in reversed(wanted):
        stamped = hop.get("time") is not None
        certain = stamped and older and not hop["amb"] and not older["amb"]
        delays.append(hop["time"] - older["time"] if certain else None)
        older = hop if stamped else older
    return delays[::-1]


def _close(found: float | None, wanted: float | None) -> bool:
    return wanted is None or (found is not None and abs(found - wanted) < 2)


def score_sendgrid(original: Original, row: dict[str, Any], scores: Scores) -> None:
    """The path of a message of SendGrid, and what its sg_message_id begins with."""
    wanted = row["sg"]
    if not wanted:
        return
    scores.add("SendGrid path", _path_is_right(original, row["hops"]), row["rel"])
    prefix = wanted.get("message_id_prefix") or wanted.get("prefix")
    if prefix:
        found = original.sendgrid.message_id_prefix if original.sendgrid else None
        scores.add("SendGrid prefix", found == prefix, row["rel"])


def score_verdicts(original: Original, row: dict[str, Any], scores: Scores) -> None:
    """Results of authentication, header by header, and Microsoft's fields, each one exact."""
    if row["ar"]:
        found = [_results(given) for given in authentication_results(original.header)]
        wanted = [(one["h"], sorted(map(tuple, one["m"])), sorted(map(tuple, one["p"]))) for one in row["ar"]]
        scores.add("Authentication-Results", sorted(found) == sorted(wanted), row["rel"])
    if row["ver"]:
        values = {value for each in microsoft_fields(original.header) for value in each.values}
        for each in (*row["ver"]["forefront"], *row["ver"]["microsoft"], *row["ver"]["mailbox"]):
            for key in ("SCL", "BCL", "SFV", "CAT", "dest"):
                if key in each:
                    scores.add("Microsoft fields", (key, each[key]) in values, row["rel"])
        for value in row["ver"]["scl"]:
            scores.add("Microsoft fields", ("SCL", value) in values, row["rel"])


Pairs = list[tuple[str, str]]


def _results(given: Results) -> tuple[str, Pairs, Pairs]:
    """One header of results as the reference has it: the methods and properties that it knows, in lower case."""
    properties = (*given.loose, *(pair for said in given.results for pair in said.properties))
    return (
        given.field.name.lower(),
        sorted((said.method, said.result) for said in given.results if said.method in METHODS),
        sorted((name, value.lower()) for name, value in properties if name in PROPERTIES),
    )


def score_forms(data: bytes, row: dict[str, Any], scores: Scores) -> None:
    """Whether the path is read whole out of each of the twelve forms."""
    for form in FORMS:
        scores.add(f"paste: {form}", _path_is_right(read_original(damaged(data, form)), row["hops"]), row["rel"])


def score(folder: Path) -> tuple[Scores, list[float]]:
    """All scores, and how many milliseconds of the processor each message took."""
    scores, took = Scores(), []
    for place, (row, data) in enumerate(cases(folder)):
        began = thread_time()
        try:
            original = read_original(data)
        except Exception:  # any at all is a fault: that is what is counted here
            scores.add("no exception", False, row["rel"])
            continue
        took.append((thread_time() - began) * 1000)
        scores.add("no exception", True, row["rel"])
        score_route(original, row, scores)
        score_sendgrid(original, row, scores)
        score_verdicts(original, row, scores)
        if row["hops"] and place % EVERY == 0:
            score_forms(data, row, scores)
    return scores, took


def main(arguments: list[str]) -> int:
    """Print the scores; exit 2 where the folder holds no messages."""
    parser = argparse.ArgumentParser(description="Score the reader of original messages against a reference.")
    parser.add_argument("folder", type=Path, help="folder with the two files, or with headers/ in it")
    parser.add_argument("--wrong", action="store_true", help="name what was not read right")
    parser.add_argument("--optional", action="store_true", help="a folder without messages is no mistake")
    options = parser.parse_args(arguments)
    folder = options.folder / "headers" if (options.folder / "headers").is_dir() else options.folder
    if not (folder / "dev_messages.tar.xz").is_file() or not (folder / "dev_reference.jsonl.gz").is_file():
        print(f"no messages in {folder}", file=sys.stderr)
        return 0 if options.optional else 2
    scores, took = score(folder)
    for what in (*SHARES, *(f"paste: {form}" for form in FORMS)):
        asked = scores.asked[what]
        share = f"{scores.right[what] / asked:>8.2%}" if asked else "       –"
        print(f"{what:<38}{asked:>8}{share}")
    tail = statistics.quantiles(took, n=20)[-1] if len(took) > 1 else took[0]
    print(
        f"\n{len(took)} messages: median {statistics.median(took):.2f} ms, p95 {tail:.2f} ms, most {max(took):.1f} ms"
    )
    if options.wrong:
        for what, message in scores.wrong:
            print(f"{what}: {message}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
