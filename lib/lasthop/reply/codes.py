"""Reply codes (RFC 5321 §4.2) and enhanced status codes (RFC 3463) given beside a text or standing in it."""

import re

_REPLY = re.compile(r"[245][0-5][0-9](?=[ \-:;,)'\"<]|$)")
_ENHANCED = re.compile(r"[245]\.(?<![\w./@]..)[0-9]{1,3}\.[0-9]{1,3}(?![0-9]|\.[0-9])")  # no end of an IP or a version
_GIVEN_REPLY = re.compile(r"[245][0-5][0-9]")
_GIVEN_ENHANCED = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}")
_UNIT = re.compile(
    r"[ -]?(?:seconds?|secs?|minutes?|mins?|hours?|days?|messages?|e?mails?|recipients?|connections?|bytes?|"
    r"[kmg]i?b|characters?|per|times|lines?|users?|octets?|%|/)\b"
)
_BEFORE_REPLY = " (<'\"#;:=,-[{"  # a code stands free, or after what a relay put before it: ``smtp;550``


def reply_code(given: str | None, text: str) -> str | None:
    """The reply code: the one given if it has the form of one, else the first in ``text`` (lower case), else None."""
    if given:
        found = _GIVEN_REPLY.fullmatch(str(given).strip())
        if found:
            return found[0]
    first = _REPLY.match(text)
    if first:
        return first[0]
    for found in _REPLY.finditer(text):
        start = found.start()
        if (
            text[start - 1] in _BEFORE_REPLY
            and text[start - 2 : start - 1] != "."
            and not _UNIT.match(text, found.end())
        ):
            if found[0][0] == "2" and not text.startswith("2.", found.end() + 1):
                continue
            return found[0]
    return None


def enhanced_codes(given: str | None, text: str) -> list[str]:
    """Every enhanced code, most telling first: those in ``text`` (lower case) and the one given; X.0.0 goes last."""
    codes = _ENHANCED.findall(text)
    if len(codes) > 1:
        codes = list(dict.fromkeys(codes))[:4]
    if given:
        form = _GIVEN_ENHANCED.fullmatch(str(given).strip())
        if form and form[0] not in codes:
            codes.insert(0, form[0])
    if len(codes) > 1:
        codes.sort(key=vague)
    return codes


def vague(code: str) -> bool:
    """Whether the code only says success or failure and no more: X.0.0 (RFC 3463 §3.1)."""
    return code.endswith(".0.0")


def disagree(reply: str | None, enhanced: str | None) -> bool:
    """Whether one code says try again and the other says never (RFC 3463 §2: the classes have to be the same)."""
    return bool(reply and enhanced and reply[0] != enhanced[0])


_COMMANDS = ("ehlo", "helo", "starttls", "auth", "mail", "rcpt", "data", "conn", "bdat", "rset", "quit")
_STAGE = re.compile(
    r"(?:reply to|response to|after) (?:the |a )?(?:end of )?"
    r"(ehlo|helo|starttls|auth|mail|rcpt|data|initial connection|pipelined [a-z]{4}|sending [a-z ]{1,24}|connect)\b"
)


def command(given: str | None, text: str) -> str | None:
    """The SMTP command that was refused, in lower case: the one given, else the one a relay names in ``text``."""
    if given:
        named = str(given).strip().lower()[:20].removeprefix("end of ")
        first = named.split(" ")[0]
        if first in _COMMANDS:
            return "data" if first == "bdat" else first
    found = _STAGE.search(text) if ("eply to" in text or "esponse to" in text or "after " in text) else None
    if found is None:
        return None
    return "conn" if "connect" in found[1] else next((name for name in _COMMANDS if name in found[1]), None)
