"""Text that strangers wrote, made harmless for elements that render Markdown.

Most Streamlit elements do: captions, alerts, titles, labels of buttons and links, metric values, table cells. Text
from mail, logs and file names reaches them through ``plain`` or ``as_code`` only. ``st.dataframe``, ``st.code``,
``st.text`` and ``st.json`` show text as it is; ``one_line`` still keeps it from reordering the line it stands in.
"""

import re

from lasthop.pack.markdown import code_span
from lasthop.pack.visible import one_line

__all__ = ["as_code", "counted", "one_line", "plain"]

_PUNCTUATION = re.compile(r"([!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~])")
# Links, icons and arrows are looked for in the text after Markdown has been read, so a backslash does not stop them:
# an invisible word joiner does, at each place where such a find could begin.
_FOUND_LATER = re.compile(r"(\\:|www|\\@|\\-|\\<)", re.IGNORECASE)
_JOINER = "\u2060"


def plain(text: str | None) -> str:
    """Markdown that shows ``text`` on one line exactly as it is written: no link, image, icon, colour or formula."""
    flat = re.sub(r"\s+", " ", one_line(text or "")).strip()
    return _FOUND_LATER.sub(rf"\1{_JOINER}", _PUNCTUATION.sub(r"\\\1", flat))


def as_code(text: str | None, limit: int = 120) -> str:
    """A Markdown code span of ``text``, at most ``limit`` characters of it: for names and ids inside a sentence."""
    given = text or ""
    return code_span(given if len(given) <= limit else given[: limit - 1] + "…")


def counted(number: int, one: str, many: str | None = None) -> str:
    """``1 line``, ``1,204 lines``: a number and its word, with the plural."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
