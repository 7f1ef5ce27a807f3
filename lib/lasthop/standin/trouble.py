"""What goes wrong with answers, on purpose."""

import random
from collections.abc import Callable, Mapping

TROUBLES = ("429", "500", "503", "silence", "cut", "half", "page", "empty")
"""429, 500 and 503 as such; no answer for long; a connection that breaks off; JSON that ends early; HTML; nothing."""
PASSING = ("429", "500", "503", "silence", "cut", "half", "empty")
"""Those that asking again can get over: all but a page, which somebody has to sign in to."""
SILENCE_SECONDS = 600.0


class Silence(Exception):
    """Stands for an answer that never comes, where no real time is to pass."""


class BrokenOff(Exception):
    """The connection ends in the middle of an answer."""


def by_number(schedule: Mapping[int, str]) -> Callable[[int, str], str | None]:
    """Trouble with the requests of these numbers, counted from 1."""
    return lambda number, _path: schedule.get(number)


def now_and_then(share: float, seed: int = 1) -> Callable[[int, str], str | None]:
    """Trouble with this share of the requests, the same ones for the same seed."""
    chance = random.Random(seed)  # noqa: S311  (no secret)
    return lambda _number, _path: chance.choice(PASSING) if chance.random() < share else None
