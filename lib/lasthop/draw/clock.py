"""How an axis of time is written, from seconds to months."""

CLOCK_TICKS = [
    {"dtickrange": [None, 60_000], "value": "%H:%M:%S"},
    {"dtickrange": [60_000, 86_400_000], "value": "%H:%M\n%-d %b"},
    {"dtickrange": [86_400_000, None], "value": "%-d %b"},
]
"""Plotly's ``tickformatstops``: the seconds only where they are apart, the day once where the hours are."""
