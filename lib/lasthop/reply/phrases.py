"""Phrases and regexes of rules: how they are written, and why they cannot run away.

A phrase is lower-case text, matched where it begins and ends with whole words; ``*`` at its end lets the last word go
on, and ``…`` stands for up to sixty characters. A regex needs an ``anchor``, a literal that has to be there, and may
neither nest quantifiers nor repeat more than a bounded number of times, so that a scan stays linear in the text.
"""

import re
from dataclasses import dataclass

GAP = "…"
_GAP_LENGTH = 60
# Words of almost every refusal: another part of the phrase tells sooner that it is not there.
_COMMON = frozenset(
    (
        "account", "address", "blocked", "client", "connection", "does", "domain", "email", "fail", "found",
        "from", "host", "invalid", "mail", "mailbox", "message", "not", "recipient", "rejected", "sender",
        "server", "spf", "the", "unknown", "user", "your",
    )
)  # fmt: skip
_LOOSE_QUANTIFIER = re.compile(r"(?<!\\)(?:\\\\)*(?:[*+]|\{[0-9]*,\})")
_GROUP_REPEATED = re.compile(r"\)(?:[*+{])")
_HIGH_BOUND = re.compile(r"\{(?:[0-9]+,)?([0-9]{3,})\}")


@dataclass(frozen=True, slots=True)
class Matcher:
    """One phrase or regex: ``anchor`` is what the common scan looks for, ``pattern`` (None: not needed) what proves it.

    ``parts`` have to be there too before the pattern is worth trying; ``bare_start`` and ``bare_end`` say that no word
    has to begin or end at the anchor's edge, ``reach`` how far the pattern may go on either side of it (0: any).
    """

    anchor: str
    pattern: re.Pattern[str] | None
    parts: tuple[str, ...] = ()
    bare_start: bool = False
    bare_end: bool = False
    reach: int = 0

    def found(self, text: str, start: int, end: int) -> tuple[int, int] | None:
        """Where it matches, given that its anchor stands at ``start``–``end`` of ``text`` (lower case); else None."""
        if self.pattern is not None:
            for part in self.parts:
                if part not in text:
                    return None
            if self.reach:
                match = self.pattern.search(text, max(0, start - self.reach), end + self.reach)
            else:
                match = self.pattern.search(text)
            return match.span() if match else None
        if not self.bare_start and start and text[start - 1].isalnum():
            return None
        if not self.bare_end and end < len(text) and text[end].isalnum():
            return None
        return start, end


def of_phrase(phrase: str) -> Matcher:
    """The matcher of a phrase; ValueError when it says too little to be told from chance."""
    open_end = phrase.endswith("*")
    parts = [part.strip() for part in phrase.rstrip("*").split(GAP)]
    if phrase != phrase.lower() or not all(parts) or max(len(part.encode()) for part in parts) < 3:
        raise ValueError(f"phrase {phrase!r} has to be lower case, with a part of three bytes or more")
    bare_start = not _wordlike(parts[0][0])
    bare_end = open_end or not _wordlike(parts[-1][-1])
    if len(parts) == 1:
        return Matcher(parts[0], None, (), bare_start, bare_end)
    body = f".{{0,{_GAP_LENGTH}}}?".join(_whole(part) for part in parts[:-1])
    body += f".{{0,{_GAP_LENGTH}}}?" + _whole(parts[-1], open_end)
    anchor = max(parts, key=lambda part: (part not in _COMMON, len(part)))
    reach = len(phrase) + _GAP_LENGTH * len(parts)
    return Matcher(anchor, re.compile(body), tuple(part for part in parts if part != anchor), reach=reach)


def _whole(part: str, open_end: bool = False) -> str:
    """A regex for ``part`` that neither begins nor ends within a word."""
    start = r"(?<![^\W_])" if _wordlike(part[0]) else ""
    return start + re.escape(part) + (r"(?![^\W_])" if _wordlike(part[-1]) and not open_end else "")


def of_regex(regex: str, anchor: str) -> Matcher:
    """The matcher of a regex; ValueError when it could take more than linear time or has no anchor."""
    plain = re.sub(r"\[(?:\\.|[^\]\\])*\]", "x", regex)
    bounds = [int(bound) for bound in _HIGH_BOUND.findall(plain)]
    if _LOOSE_QUANTIFIER.search(plain) or _GROUP_REPEATED.search(plain) or any(bound > 200 for bound in bounds):
        raise ValueError(f"regex {regex!r}: repeat single characters only, and with a bound of at most 200")
    if len(anchor) < 3 or anchor != anchor.lower():
        raise ValueError(f"regex {regex!r} needs an anchor: three lower-case characters or more that it always holds")
    try:
        return Matcher(anchor, re.compile(regex))
    except re.error as error:
        raise ValueError(f"regex {regex!r}: {error}") from error


def of_word(word: str) -> Matcher:
    """The matcher of one side's word in a rule that asks for two words near each other: a phrase without a gap."""
    if GAP in word:
        raise ValueError(f"{word!r}: words that stand near each other have no gap of their own")
    return of_phrase(word)


def _wordlike(character: str) -> bool:
    """Whether a word may begin or end here; scripts without spaces between words have no such edge."""
    return character.isalnum() and ord(character) < 0x3000
