"""Score the reasons of SMTP replies against labelled cases: ``evaluate.py FOLDER``, or ``make evaluate DATA=FOLDER``.

FOLDER holds ``*.jsonl`` files, in it or below ``replies/``. A line is a case when it has a label (``label``, or
``label_mapped``) and a reply (``reply``, ``diagnostic``, or ``event.reason``); labels in ``accept`` are right too.
"""

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from lasthop.reply import LABELS, Reason, Reply, classify_many, reasons


@dataclass(frozen=True)
class Case:
    """One labelled reply of one set."""

    name: str
    reply: Reply
    label: str
    accept: frozenset[str]


def cases(file: Path) -> Iterator[Case]:
    """The cases of one file; lines without a label or of a label that is none of the reasons are left out."""
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line) if line.strip() else {}
        label = row.get("label") or row.get("label_mapped")
        if label not in LABELS:
            continue
        name = file.stem
        if name.startswith("provider_docs"):
            # Whole replies keep their capitals; what is quoted from inside one is in lower case.
            name += " (full)" if row["reply"] != row["reply"].lower() else " (fragments)"
        yield Case(name, _reply(row), label, frozenset(row.get("accept") or [label]))


def _reply(row: dict[str, Any]) -> Reply:
    event = row.get("event") or {}
    status = str(event.get("status") or "")
    address = str(event.get("email") or "")
    return Reply(
        reply=row.get("reply") or row.get("diagnostic") or row.get("context") or event.get("reason") or "",
        reply_code=row.get("reply_code") or (status if status.isdigit() else None),
        enhanced_code=row.get("enhanced_code") or (status if "." in status else None),
        remote_host=row.get("remote_host") or None,
        recipient_domain=row.get("recipient_domain") or address.partition("@")[2] or None,
        smtp_command=row.get("smtp_command") or None,
    )


def _shares(pairs: list[tuple[Case, Reason]]) -> str:
    n = len(pairs)
    exact = sum(reason.label == case.label for case, reason in pairs)
    compatible = sum(reason.label in case.accept for case, reason in pairs)
    who = sum(reason.who == reasons()[case.label].who for case, reason in pairs)
    told = sum(reason.label != "unclassified" for _, reason in pairs)
    return f"{n:>5} {told / n:>9.1%} {exact / n:>7.1%} {compatible / n:>11.1%} {who / n:>8.1%}"


def _print_scores(pairs: list[tuple[Case, Reason]]) -> None:
    sets: dict[str, list[tuple[Case, Reason]]] = {}
    labels: dict[str, list[tuple[Case, Reason]]] = {}
    for pair in pairs:
        sets.setdefault(pair[0].name, []).append(pair)
        labels.setdefault(pair[0].label, []).append(pair)
    for title, groups in (("set", sets), ("label", labels)):
        print(f"{title:<38}    n  coverage   exact  compatible      who")
        for name, group in sorted(groups.items(), key=lambda item: -len(item[1])):
            print(f"{name:<38}{_shares(group)}")
        print()


_NAMES_A_LIST = re.compile(
    r"spamhaus|spamcop|barracuda|sorbs|uceprotect|abusix|invaluement|mailspike|surbl|uribl|psbl|spamrats|manitu|abuseat"
    r"|backscatterer|hostkarma|gbudb|senderscore|cloudmark|talosintel|senderbase|mail-abuse|[a-z]bl\.|\bbl\."
    r"|\brbl|dnsbl|black ?list|block ?list",
    re.IGNORECASE,
)


def _print_blocklists(pairs: list[tuple[Case, Reason]]) -> None:
    """Of the replies that name a block list: how many are told to be listed, and how many name the list apart."""
    named = [(case, reason) for case, reason in pairs if _NAMES_A_LIST.search(case.reply.reply)]
    if not named:
        return
    listed = [reason for _, reason in named if reason.label == "reputation_block"]
    apart = sum("blocklist" in reason.attributes for reason in listed)
    print(f"{len(named)} replies speak of a block list: {len(listed) / len(named):.1%} reputation_block, ", end="")
    print(f"{apart / len(named):.1%} with the list's own name\n")


def _print_confusions(pairs: list[tuple[Case, Reason]], every: bool) -> None:
    wrong = [(c, r) for c, r in pairs if r.label not in c.accept or (every and r.label != c.label)]
    counts = Counter((case.label, reason.label) for case, reason in wrong)
    print(f"not right: {len(wrong)}")
    for (label, answer), n in counts.most_common():
        print(f"\n{label} taken for {answer}: {n}")
        shown = {}
        for case, reason in wrong:
            if (case.label, reason.label) == (label, answer):
                shown[case.reply.reply] = (case, reason)
        for case, reason in shown.values():
            text = " ".join(case.reply.reply.split())
            print(f"   {text[:150]}{'…' if len(text) > 150 else ''}")
            print(f"      by {reason.rule} on {reason.matched!r} · {case.name}")


def main(arguments: list[str]) -> int:
    """Print scores and confusions; exit 2 when the folder holds no case."""
    parser = argparse.ArgumentParser(description="Score the reasons of SMTP replies against labelled cases.")
    parser.add_argument("folder", type=Path, help="folder with *.jsonl files of labelled cases, or with replies/ in it")
    parser.add_argument(
        "--exact", action="store_true", help="list answers that are acceptable but not the label itself, too"
    )
    parser.add_argument("--scores", action="store_true", help="leave the confusions out")
    options = parser.parse_args(arguments)
    folder = options.folder / "replies" if (options.folder / "replies").is_dir() else options.folder
    found = [case for file in sorted(folder.glob("*.jsonl")) for case in cases(file)]
    if not found:
        print(f"no labelled cases in {folder}", file=sys.stderr)
        return 2
    began = perf_counter()
    pairs = list(zip(found, classify_many(case.reply for case in found), strict=True))
    seconds = perf_counter() - began
    _print_scores(pairs)
    _print_blocklists(pairs)
    if not options.scores:
        _print_confusions(pairs, options.exact)
    print(f"\n{len(found)} cases in {seconds:.3f} s")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
