"""The colours of outcomes as plotly takes them, and text that is safe in its labels."""

import html
import re

from lasthop.model.colours import Ink, badge
from lasthop.model.outcomes import Outcome


def outcome_colours() -> list[str]:
    """The colours in the order of ``Outcome``, for tables that put words on them."""
    return [badge(outcome) for outcome in Outcome]


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
