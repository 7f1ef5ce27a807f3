"""An address with characters that no address has -> what it reads as without them, where that is beyond doubt."""

import re
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass

# Letters of other scripts that look like Latin ones (Unicode TR39, "confusables"); only those of one shape.
_LOOK_ALIKES = str.maketrans("асеорхуіјѕһԁԛԝοανρ", "aceopxyijshdqwoavp")
_DASHES = str.maketrans("‐‑‒–—−ー", "-------")
_ADDRESS = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
)
_LOST = "\ufffd"
"""Stands where the source had white space or a control character."""
_TELLING = 8  # characters of a domain: a shorter one may be the end of a name by chance
_LONGEST = 320  # characters: 64, an @ and 255 (RFC 5321 §4.5.3.1)


@dataclass(frozen=True)
class Repair:
    """What an address reads as, and what was odd about it, in words that follow "the address as written has".

    ``doubtful``: it only holds if the domain is one that takes mail.
    """

    address: str
    had: tuple[str, ...]
    doubtful: bool


def repaired(written: str, domains: Collection[str]) -> Repair | None:
    """The address that ``written`` reads as, lower-cased; None when nothing is odd, or more than one may be meant.

    ``domains`` are those that an address without @ may end with.
    """
    if len(written) > 2 * _LONGEST:
        return None
    had: list[str] = []
    doubtful = False
    text = written.lower()
    for what, is_doubtful, step in _STEPS:
        after = step(text)
        if after != text:
            had.append(what)
            doubtful = doubtful or is_doubtful
        text = after
    if "@" not in text:
        text = _with_at(text, domains)
        had.append("no @")
        doubtful = True
    if not had or text == written.lower() or not _ADDRESS.fullmatch(text) or len(text) > _LONGEST:
        return None
    return Repair(text, tuple(had), doubtful)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


def _unwrapped(text: str) -> str:
    """Without ``mailto:``, brackets, quotes, a name before ``<…>`` and a full stop or comma behind."""
    inside: list[str] = re.findall(r"<([^<>]*@[^<>]*)>", text)
    if inside and "@" not in text.replace(f"<{inside[0]}>", ""):
        text = inside[0]
    text = text.strip(f" {_LOST}<>\"'()[]").removeprefix("mailto:")
    return text.strip(f" {_LOST}<>\"'()[]").rstrip(".,;:。、")


def _without_space(text: str) -> str:
    """Space in the domain or beside the @ is nothing; inside the mailbox's name it may stand for anything."""
    text = "".join(character for character in text if unicodedata.category(character) != "Cf")
    mailbox, at, domain = text.rpartition("@")
    space = f" \t\u3000{_LOST}"
    return mailbox.strip(space) + at + domain.translate({ord(character): None for character in space})


def _dashed(text: str) -> str:
    return text.translate(_DASHES)


def _dotted(text: str) -> str:
    mailbox, at, domain = text.rpartition("@")
    return mailbox + at + re.sub(r"\.{2,}", ".", domain.replace("。", ".")) if at else text


def _without_commas(text: str) -> str:
    mailbox, at, domain = text.rpartition("@")
    return mailbox + at + re.sub("[,、]", ".", domain) if at else text


def _latin(text: str) -> str:
    """With look-alikes of other scripts as Latin letters, when that leaves no other letter; unchanged otherwise."""
    mailbox, at, domain = text.rpartition("@")
    plain = mailbox + at + ".".join(_decoded(label) for label in domain.split("."))
    plain = plain.translate(_LOOK_ALIKES)
    return plain if plain.isascii() else text


def _decoded(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label.removeprefix("xn--").encode("ascii").decode("punycode")
    except UnicodeError:
        return label


def _single_at(text: str) -> str:
    return re.sub("@{2,}", "@", text)


def _with_at(text: str, domains: Collection[str]) -> str:
    """With an @ before the longest of ``domains`` that it ends with; unchanged when there is none to tell."""
    ends = [name for name in domains if len(name) >= _TELLING and text.endswith(name)]
    if not ends:
        return text
    domain = max(ends, key=len)
    mailbox = text.removesuffix(domain)
    return f"{mailbox}@{domain}" if len(mailbox) >= 3 and mailbox[-1].isalnum() else text


# What may be odd, whether to read it otherwise takes a domain that is known, and how it reads then.
_STEPS: tuple[tuple[str, bool, Callable[[str], str]], ...] = (
    ("full-width characters", False, _plain),
    ("something around it", False, _unwrapped),
    ("white space or unseen characters", False, _without_space),
    ("dashes that are no hyphen", False, _dashed),
    ("more than one @ in a row", False, _single_at),
    ("wrong dots", False, _dotted),
    ("a comma for a dot", True, _without_commas),
    ("letters of another script", True, _latin),
)
