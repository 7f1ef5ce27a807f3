"""What of the words in a case leaves at the level metadata: ids, numbers and times."""

import re
from dataclasses import replace

from lasthop.pack.case import Case, Check
from lasthop.pack.redact.headers import people_in
from lasthop.pack.redact.masks import MASK
from lasthop.pack.reference import parse_management_url
from lasthop.pack.ticket import each_of

LEFT = "(left out at this level)"
_TIME = re.compile(r"[0-9TZ:./,+\-年月日時分秒\s]+(?:JST|UTC|GMT|AM|PM)?", re.IGNORECASE)
_MASKED = re.compile(rf"{MASK.pattern}@[A-Za-z0-9.-]+")


def people_of(case: Case) -> frozenset[str]:
    """The From values of those whom the header names that was pasted into the ticket."""
    return people_in(case.ticket.get("header", ""))


def without_words_of_people(safe: Case) -> Case:
    """``safe``, masked, without what people wrote: of the ticket its ids, numbers, times and masks stay."""
    return replace(
        safe,
        title="",
        question="",
        asks="",
        notes="",
        ticket={key: said for key, text in safe.ticket.items() if (said := _of_ticket(key.partition(":")[0], text))},
        checks=tuple(Check(LEFT, LEFT if each.result else "") for each in safe.checks),
    )


def _of_ticket(field: str, text: str) -> str:
    """What stays of one field, empty where nothing was in it; what is left out says so: it was supplied."""
    if not text.strip():
        return ""
    if field == "reference":
        said = "\n".join(filter(None, map(_reference, each_of(text))))
    elif field == "number":
        said = ", ".join(re.findall(r"[0-9]+", MASK.sub("", text)))
    elif field == "recipient":
        said = ", ".join(_MASKED.findall(text))
    else:
        said = text if field == "time" and _TIME.fullmatch(text.strip()) else ""
    return said or LEFT


def _reference(text: str) -> str:
    """Digits, or the page of a form or notification without its site, which is the sender's."""
    if re.fullmatch(r"[0-9]+", text):
        return text
    found = parse_management_url(text)
    if found is None:
        return ""
    page = re.search(rf"(?:inquiry|magazine)/{found.screen}", text)
    number = re.search(rf"\w+={found.id}_?(?!\w)|\w+={found.id}_", text)
    short = f"/{page[0]}/?{number[0]}" if page and number else ""
    return short if (again := parse_management_url(short)) and again.id == found.id else found.id
