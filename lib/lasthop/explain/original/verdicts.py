"""What spam filters said, one sentence each: by whom, what it means, and how well that is known."""

from collections.abc import Iterator

from lasthop.explain.original.said import Said, Strength, cite, quoted
from lasthop.original.evidence import Evidence
from lasthop.original.verdict import FilterVerdict

_FIRST = ("dest", "RF", "OFR", "SCL", "SFV", "CAT", "SFTY", "BCL", "SRV", "compauth", "reason")
"""In this order: what answers where the message is comes before what explains it."""

_PLAIN = frozenset({"CIP", "PTR", "H", "LANG", "CTRY", "DIR"})
"""Facts beside a verdict: listed in tables, not said."""


def verdicts_said(evidence: Evidence) -> tuple[Said, ...]:
    """One sentence for each verdict that says something about the message; the folder first."""
    told = [verdict for verdict in evidence.verdicts if verdict.name not in _PLAIN]
    return tuple(_sentences(sorted(told, key=_rank), evidence))


def _rank(verdict: FilterVerdict) -> int:
    return _FIRST.index(verdict.name) if verdict.name in _FIRST else len(_FIRST)


def _sentences(verdicts: list[FilterVerdict], evidence: Evidence) -> Iterator[Said]:
    alike: dict[tuple[str, str, str], list[FilterVerdict]] = {}
    for verdict in verdicts:
        alike.setdefault((verdict.filter, verdict.name, verdict.value), []).append(verdict)
    for group in alike.values():
        verdict, same = group[0], [each.field for each in group]
        counts = evidence.verdict_standing(verdict) == "border"
        text = _sentence(verdict)
        strength: Strength = verdict.strength
        if not counts:
            text += " The receiver's own filter did not write this for certain: take it as a claim."
            strength = "claimed"
        yield Said(text, cite(*same), strength, verdict.meaning.source if verdict.meaning else None)


def _sentence(verdict: FilterVerdict) -> str:
    who, value = verdict.filter, quoted(verdict.value, 40)
    named = verdict.name if verdict.title == verdict.name else f"{verdict.title} ({verdict.name})"
    parts = [f"{who[:1].upper()}{who[1:]}, {named}: {value}{_numbers(verdict)}."]
    if verdict.meaning is None:
        parts.append("What this value means is written nowhere.")
    else:
        parts.append(verdict.meaning.says)
        parts.append(_HOW_WELL[verdict.strength])
    return " ".join(part for part in parts if part)


_HOW_WELL = {
    "documented": "",
    "vendor_tool": "No page of the vendor says so; its own tool does.",
    "seen_only": "No page of the vendor says so; it is known from mail and from administrators.",
    "not_documented": "",
}


def _numbers(verdict: FilterVerdict) -> str:
    if verdict.score is None:
        return ""
    score = f"{verdict.score:g}"
    if verdict.threshold is None:
        return "" if score == verdict.value else f", {score} points"
    return f", {score} points of {verdict.threshold:g}"
