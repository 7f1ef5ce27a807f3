"""How a rule names codes: ``5.1.1``, ``x.1.1`` (4 and 5), ``x.6.*`` (every detail), ``5.7.606-649`` (a range)."""

import re

_SPEC = re.compile(r"([245x])\.([0-9]{1,3})\.(?:([0-9]{1,3})(?:-([0-9]{1,3}))?|(\*))")
_DETAILS = range(61)  # of a ``*``: the registry of RFC 5248 ends well below


def expanded(spec: str) -> list[str]:
    """Every code that ``spec`` names; ValueError when it names none."""
    form = _SPEC.fullmatch(spec)
    if form is None:
        raise ValueError(f"code {spec!r} is not of the form 5.1.1, x.1.1, x.6.* or 5.7.606-649")
    classes = "45" if form[1] == "x" else form[1]
    details = _DETAILS if form[5] else range(int(form[3]), int(form[4] or form[3]) + 1)
    return [f"{first}.{form[2]}.{detail}" for first in classes for detail in details]
