"""Figures: each function takes a small frame or a timeline and returns a plotly figure."""

from lasthop.draw.colours import COLOURS, Ink, outcome_colours
from lasthop.draw.outcomes import draw_outcomes_by_day
from lasthop.draw.timeline import draw_timeline

__all__ = ["COLOURS", "Ink", "draw_outcomes_by_day", "draw_timeline", "outcome_colours"]
