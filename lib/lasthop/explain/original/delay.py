"""How long a leg took, in words."""

from lasthop.explain.durations import in_time
from lasthop.original.route import Leg


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
