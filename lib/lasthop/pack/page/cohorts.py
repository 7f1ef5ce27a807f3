"""The cohorts of a scope as numbers of a picture: how much of what is settled failed, and how sure that is."""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lasthop.measure.rate import FEW, Rate
from lasthop.model.outcomes import FAILED, Outcome
from lasthop.pack.cohorts import Cohort
from lasthop.pack.scope import Scope

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
    chosen = [one for kind in scope.kinds.values() for one in kind.first[:PER_COHORT]]
    shown = [_bar(one, TOP + place_ * ROW) for place_, one in enumerate(chosen)]
    drawn = {part.outcome for bar in shown for part in bar.parts}
    return Bars(
        width=WIDTH,
        height=TOP + len(shown) * ROW + FOOT,
        left=LEFT,
        right=RIGHT,
        thick=BAR,
        bars=tuple(shown),
        outcomes=tuple(outcome for outcome in FAILED if outcome in drawn),
        left_out=sum(kind.n for kind in scope.kinds.values()) - len(shown),
    )


def place(share: float) -> float:
    """Where a share of 0 to 1 stands."""
    return round(LEFT + share * (RIGHT - LEFT), 1)


def _bar(one: Cohort, y: int) -> Bar:
    failed, told = one.rate, one.rate.share is not None
    kind = _WORDS.get(one.kind, one.kind)
    return Bar(
        cohort=kind,
        name=one.name,
        short=cut(f"{kind} {one.name}".strip(), _LONGEST),
        counts=one.counts,
        share=f"{100 * failed.part / failed.whole:.0f} %" if told else "",
        interval=f"{100 * failed.low:.0f} to {100 * failed.high:.0f} %" if told else "",
        y=y,
        parts=tuple(_parts(one.counts, failed)) if told else (),
        low=place(failed.low) if told else None,
        high=place(failed.high) if told else None,
        faint=failed.faint,
    )


def _parts(counts: Mapping[str, int], failed: Rate) -> Iterator[Part]:
    before = 0
    for outcome in FAILED:
        if count := counts[f"failed_{outcome}"]:
            x = place(before / failed.whole)
            before += count
            yield Part(outcome, x, round(place(before / failed.whole) - x, 1))


def cut(text: str, width: int) -> str:
    """The text, or its start with an ellipsis where it is wider than ``width`` letters; CJK letters count twice."""
    used = 0
    for place_, letter in enumerate(text):
        used += 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        if used > width:
            return text[:place_].rstrip() + "…"
    return text
