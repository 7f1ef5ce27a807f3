"""Physical lines of a text file in any of our encodings, in bounded memory.

A line is what ends with a line feed. What cannot be taken as text is marked, never dropped and never guessed.
"""

import codecs
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LINE_LIMIT = 1 << 20
"""Characters or bytes of one line, and of one record; beyond this it is no log line."""
TEXT_LIMIT = 2_000
"""Characters of a rejected line that are kept."""

_BAD = "\udcff"
"""Stands for undecodable bytes: a code point that valid text cannot hold."""


def _mark(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)  # noqa: S101  # registered for decoding only
    return _BAD, error.end


codecs.register_error("lasthop.mark", _mark)


@dataclass(frozen=True, slots=True)
class Line:
    """One physical line; ``text`` keeps its line end, and is shortened when there is a ``problem``."""

    number: int
    text: str
    problem: str | None = None


def open_text(path: Path, encoding: str) -> io.TextIOWrapper:
    """Open for reading with undecodable bytes marked and line ends left alone; see ``is_marked``."""
    return path.open("r", encoding=encoding, errors="lasthop.mark", newline="\n")


def is_marked(text: str) -> bool:
    """Tell whether bytes of this text could not be decoded."""
    return _BAD in text


def readable(text: str) -> str:
    """The text as it can be shown and stored: marks and lone surrogates become U+FFFD."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def physical_lines(path: Path, encoding: str) -> Iterator[Line]:
    """Yield every line with its number from 1."""
    with open_text(path, encoding) as file:
        number = 0
        while text := file.readline(LINE_LIMIT + 1):
            number += 1
            problem = None
            if len(text) > LINE_LIMIT and not text.endswith("\n"):
                problem = "longer than 1 MiB"
                _skip_line(file)
            elif _BAD in text:
                problem = f"bytes that are not {'UTF-8' if encoding.startswith('utf-8') else encoding.upper()}"
            elif "\0" in text:
                problem = "a NUL byte"
            yield Line(number, readable(text[:TEXT_LIMIT]) if problem else text, problem)


def _skip_line(file: io.TextIOWrapper) -> None:
    while (rest := file.readline(LINE_LIMIT)) and not rest.endswith("\n"):
        pass
