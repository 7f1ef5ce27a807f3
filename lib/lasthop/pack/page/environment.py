"""The templates of the page: everything that is put into one is escaped, and made visible, by construction."""

import re
from functools import cache
from itertools import pairwise
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from lasthop.explain import in_words
from lasthop.model.colours import COLOURS, badge
from lasthop.model.outcomes import MEANINGS, Outcome
from lasthop.pack.markdown import counted
from lasthop.pack.visible import one_line

_LINE_END = re.compile("\r\n|\r|\n")
_CODE = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)


@cache
def templates() -> Environment:
    """The environment; a name that a template does not know is an error."""
    made = Environment(
        loader=PackageLoader("lasthop.pack.page"),
        autoescape=True,
        finalize=shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(spans=spans, at=in_words, counted=counted)
    made.globals.update(outcomes=tuple(Outcome), meanings=MEANINGS, inks=COLOURS, badge=badge)
    return made


def shown(value: Any) -> Any:
    """What a template prints of a value: nothing for None; of text every line with what cannot be seen made visible."""
    if value is None:
        return ""
    if not isinstance(value, str) or hasattr(value, "__html__"):  # a macro's markup stays
        return value
    return "\n".join(one_line(line) for line in _LINE_END.split(value))


def spans(text: str) -> list[tuple[bool, str]]:
    """Markdown of our own as parts (code or not, text): only code spans (CommonMark 6.1), nothing else is markup."""
    found: list[tuple[bool, str]] = []
    edges = [0, *(edge for match in _CODE.finditer(text) for edge in match.span()), len(text)]
    for place, (start, end) in enumerate(pairwise(edges)):
        if start == end:
            continue
        part = text[start:end]
        found.append((place % 2 == 1, _inside(part) if place % 2 else part))
    return found


def _inside(span: str) -> str:
    """What a code span holds; one space at both ends is not of it."""
    ticks = len(span) - len(span.lstrip("`"))
    inner = span[ticks:-ticks]
    return inner[1:-1] if inner[0] == inner[-1] == " " and inner.strip() else inner
