"""Durations in words, for every sentence that names one."""


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
