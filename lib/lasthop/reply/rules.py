"""Rules: read from TOML, checked, put in the order in which they may decide."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from lasthop.errors import InputError
from lasthop.reply import blocklists, providers
from lasthop.reply.codespec import expanded
from lasthop.reply.phrases import Matcher, of_phrase, of_regex, of_word
from lasthop.reply.reasons import LABELS, Meaning, reasons
from lasthop.reply.reply import Confidence
from lasthop.reply.scan import Scan


class Tier(IntEnum):
    """What decides before what."""

    USER = 0
    PROVIDER = 1
    PHRASE = 2
    CODE = 3
    NEAR = 4
    WEAK_PHRASE = 5
    GENERIC_CODE = 6
    REPLY_CODE = 7


_CONFIDENCE = {
    Tier.USER: Confidence.HIGH,
    Tier.PROVIDER: Confidence.HIGH,
    Tier.PHRASE: Confidence.HIGH,
    Tier.CODE: Confidence.MEDIUM,
    Tier.NEAR: Confidence.MEDIUM,
    Tier.WEAK_PHRASE: Confidence.MEDIUM,
    Tier.GENERIC_CODE: Confidence.LOW,
    Tier.REPLY_CODE: Confidence.LOW,
}
_PERMANENCES = ("hard", "soft", "temporary", "none")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. Empty tuples and None are conditions that are not made; ``tier`` says when it may decide.

    With ``near``, one of ``matchers`` has to stand near one of those, in either order.
    """

    id: str
    label: str
    meaning: Meaning
    tier: Tier
    confidence: Confidence
    matchers: tuple[Matcher, ...]
    near: tuple[Matcher, ...]
    unless: tuple[Matcher, ...]
    provider: str | None
    there: bool
    codes: frozenset[str]
    reply_codes: frozenset[str]
    commands: frozenset[str]
    permanence: str | None
    example: dict[str, str]


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules in order of precedence, and the scan that finds those which a reply may decide by."""

    rules: tuple[Rule, ...]
    scan: Scan


_KEYS = {
    "id", "label", "phrases", "regexes", "anchor", "words", "near", "unless", "provider", "there",
    "codes", "reply_codes", "commands", "weak", "generic", "permanence", "example", "listed",
}  # fmt: skip


_LISTS = ("phrases", "regexes", "words", "near", "unless", "codes", "reply_codes", "commands")


def _rule(entry: Mapping[str, Any], user: bool) -> Rule:
    unknown = set(entry) - _KEYS
    if unknown:
        raise ValueError(f"unknown key {sorted(unknown)[0]!r}")
    for name in _LISTS:
        given = entry.get(name, [])
        if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
            raise ValueError(f"{name} has to be a list of texts")
    if not isinstance(entry["id"], str):
        raise ValueError("the id has to be a text")
    if entry["label"] not in LABELS:
        raise ValueError(f"label {entry['label']!r} is none of the {len(LABELS)} reasons")
    if entry.get("provider") is not None and entry["provider"] not in providers.names():
        raise ValueError(f"provider {entry['provider']!r} is not in the list of providers")
    if entry.get("permanence", "soft") not in _PERMANENCES:
        raise ValueError(f"permanence {entry['permanence']!r} is none of {', '.join(_PERMANENCES)}")
    matchers = [of_phrase(phrase) for phrase in entry.get("phrases", [])]
    if bool(entry.get("words")) != bool(entry.get("near")) or (matchers and entry.get("near")):
        raise ValueError("`words` and `near` go together, and without phrases")
    matchers += [of_word(word) for word in entry.get("words", [])]
    if entry.get("listed"):
        matchers += [of_phrase(mark + "*") for mark in blocklists.marks()]
    matchers += [of_regex(regex, entry.get("anchor", "")) for regex in entry.get("regexes", [])]
    if not (matchers or entry.get("codes") or entry.get("reply_codes")):
        raise ValueError("nothing to decide by: give phrases, words, regexes, codes or reply_codes")
    example = entry.get("example", {})
    tier = Tier.USER if user else _tier(entry, bool(matchers))
    return Rule(
        id=entry["id"],
        label=entry["label"],
        meaning=reasons()[entry["label"]],
        tier=tier,
        confidence=_CONFIDENCE[tier],
        matchers=tuple(matchers),
        near=tuple(of_word(word) for word in entry.get("near", [])),
        unless=tuple(of_phrase(phrase) for phrase in entry.get("unless", [])),
        provider=entry.get("provider"),
        there=bool(entry.get("there", False)),
        codes=frozenset(code for spec in entry.get("codes", []) for code in expanded(spec)),
        reply_codes=frozenset(entry.get("reply_codes", [])),
        commands=frozenset(command.lower() for command in entry.get("commands", [])),
        permanence=entry.get("permanence"),
        example={"reply": example} if isinstance(example, str) else dict(example),
    )


def _tier(entry: Mapping[str, Any], by_text: bool) -> Tier:
    if by_text:
        if entry.get("near"):
            return Tier.NEAR
        if entry.get("weak"):
            return Tier.WEAK_PHRASE
        return Tier.PROVIDER if entry.get("provider") else Tier.PHRASE
    if entry.get("codes"):
        return Tier.GENERIC_CODE if entry.get("generic") else Tier.CODE
    return Tier.REPLY_CODE


def _read(text: str, origin: str, user: bool) -> list[Rule]:
    """The rules of one file; InputError names the rule and what is wrong with it."""
    try:
        content = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputError("The rules cannot be read", f"{origin}: {error}", "Correct the file.") from error
    entries = content.get("rule", [])
    if not isinstance(entries, list) or set(content) - {"rule"}:
        what = ", ".join(sorted(set(content) - {"rule"})) or "rule is no list"
        raise InputError("The rules cannot be read", f"{origin}: {what}", "Begin each rule with [[rule]].")
    found = []
    for place, entry in enumerate(entries, 1):
        try:
            found.append(_rule(entry, user))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            what = f"{error.args[0]!r} is missing" if isinstance(error, KeyError) else str(error)
            name = entry.get("id", f"number {place}") if isinstance(entry, dict) else f"number {place}"
            raise InputError("A rule is not right", f"{origin}, rule {name}: {what}", "Correct the file.") from error
    return found


def _ordered(rules: Iterable[Rule], precedence: list[str]) -> Rules:
    place = {label: n for n, label in enumerate(precedence)}
    ranked = tuple(
        sorted(rules, key=lambda rule: (rule.tier, not rule.there, rule.tier and place.get(rule.label, len(place))))
    )
    return Rules(ranked, Scan(ranked))


@cache
def _catalogue() -> tuple[tuple[Rule, ...], tuple[str, ...]]:
    folder = resources.files("lasthop.reply").joinpath("catalogue", "rules")
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".toml")), key=lambda f: f.name)
    texts = {file.name: file.read_text(encoding="utf-8") for file in files}
    precedence = tomllib.loads(texts.pop("precedence.toml"))["labels"]
    return tuple(rule for name, text in texts.items() for rule in _read(text, name, user=False)), tuple(precedence)


@cache
def builtin() -> Rules:
    """The rules that come with lasthop."""
    rules, precedence = _catalogue()
    return _ordered(rules, list(precedence))


def load_rules(path: str | Path) -> Rules:
    """A user's own rules from a TOML file, which decide before every built-in one; InputError when one is not right."""
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise InputError("The rules cannot be read", f"{path}: {error}", "Give a TOML file in UTF-8.") from error
    return parse_rules(content, str(path))


def parse_rules(content: bytes, origin: str) -> Rules:
    """The same from the bytes of a file; ``origin`` names it in errors."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("The rules cannot be read", f"{origin}: {error}", "Give a TOML file in UTF-8.") from error
    rules, precedence = _catalogue()
    return _ordered((*_read(text, origin, user=True), *rules), list(precedence))
