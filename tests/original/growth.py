"""How the time of a piece of work grows with its size: a ratio within one run, so no machine is too slow for it."""

import gc
from collections.abc import Callable
from time import thread_time

LINEAR = 9
"""Four times the size takes four times as long; a square would take sixteen times as long."""
_LEAST = 0.002
"""Seconds: below that the clock of the processor says little."""


def growth(work: Callable[[int], Callable[[], object]], size: int) -> float:
    """How many times longer four times the size takes. ``work`` makes the input, then what is timed reads it."""
    return _took(work(4 * size)) / max(_took(work(size)), _LEAST)


def _took(read: Callable[[], object]) -> float:
    """Seconds of the processor, the least of three; what collecting garbage costs hangs on all else that is held."""
    times = []
    gc.disable()
    try:
        for _ in range(3):
            began = thread_time()
            read()
            times.append(thread_time() - began)
    finally:
        gc.enable()
    return min(times)
