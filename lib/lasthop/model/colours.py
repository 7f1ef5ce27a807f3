"""One colour per outcome, the same on every page, in every figure and notebook, and in the pack.

Each has at least 2.9:1 against the light and the dark page, and the filled ones stay apart under the three kinds of
colour blindness (OKLab distance 0.08 and more, tested). What is not settled is never a plain fill: waiting is hatched,
unknown is an outline. Expired, returned and reported mail carry a hatch too, so colour is nowhere the only sign.
"""

from dataclasses import dataclass

from lasthop.model.outcomes import Outcome


@dataclass(frozen=True)
class Ink:
    """How an outcome is drawn: ``colour``; ``hatch`` is drawn in it over ``over``; ``outline`` leaves it empty."""

    colour: str
    hatch: str = ""
    over: str = ""
    outline: bool = False


_BLUE, _RED, _GREY = "#4698E3", "#BC2E24", "#7F8794"

COLOURS: dict[Outcome, Ink] = {
    Outcome.ACCEPTED: Ink(_BLUE),
    Outcome.WAITING: Ink(_GREY, hatch="/"),
    Outcome.UNKNOWN: Ink(_GREY, outline=True),
    Outcome.NOT_HANDED_OVER: Ink("#6B46CB"),
    Outcome.SUPPRESSED: Ink("#995B84"),
    Outcome.BLOCKED: Ink("#DE7A22"),
    Outcome.BOUNCED: Ink(_RED),
    Outcome.EXPIRED: Ink("#93603A", hatch="x"),
    Outcome.ACCEPTED_THEN_BOUNCED: Ink(_RED, hatch="\\", over=_BLUE),
    Outcome.COMPLAINED: Ink("#CB4992", hatch=".", over=_BLUE),
}

NEUTRAL = _GREY
"""For what says nothing of how a message ended."""

_BADGES: dict[Outcome, str] = {
    Outcome.ACCEPTED: "#2F6FB5",
    Outcome.WAITING: "#5F6773",
    Outcome.UNKNOWN: "#6A7280",
    Outcome.SUPPRESSED: "#8A4E77",
    Outcome.BLOCKED: "#A8560F",
    Outcome.EXPIRED: "#6B4226",
    Outcome.COMPLAINED: "#B13A7D",
}
"""Shades of the same hues that carry white words: 4.5:1 and more."""


def badge(outcome: Outcome) -> str:
    """The shade of an outcome's colour that carries white words."""
    return _BADGES.get(outcome, COLOURS[outcome].colour)
