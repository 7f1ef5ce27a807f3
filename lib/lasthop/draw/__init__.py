"""Figures: each function takes a small frame or a timeline and returns a plotly figure."""

from plotly.graph_objects import Figure

from lasthop.draw.colours import outcome_colours
from lasthop.draw.compare import draw_compare
from lasthop.draw.footnote import with_footnote
from lasthop.draw.outcomes import draw_outcomes_by_day
from lasthop.draw.reasons import draw_reason_map, draw_reason_trend
from lasthop.draw.rhythm import draw_rhythm
from lasthop.draw.timeline import draw_timeline
from lasthop.model.colours import COLOURS, Ink

__all__ = [
    "COLOURS",
    "Figure",
    "Ink",
    "draw_compare",
    "draw_outcomes_by_day",
    "draw_reason_map",
    "draw_reason_trend",
    "draw_rhythm",
    "draw_timeline",
    "outcome_colours",
    "with_footnote",
]
