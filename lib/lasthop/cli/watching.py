"""watch: rules over the data, a line for each finding, an exit code for cron."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from lasthop.cli.options import json_option, looking, put_json, say, visible, workspace_option
from lasthop.cli.options import zone as zone_named
from lasthop.errors import InputError
from lasthop.explain import in_words, iso
from lasthop.measure.local import HOUR_MS
from lasthop.measure.views import View, to_params
from lasthop.measure.watch import Finding, Looked, watch, whole_in_words
from lasthop.measure.watch_rules import NO_NEWER_DATA, Rule, load_rules_to_watch
from lasthop.measure.watch_state import Checked, Entry, Identity, entries, keep_rules, kept_rules, tell
from lasthop.store import Workspace

FOUND = 3
"""Exit code of a run that has something to report."""
_Said = tuple[Identity, int, dict[str, Any]]
"""A finding: which it is, its clock (epoch ms UTC), and what scripts get of it."""
_DAY_H = 24


@click.command("watch")
@click.option(
    "--rule", "path", metavar="FILE", type=click.Path(path_type=Path), help="Rules as TOML; default: the kept ones."
)
@click.option(
    "--keep", is_flag=True, help="Keep the rules in the workspace, so that the Overview shows what they find."
)
@click.option("--stale", metavar="HOURS", type=click.IntRange(min=1), help="Report data whose newest event is older.")
@click.option("--all", "everything", is_flag=True, help="Every finding that fires, told or not; nothing is noted.")
@click.option("--timezone", "zone", metavar="ZONE", default="UTC", callback=zone_named, help="Zone of the times shown.")
@workspace_option
@json_option
def watch_rules(
    path: Path | None, keep: bool, stale: int | None, everything: bool, zone: str, workspace: Workspace, as_json: bool
) -> int:
    """Look whether rules fire, and report what is new.

    A finding is reported when it opens, again after its rule's remind hours, and when it is over. Exit 3: something
    fires that had to be reported. Exit 0: nothing had. Hours are those of the data, whose edge each line names.

    Example: lasthop watch --rule watch.toml --stale 36
    """
    rules = _rules(workspace, path, keep)
    if not rules and stale is None:
        raise InputError("There are no rules to watch.", hint="Name a file with --rule, or say --stale HOURS.")
    with looking(workspace) as snapshot:
        looked = watch(snapshot, rules)
        edge_ms = snapshot.value("SELECT as_of_ms FROM edge")
    said = [_said(finding, zone) for each in looked for finding in each.findings]
    checked = [_checked(each) for each in looked if each.as_of_ms is not None]
    if stale is not None:
        now_ms = int(time.time() * 1000)
        late = _lateness(edge_ms, stale, now_ms, zone)
        said += [late] if late else []
        checked.append(Checked(NO_NEWER_DATA, now_ms, 1, _DAY_H, (None,) if late else ()))
    due, over = (_all(workspace, said), ()) if everything else _due(workspace, said, checked)
    if as_json:
        put_json({"as_of": iso(edge_ms), "rules": [_looked(each) for each in looked], "findings": _document(due, over)})
    else:
        _put(due, over, zone)
    if everything and not due and edge_ms is not None:
        say(f"lasthop: nothing fires as of {in_words(edge_ms, zone)}.")
    if everything:
        _say_blind(looked)
    return FOUND if due else 0


def _rules(workspace: Workspace, path: Path | None, keep: bool) -> tuple[Rule, ...]:
    if path is None:
        if keep:
            raise InputError("--keep needs the rules to keep.", hint="Name their file with --rule.")
        return kept_rules(workspace)
    rules = load_rules_to_watch(path)
    if keep:
        keep_rules(workspace, path)
    return rules


def _checked(looked: Looked) -> Checked:
    groups = tuple(finding.group for finding in looked.findings)
    return Checked(looked.rule.name, looked.as_of_ms or 0, looked.rule.quiet, looked.rule.remind, groups)


@dataclass(frozen=True)
class _Due:
    """A finding that is to be reported: as scripts get it, whether it is new or still there, and since when."""

    said: dict[str, Any]
    state: str
    since_ms: int


def _due(workspace: Workspace, said: list[_Said], checked: list[Checked]) -> tuple[list[_Due], tuple[Entry, ...]]:
    """The findings to report in this run, and the entries that are over; notes both in the workspace."""
    told = tell(workspace, checked)
    state = {entry.identity: ("new", entry.since_ms) for entry in told.new}
    state |= {entry.identity: ("still", entry.since_ms) for entry in told.again}
    return [_Due(each, *state[identity]) for identity, _, each in said if identity in state], told.over


def _all(workspace: Workspace, said: list[_Said]) -> list[_Due]:
    """Every finding, as it stands; nothing is noted."""
    held = entries(workspace)
    return [
        _Due(each, "still", held[identity].since_ms) if identity in held else _Due(each, "new", clock_ms)
        for identity, clock_ms, each in said
    ]


def _said(finding: Finding, zone: str) -> _Said:
    """A finding as scripts get it; ``usual`` is null for a rule that does not compare, ``group`` for one without."""
    rule, now = finding.rule, finding.now
    usual = finding.usual and {"part": finding.usual.part, "whole": finding.usual.whole}
    said = {
        "rule": rule.name,
        "group": finding.group,
        "of": rule.of,
        "part": now.part,
        "whole": now.whole,
        "share": now.share,
        "low": now.low,
        "high": now.high,
        "over": rule.over,
        "usual": usual,
        "looked_at": finding.looked_at,
        "hours": rule.hours,
        "as_of": iso(finding.as_of_ms),
        "messages": to_params(View(query=finding.query)),
        "says": _sentence(finding, zone),
    }
    return (rule.name, finding.group), finding.as_of_ms, said


def _sentence(finding: Finding, zone: str) -> str:
    rule, now = finding.rule, finding.now
    share = f"{now.part / now.whole:.1%} ({now.part:,} of {now.whole:,} {whole_in_words(rule)}; "
    parts = [f"{rule.of} {share}95 %: {now.low:.1%} to {now.high:.1%})"]
    if rule.over is not None:
        parts.append(f"over {rule.threshold}")
    if finding.usual:
        parts.append(f"usual {finding.usual.part:,} of {finding.usual.whole:,}")
    if finding.group is not None:
        parts.append(f"{finding.looked_at:,} {'group' if finding.looked_at == 1 else 'groups'} looked at")
    return f"{', '.join(parts)}, sent in the {_hours(rule.hours)} to {in_words(finding.as_of_ms, zone)}"


def _lateness(edge_ms: int | None, stale: int, now_ms: int, zone: str) -> _Said | None:
    """The finding that the data is old; None when it is new enough. Its clock is that of this machine."""
    if edge_ms is not None and now_ms - edge_ms <= stale * HOUR_MS:
        return None
    newest = f"the newest is of {in_words(edge_ms, zone)}" if edge_ms is not None else "nothing is loaded"
    says = f"{newest}, more than {_hours(stale)} before {in_words(now_ms, zone)}"
    said = {"rule": NO_NEWER_DATA, "group": None, "newest": iso(edge_ms), "hours": stale, "as_of": iso(now_ms)}
    return (NO_NEWER_DATA, None), now_ms, {**said, "says": says}


def _put(due: list[_Due], over: tuple[Entry, ...], zone: str) -> None:
    """Print a line for each that is due or over; nothing at all when there is neither."""
    for each in due:
        since = f" since {in_words(each.since_ms, zone)}" if each.state == "still" else ""
        named = _named((each.said["rule"], each.said["group"]))
        click.echo(visible(f"{each.state}{since}: {named}: {each.said['says']}"))
    for entry in over:
        since, last = (in_words(ms, zone) for ms in (entry.since_ms, entry.fired_ms))
        click.echo(visible(f"over: {_named(entry.identity)}: it fired from {since} to {last}"))


def _say_blind(looked: Sequence[Looked]) -> None:
    """Silence of a rule that had nothing to look at is no good news."""
    for rule in (each.rule for each in looked if not each.groups):
        window = _hours(rule.hours)
        say(f"lasthop: {rule.name}: no group with {rule.least} messages in its {window}, so it is silent.")


def _looked(looked: Looked) -> dict[str, Any]:
    return {"rule": looked.rule.name, "as_of": iso(looked.as_of_ms), "groups_looked_at": looked.groups}


def _document(due: list[_Due], over: tuple[Entry, ...]) -> list[dict[str, Any]]:
    found = [{"state": each.state, "since": iso(each.since_ms), **each.said} for each in due]
    closed = [
        {
            "state": "over",
            "since": iso(entry.since_ms),
            "rule": entry.identity[0],
            "group": entry.identity[1],
            "as_of": iso(entry.fired_ms),
        }
        for entry in over
    ]
    return [*found, *closed]


def _hours(number: int) -> str:
    return "1 hour" if number == 1 else f"{number:,} hours"


def _named(identity: Identity) -> str:
    rule, group = identity
    return rule if group is None else f"{rule}, {group}"
