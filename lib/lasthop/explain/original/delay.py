"""How long a leg took, in words."""

from lasthop.original.route import Leg


def in_time(seconds: float) -> str:
    """``3 s``, ``4 min 10 s``, ``2 h 5 min``, ``3 d 2 h``."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3_600:
        return f"{whole // 60} min {whole % 60} s"
    if whole < 86_400:
        return f"{whole // 3_600} h {whole % 3_600 // 60} min"
    return f"{whole // 86_400} d {whole % 86_400 // 3_600} h"


def after(leg: Leg) -> str:
    """The delay as one figure, or as the range that believable clocks allow; "" where it cannot be told.

    No time runs back: where the two stamps say so, that is told beside it.
    """
    if leg.delay is None:
        return ""
    low = leg.low or 0.0
    back = f" (by the stamps −{in_time(-leg.delay)})" if round(leg.delay) < 0 else ""
    if leg.high is None:
        return f"{in_time(low)} or more{back}"
    return f"{in_time(low)}{back}" if low == leg.high else f"{in_time(low)} to {in_time(leg.high)}{back}"
