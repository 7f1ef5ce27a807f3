"""The block that Gmail shows above an original message: evidence too, for it holds Gmail's own results and delay.

Its labels and their order are those of the English page; the copied text has a tab, a colon or a line between a label
and its value. Labels of other languages are read where they are alike (SPF, DKIM, DMARC), else passed over.
"""

import re
from dataclasses import dataclass

from lasthop.original.names import strict_name
from lasthop.original.stamps import Stamp, read_stamp

# The Japanese labels are not confirmed by a copied page yet.
_TITLE = re.compile(r"(?:#+ |\*+)?(?:original message|元のメッセージ|メッセージのソース)\**$", re.IGNORECASE)
_LABELS = tuple(
    (key, re.compile(rf"(?:{names})(?:[ \t]*[:：\t][ \t:]*|[ \t]+(?=<)|$)", re.IGNORECASE))
    for key, names in (
        ("message_id", "message id|メッセージ ?ID"),
        ("created", "created (?:at|on)|作成日時?"),
        ("sender", "from|差出人"),
        ("recipient", "to|宛先"),
        ("subject", "subject|件名"),
        ("spf", "spf"),
        ("dkim", "dkim"),
        ("dmarc", "dmarc"),
    )
)  # fmt: skip
_BUTTONS = re.compile(
    r"(?:download original|copy to clipboard|show original|元のメッセージをダウンロード|クリップボードにコピー)\s*"
)
_DELIVERED = re.compile(r"\(?delivered after (?P<number>\d{1,9}) (?P<unit>second|minute|hour|day)", re.IGNORECASE)
_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}
_RESULT = re.compile(r"'?(?P<result>[A-Za-z]{2,12})'?(?:\s+with\s+(?:ip|domain)\s+(?P<with>[^\s,]+))?", re.IGNORECASE)
LONGEST = 60
"""Lines after which the block has surely ended."""


@dataclass(frozen=True, slots=True)
class Result:
    """What Gmail says of one method, as it shows it."""

    result: str
    """In lower case: ``pass``, ``fail``, ``neutral`` …"""
    of: str | None
    """The address (SPF) or the domain (DKIM) beside it; None where none stands there."""


@dataclass(frozen=True, slots=True)
class Summary:
    """Gmail's summary of one message; each part None where the block does not have it."""

    message_id: str | None = None
    created: Stamp | None = None
    created_text: str | None = None
    """As shown: often in words and in the zone of the reader."""
    delivered_after: int | None = None
    """Seconds, rounded by Gmail to the unit that it shows."""
    sender: str | None = None
    recipient: str | None = None
    subject: str | None = None
    spf: Result | None = None
    dkim: Result | None = None
    dmarc: Result | None = None


def split_summary(lines: list[str]) -> tuple[Summary | None, int]:
    """The summary at the beginning of the lines and how many lines it takes; None and 0 where there is none."""
    parts: dict[str, str] = {}
    reached, place, titled, waiting = -1, 0, False, ""
    while place < min(len(lines), LONGEST):
        text = lines[place].strip()
        if found := _label(text, reached):
            reached, waiting, value = found
            parts[waiting] = value
            waiting = "" if value else waiting
        elif not parts and _TITLE.match(text):
            titled = True
        elif waiting and text and strict_name(text) is None:
            parts[waiting], waiting = text, ""
        elif text and not _BUTTONS.fullmatch(text):
            break
        place += 1
    if not _is_summary(titled, parts):
        return None, 0
    return _summary(parts), place


def begins_summary(text: str) -> bool:
    """Whether a line may be the first of the block: its title, or the label of the Message ID."""
    text = text.strip()
    return _TITLE.match(text) is not None or _LABELS[0][1].match(text) is not None


def _is_summary(titled: bool, parts: dict[str, str]) -> bool:
    """``From``, ``To`` and ``Subject`` alone are a header; the title or Gmail's own labels are not."""
    own = {"message_id", "created", "spf", "dkim", "dmarc"} & parts.keys()
    return (titled and bool(parts)) or ("created" in own and len(own) > 1) or {"spf", "dkim"} <= own


def _label(text: str, reached: int) -> tuple[int, str, str] | None:
    """The label that a line begins with, if the page shows it after those that were read, and its value."""
    for order, (key, pattern) in enumerate(_LABELS):
        match = pattern.match(text) if order > reached else None
        if match:
            return order, key, text[match.end() :].strip()
    return None


def _summary(parts: dict[str, str]) -> Summary:
    created = parts.get("created")
    delivered = _DELIVERED.search(created[:200]) if created else None
    return Summary(
        message_id=parts.get("message_id") or None,
        created=read_stamp(created) if created else None,
        created_text=created or None,
        delivered_after=int(delivered["number"]) * _SECONDS[delivered["unit"].lower()] if delivered else None,
        sender=parts.get("sender") or None,
        recipient=parts.get("recipient") or None,
        subject=parts.get("subject") or None,
        spf=_result(parts.get("spf")),
        dkim=_result(parts.get("dkim")),
        dmarc=_result(parts.get("dmarc")),
    )


def _result(value: str | None) -> Result | None:
    match = _RESULT.match(value) if value else None
    return Result(match["result"].lower(), match["with"]) if match else None
