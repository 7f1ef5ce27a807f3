"""A stranger's text inside a letter: on one line, in quotation marks, cut, without marks that act."""

import re
import unicodedata
from datetime import UTC, datetime, tzinfo

from lasthop.pack.visible import one_line

_ADDRESS = re.compile(r"[^\s<>\"',;:()\[\]@]+[@＠][^\s<>\"',;:()\[\]@]+")
_JOINERS = "\u200c\u200d"
_ACTING = ("Cf", "Zl", "Zp")


def quoted(text: str | None, unknown: str, limit: int = 200) -> str:
    """The text as ``"…"``; ``unknown`` without one."""
    return f'"{flat(text, limit)}"' if text else unknown


def flat(text: str, limit: int = 200) -> str:
    """The text on one line of at most ``limit`` characters, and what is cut off marked by an ellipsis."""
    line = one_line(text[: limit + 1])
    line = "".join(_code(mark) if unicodedata.category(mark) in _ACTING else mark for mark in line)
    return line if len(text) <= limit else f"{line[:limit]}…"


def _code(mark: str) -> str:
    return mark if mark in _JOINERS else f"<U+{ord(mark):04X}>"


def without_addresses(text: str | None) -> str | None:
    """The text with every e-mail address in it left out."""
    return _ADDRESS.sub("[address]", text) if text else None


def stamp(time_ms: int | None, zone: tzinfo, unknown: str = "not known") -> str:
    """``2026-11-02 10:15:07 UTC+09:00``; in UTC without an offset."""
    if time_ms is None:
        return unknown
    local = datetime.fromtimestamp(time_ms // 1000, UTC).astimezone(zone)
    offset = f"{local:%z}"
    return f"{local:%Y-%m-%d %H:%M:%S} UTC" + ("" if zone is UTC else f"{offset[:3]}:{offset[3:5]}")
