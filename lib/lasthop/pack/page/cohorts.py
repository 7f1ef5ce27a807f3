"""The cohorts of a scope as numbers of a picture: how much of what is settled failed, and how sure that is."""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lasthop.measure.rate import FEW, SOME
from lasthop.model.outcomes import FAILED, Outcome
from lasthop.pack.scope import COLUMNS, Scope

WIDTH, LEFT, RIGHT = 720, 12.0, 708.0
TOP, ROW, BAR, FOOT = 22, 52, 16, 26
PER_COHORT = 4
"""So many rows of one kind are drawn and told; scope.csv has all."""
_LONGEST = 56
_WORDS = {
    "recipient": "Address",
    "domain": "Domain",
    "receiver": "Receiving provider",
    "template": "Template",
    "sender": "Sender",
    "everything": "Everything",
}


@dataclass(frozen=True)
class Part:
    """A stretch of a bar: so much of what is settled failed in this way."""

    outcome: Outcome
    x: float
    width: float


@dataclass(frozen=True)
class Bar:
    """One cohort; without a share (below 20 settled) it has no parts and no interval.

    ``y`` is the top of the bar, ``low`` and ``high`` the ends of its interval; ``faint`` below 100.
    """

    cohort: str
    name: str
    short: str
    counts: Mapping[str, int]
    share: str
    interval: str
    y: int
    parts: tuple[Part, ...]
    low: float | None
    high: float | None
    faint: bool

    @property
    def settled(self) -> int:
        """How many are accepted or failed."""
        return self.counts["accepted"] + self.counts["failed"]


@dataclass(frozen=True)
class Bars:
    """All that the template draws; ``left_out`` counts the cohorts that are only in scope.csv."""

    width: int
    height: int
    left: float
    right: float
    thick: int
    bars: tuple[Bar, ...]
    outcomes: tuple[Outcome, ...]
    left_out: int
    few: int = FEW


def bars(scope: Scope) -> Bars:
    """The first cohorts of each kind as bars from 0 to 100 %."""
    taken: Counter[str] = Counter()
    shown: list[Bar] = []
    for values in scope.cohorts.itertuples(index=False, name=None):
        row = dict(zip(COLUMNS, values, strict=True))
        taken[row["cohort"]] += 1
        if taken[row["cohort"]] <= PER_COHORT:
            shown.append(_bar(row, TOP + len(shown) * ROW))
    drawn = {part.outcome for bar in shown for part in bar.parts}
    return Bars(
        width=WIDTH,
        height=TOP + len(shown) * ROW + FOOT,
        left=LEFT,
        right=RIGHT,
        thick=BAR,
        bars=tuple(shown),
        outcomes=tuple(outcome for outcome in FAILED if outcome in drawn),
        left_out=taken.total() - len(shown),
    )


def place(share: float) -> float:
    """Where a share of 0 to 1 stands."""
    return round(LEFT + share * (RIGHT - LEFT), 1)


def _bar(row: Mapping[str, Any], y: int) -> Bar:
    counts = {name: int(row[name]) for name in ("messages", "accepted", "failed", "waiting", "unknown")}
    told = row["failed_share"] is not None
    name = row["name"] or ""
    cohort = _WORDS.get(row["cohort"], row["cohort"])
    return Bar(
        cohort=cohort,
        name=name,
        short=cut(f"{cohort} {name}".strip(), _LONGEST),
        counts=counts,
        share=f"{100 * row['failed_share']:.0f} %" if told else "",
        interval=f"{100 * row['failed_low']:.0f} to {100 * row['failed_high']:.0f} %" if told else "",
        y=y,
        parts=tuple(_parts(row, counts["accepted"] + counts["failed"])) if told else (),
        low=place(row["failed_low"]) if told else None,
        high=place(row["failed_high"]) if told else None,
        faint=counts["accepted"] + counts["failed"] < SOME,
    )


def _parts(row: Mapping[str, Any], settled: int) -> Iterator[Part]:
    before = 0
    for outcome in FAILED:
        if count := int(row[f"failed_{outcome}"]):
            x = place(before / settled)
            before += count
            yield Part(outcome, x, round(place(before / settled) - x, 1))


def cut(text: str, width: int) -> str:
    """The text, or its start with an ellipsis where it is wider than ``width`` letters; CJK letters count twice."""
    used = 0
    for place_, letter in enumerate(text):
        used += 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        if used > width:
            return text[:place_].rstrip() + "…"
    return text
