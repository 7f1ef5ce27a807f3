"""What a watcher has told already: one entry per rule and group while it fires, kept in the workspace."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import tomli_w

from lasthop.errors import InputError
from lasthop.measure.local import HOUR_MS
from lasthop.measure.watch import Finding, watch
from lasthop.measure.watch_rules import Rule, load_rules_to_watch
from lasthop.store import Snapshot, Workspace
from lasthop.store.sources import replace_bytes

Identity = tuple[str, str | None]
"""What makes two findings the same one: the rule's name and the group, None for a rule without groups."""


@dataclass(frozen=True)
class Entry:
    """One finding over time: when it began, fired last and was told last, on the rule's clock (epoch ms UTC)."""

    identity: Identity
    since_ms: int
    fired_ms: int
    told_ms: int


@dataclass(frozen=True)
class Checked:
    """One rule that was looked at: its clock, after how many hours a finding closes and is told again, what fires."""

    name: str
    clock_ms: int
    quiet: int
    remind: int
    groups: tuple[str | None, ...]


@dataclass(frozen=True)
class Told:
    """What is to be said now: entries that opened, entries that go on and are due again, and entries that closed."""

    new: tuple[Entry, ...]
    again: tuple[Entry, ...]
    over: tuple[Entry, ...]


def entries(workspace: Workspace) -> dict[Identity, Entry]:
    """What fires or fired a short while ago. Raises InputError for a damaged file, which is left as it is."""
    path = workspace.root / "watch" / "state.toml"
    if not path.exists():
        return {}
    try:
        listed = tomllib.loads(path.read_bytes().decode("utf-8"))["entry"]
        return {entry.identity: entry for entry in map(_entry, listed)}
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise InputError(
            "The file watch/state.toml of the workspace is damaged.",
            f"{error}. It was left as it is.",
            "Move it away: what fires is then told as new.",
        ) from error


def tell(workspace: Workspace, checked: Iterable[Checked]) -> Told:
    """Bring the entries up to what fires now, whole or not at all, and return what is to be said.

    Entries of rules that were not looked at stay as they are. Several watchers may do this at once.
    """
    with workspace.lock():
        held = entries(workspace)
        told = _stepped(held, tuple(checked))
        _write(workspace, held)
    return told


def _stepped(held: dict[Identity, Entry], checked: tuple[Checked, ...]) -> Told:
    """Change ``held`` in place, and say what changed."""
    new, again, over = list[Entry](), list[Entry](), list[Entry]()
    for rule in checked:
        for identity in [identity for identity in held if identity[0] == rule.name]:
            # The clock may also go back, when a source is removed: a jump either way counts as time gone by.
            silent = identity[1] not in rule.groups
            if silent and abs(rule.clock_ms - held[identity].fired_ms) >= rule.quiet * HOUR_MS:
                over.append(held.pop(identity))
        for identity in [(rule.name, group) for group in rule.groups]:
            entry = held.get(identity)
            if entry is None:
                held[identity] = Entry(identity, rule.clock_ms, rule.clock_ms, rule.clock_ms)
                new.append(held[identity])
                continue
            held[identity] = replace(entry, fired_ms=rule.clock_ms)
            if abs(rule.clock_ms - entry.told_ms) >= rule.remind * HOUR_MS:
                held[identity] = replace(held[identity], told_ms=rule.clock_ms)
                again.append(held[identity])
    return Told(tuple(new), tuple(again), tuple(over))


def _entry(table: dict[str, Any]) -> Entry:
    rule, group = table["rule"], table.get("group")
    instants = [table[name] for name in ("since_ms", "fired_ms", "told_ms")]
    if not isinstance(rule, str) or not isinstance(group, str | None) or not all(type(ms) is int for ms in instants):
        raise TypeError("an entry is not a rule, a group and three instants")
    return Entry((rule, group), *instants)


def _write(workspace: Workspace, held: dict[Identity, Entry]) -> None:
    tables = [
        {"rule": entry.identity[0]}
        | ({} if entry.identity[1] is None else {"group": entry.identity[1]})
        | {"since_ms": entry.since_ms, "fired_ms": entry.fired_ms, "told_ms": entry.told_ms}
        for entry in held.values()
    ]
    text = tomli_w.dumps({"entry": tables})
    replace_bytes(workspace.folder("watch") / "state.toml", text.encode("utf-8", "replace"))


def kept_rules(workspace: Workspace) -> tuple[Rule, ...]:
    """The rules that the workspace keeps for its pages, none when nobody kept any. Raises InputError as any read."""
    path = _rules_file(workspace)
    return load_rules_to_watch(path) if path.exists() else ()


def keep_rules(workspace: Workspace, path: Path) -> None:
    """Keep a copy of a file of rules, in place of the one before. Raises InputError when it is wrong."""
    load_rules_to_watch(path)
    replace_bytes(_rules_file(workspace, make=True), path.read_bytes())


@dataclass(frozen=True)
class Standing:
    """A finding that fires now, and since when (epoch ms UTC); as of now where no watcher has told of it."""

    finding: Finding
    since_ms: int


def findings(workspace: Workspace, snapshot: Snapshot) -> tuple[Standing, ...]:
    """What the kept rules find now, in their order. Nothing is noted. Raises InputError for damaged files."""
    rules = kept_rules(workspace)
    held = entries(workspace) if rules else {}
    return tuple(
        Standing(
            finding, entry.since_ms if (entry := held.get((looked.rule.name, finding.group))) else finding.as_of_ms
        )
        for looked in watch(snapshot, rules)
        for finding in looked.findings
    )


def _rules_file(workspace: Workspace, *, make: bool = False) -> Path:
    folder = workspace.folder("watch") if make else workspace.root / "watch"
    return folder / "rules.toml"
