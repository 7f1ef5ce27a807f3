"""Counts by send cohort, and how complete the data behind them is."""

from lasthop.measure.health import Health, health
from lasthop.measure.overview import failing_now, outcomes_by_day, standing

__all__ = ["Health", "failing_now", "health", "outcomes_by_day", "standing"]
