"""A stranger's text inside a letter: on one line, in quotation marks, cut, without marks that act."""

import re
import unicodedata
from collections.abc import Collection
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from lasthop.pack.visible import one_line

_AT = "@＠﹫"
_ADDRESS = re.compile(
    rf"(?:\"[^\"]*\"|[^\s<>\"',;:()\[\]「」{_AT}]*)[{_AT}](?:\[[^\]\s]*\]|[^\s<>\"',;:()\[\]「」{_AT}]+)"
)
_FROM = re.compile(r"(?:.*<(?=.*>$))?(?P<address>[^<>\s\"',;:()@]+@[^<>\s\"',;:()@]+)>?", re.DOTALL)
_LOOKED_AT = 4_000
"""Addresses are looked for in so much of a text; no letter shows more of one."""
_JOINERS = "\u200c\u200d"
_ACTING = ("Cf", "Zl", "Zp")


def quoted(text: str | None, unknown: str, limit: int = 200, marks: str = '""') -> str:
    """The text as ``"…"``; ``unknown`` without one."""
    return f"{marks[0]}{flat(text, limit)}{marks[1]}" if text else unknown


def flat(text: str, limit: int = 200) -> str:
    """The text on one line of at most ``limit`` characters, and what is cut off marked by an ellipsis."""
    line = one_line(text[: limit + 1])
    line = "".join(_code(mark) if unicodedata.category(mark) in _ACTING else mark for mark in line)
    return line if len(text) <= limit else f"{line[:limit]}…"


def _code(mark: str) -> str:
    return mark if mark in _JOINERS else f"<U+{ord(mark):04X}>"


def without_addresses(text: str | None, mark: str, but: Collection[str] = ()) -> str | None:
    """The text with ``mark`` for every e-mail address in it that is not among ``but``, in whatever case it stands.

    No letter can tell where an address begins that other words touch: they go with it.
    """
    if not text or not any(at in text for at in _AT):
        return text or None
    shown = text if len(text) <= _LOOKED_AT else f"{text[:_LOOKED_AT]}…"
    own = {each.lower() for each in but}
    return _ADDRESS.sub(lambda found: found[0] if found[0].rstrip(".").lower() in own else mark, shown)


def sender_address(sender: str | None) -> str | None:
    """The address of a From value: what stands in its last angle brackets, or all of it; None where that is none.

    Not `parseaddr`: a line end within the quoted name leads it to an address of the name.
    """
    found = _FROM.fullmatch((sender or "").strip())
    return found["address"] if found else None


def visible_sender(sender: str | None, mark: str, limit: int = 200) -> str | None:
    """``Shop <no-reply@shop.example>``, with no other address in the name; None where there is no address."""
    address = sender_address(sender)
    if sender is None or address is None:
        return None
    name = sender.strip().removesuffix(f"<{address}>").strip().strip('"') if ">" in sender else ""
    said = flat(without_addresses(name, mark) or "", limit)
    return f"{said} <{flat(address, 320)}>" if said else flat(address, 320)


def stamp(time_ms: int | None, zone: tzinfo, unknown: str = "not known") -> str:
    """``2026-11-02 10:15:07 UTC+09:00``; in UTC without an offset."""
    if time_ms is None:
        return unknown
    local = datetime.fromtimestamp(time_ms // 1000, UTC).astimezone(zone)
    offset = f"{local:%z}"
    return f"{local:%Y-%m-%d %H:%M:%S} UTC" + (f"{offset[:3]}:{offset[3:5]}" if local.utcoffset() else "")


def plain_stamp(time_ms: int, zone: ZoneInfo, language: str) -> str:
    """To the minute, as people write it: ``2 November 2026, 21:00 (UTC+09:00)``."""
    local = datetime.fromtimestamp(time_ms // 1000, UTC).astimezone(zone)
    offset = f"{local:%z}"
    said = "UTC" if not local.utcoffset() else f"UTC{offset[:3]}:{offset[3:5]}"
    if language == "ja":
        said = "日本時間" if zone.key == "Asia/Tokyo" else said
        return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}（{said}）"
    return f"{local.day} {_MONTHS[local.month - 1]} {local.year}, {local:%H:%M} ({said})"


_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
