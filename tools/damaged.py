"""What people's ways of copying do to a message: the twelve forms in which one arrives in a ticket."""

import html
import re
import textwrap
from collections.abc import Callable

_SUMMARY = """Original Message
Message ID \t<one@mail.example>
Created at:\tTue, Nov 19, 2024 at 5:00 PM (Delivered after 5 seconds)
From:\tShop <info@example.com>
To:\ttaro@example.net
Subject:\tRe: your order
SPF:\tPASS with IP 192.0.2.4 Learn more
DKIM:\t'PASS' with domain example.com Learn more
DMARC:\t'PASS' Learn more


Download Original

"""
_HELLO = "Hi support,\n\nthis mail did not arrive in time. Please see:\n\n"


def lines_of(text: str, change: Callable[[str], str]) -> str:
    """The text with each line changed."""
    return "\n".join(change(line) for line in text.split("\n"))


def _wrapped(text: str) -> str:
    """Folded anew at 76 columns between words, as a mail program does that knows of no header."""
    return lines_of(text, lambda line: textwrap.fill(line, 76, break_long_words=False, break_on_hyphens=False))


def _escaped(text: str) -> str:
    """As the source of a web page: escapes, and blanks that do not break for white space at the start of a line."""
    return re.sub(r"(?m)^[ \t]+", lambda found: "\N{NO-BREAK SPACE}" * len(found[0]), html.escape(text))


def _header(text: str) -> str:
    return text.partition("\n\n")[0] + "\n"


FORMS: dict[str, Callable[[str], str]] = {
    "clean": lambda text: text,
    "blanks at line ends": lambda text: lines_of(text, lambda line: line + "  "),
    "Gmail's page, copied whole": lambda text: _SUMMARY + text,
    "leading white space lost": lambda text: lines_of(text, str.lstrip),
    "wrapped at 76": _wrapped,
    "blank line between lines": lambda text: text.replace("\n", "\n\n"),
    "quoted": lambda text: lines_of(text, lambda line: "> " + line),
    "words before it": lambda text: _HELLO + text,
    "indented by 4": lambda text: lines_of(text, lambda line: "    " + line),
    "HTML": _escaped,
    "fenced": lambda text: f"```\n{text}\n```\n",
    "header only, CRCRLF": lambda text: _header(text).replace("\n", "\r\r\n"),
}


def damaged(data: bytes, form: str) -> bytes:
    """A message as one of FORMS leaves it."""
    text = re.sub(r"\r+\n|\r", "\n", data.decode("utf-8", "surrogateescape"))
    return FORMS[form](text).encode("utf-8", "surrogateescape")
