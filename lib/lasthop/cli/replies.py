"""classify: why SMTP replies refused."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import IO

import click

from lasthop.cli.options import jsonl_option, put_jsonl, put_table, say, workspace_option
from lasthop.reply import Reason, Reply, Rules, classify_many, load_rules, normalised
from lasthop.store import Workspace
from lasthop.trace.rules import rules_of

FIELDS = ("reply", "reply_code", "enhanced_code", "remote_host", "recipient_domain", "smtp_command")
BATCH = 10_000


@click.command()
@click.argument("file", type=click.File("r", encoding="utf-8", errors="replace"), default="-", metavar="[FILE]")
@click.option(
    "--rules",
    type=click.Path(path_type=Path),
    metavar="FILE.toml",
    help="Own rules that come first, in place of the workspace's.",
)
@click.option("--unclassified", is_flag=True, help="Only what no rule decides: distinct texts with counts.")
@workspace_option
@jsonl_option
def classify(file: IO[str], rules: Path | None, unclassified: bool, workspace: Workspace, jsonl: bool) -> None:
    """Name the reason of SMTP replies: a reply a line, or a JSON object with reply, codes and hosts. Default is stdin.

    Example: lasthop classify replies.txt --jsonl
    """
    answered = _answered(file, load_rules(rules) if rules else _rules_of(workspace))
    if unclassified:
        _put_queue(answered, jsonl)
    elif jsonl:
        put_jsonl(asdict(reason) for _, reason in answered)
    else:
        put_table(
            ["reason", "permanence", "who can fix it", "confidence", "decided by", "reply"],
            [(r.label, r.permanence, r.who, r.confidence, r.matched, _shortened(reply.reply)) for reply, r in answered],
        )


def _rules_of(workspace: Workspace) -> Rules:
    """Those that name the reasons of its messages; what is wrong with the user's own is said."""
    held = rules_of(workspace)
    if held.problem:
        say(f"lasthop: {held.problem} Until then the rules of lasthop stand alone.")
    return held.rules


def _answered(lines: Iterable[str], rules: Rules) -> Iterator[tuple[Reply, Reason]]:
    """Replies with their reasons, in the order of the input; memory stays flat."""
    replies = (_reply(line.rstrip("\r\n")) for line in lines)
    while batch := list(islice(replies, BATCH)):
        yield from zip(batch, classify_many(batch, rules), strict=True)


def _reply(line: str) -> Reply:
    """A line as a reply: a JSON object with ``reply`` in it, else the text itself."""
    if line.lstrip().startswith("{"):
        try:
            given = json.loads(line)
        except (ValueError, RecursionError):
            given = None
        if isinstance(given, dict) and "reply" in given:
            reply, *known = (None if given.get(name) is None else str(given[name]) for name in FIELDS)
            return Reply(reply or "", *known)
    return Reply(line)


def _put_queue(answered: Iterable[tuple[Reply, Reason]], jsonl: bool) -> None:
    counts = Counter(normalised(reply.reply) for reply, reason in answered if reason.label == "unclassified")
    rows = [{"count": count, "text": text} for text, count in counts.most_common()]
    if jsonl:
        put_jsonl(rows)
    else:
        put_table(["count", "text"], [(row["count"], row["text"]) for row in rows])


def _shortened(text: str) -> str:
    return " ".join(text.split())[:90]
