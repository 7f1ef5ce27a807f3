"""One colour per outcome, the same on every page, in every figure and notebook.

Each has at least 2.9:1 against the light and the dark page, and the filled ones stay apart under the three kinds of
colour blindness (OKLab distance 0.08 and more, tested). What is not settled is never a plain fill: waiting is hatched,
unknown is an outline. Expired, returned and reported mail carry a hatch too, so colour is nowhere the only sign.
"""

import html
import re
from dataclasses import dataclass

from lasthop.model.outcomes import Outcome


@dataclass(frozen=True)
class Ink:
    """How an outcome is drawn: ``colour``; ``hatch`` is a plotly pattern in ``over``; ``outline`` leaves it empty."""

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


def outcome_colours() -> list[str]:
    """The colours in the order of ``Outcome``, for tables that put words on them."""
    return [_BADGES.get(outcome, COLOURS[outcome].colour) for outcome in Outcome]


def bar_marker(ink: Ink) -> dict[str, object]:
    """The ``marker`` of a bar."""
    if ink.outline:
        return {"color": "rgba(127,135,148,0.08)", "line": {"color": ink.colour, "width": 1.5}}
    if ink.hatch:
        ground = ink.over or "rgba(127,135,148,0.12)"
        pattern = {"shape": ink.hatch, "fgcolor": ink.colour, "bgcolor": ground, "size": 6, "solidity": 0.5}
        return {"color": ink.colour, "pattern": pattern, "line": {"color": ink.colour, "width": 1}}
    return {"color": ink.colour, "line": {"width": 0}}


def label(text: str | None, width: int = 90, lines: int = 4) -> str:
    """Text from mail, ready for a plotly label: its tags are letters, its lines are of bounded length and number."""
    plain = re.sub(r"[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]+", " ", text or "").strip()
    cut = [plain[n : n + width] for n in range(0, min(len(plain), width * lines), width)]
    more = "…" if len(plain) > width * lines else ""
    return "<br>".join(html.escape(part) for part in cut) + more
