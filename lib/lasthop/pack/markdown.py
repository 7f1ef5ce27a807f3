"""Text from mail inside Markdown: in code spans and fences, where nothing of it is markup (CommonMark 6.1 and 4.5)."""

import re

from lasthop.pack.visible import one_line, visible

NOTHING = "(not known)"


def code_span(text: str | None) -> str:
    """The text on one line in a code span that nothing inside can close; None and "" give `NOTHING`."""
    if not text:
        return NOTHING
    shown = one_line(text)
    ticks = "`" * (_longest_run(shown) + 1)
    # Of spaces alone nothing is stripped (CommonMark 6.1).
    tight = shown.startswith("`") or shown.endswith("`") or (shown[0] == " " == shown[-1] and not shown.isspace())
    pad = " " if tight else ""
    return f"{ticks}{pad}{shown}{pad}{ticks}"


def fence(text: str) -> str:
    """The text line by line in a fenced block that nothing inside can close; CR and CRLF become LF."""
    lines = [one_line(line) for line in re.split("\r\n|\r|\n", visible(text).rstrip("\r\n"))]
    bars = "`" * max(3, _longest_run(text) + 1)
    return "\n".join([f"{bars}text", *lines, bars])


def labelled(label: str, text: str | None) -> str:
    """``label: text`` with the text in a code span, or below the label in a fence when it has several lines."""
    if text and re.search("[\r\n]", text.strip()):
        return f"{label}:\n\n{fence(text)}"
    return f"{label}: {code_span((text or '').strip())}"


def inert(text: str) -> str:
    """Words of our own, which may quote somebody: on one line, with what could be markup escaped."""
    return re.sub(r"([\\`*_\[\]<>!|~$&#])", r"\\\1", one_line(text))


def counted(number: int, noun: str, plural: str = "") -> str:
    """``1 message``, ``2 messages``; ``plural`` where an s alone does not make it."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {plural or noun + 's'}"


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)
