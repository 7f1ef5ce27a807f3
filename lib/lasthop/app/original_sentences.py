"""Sentences about an original, each with the header lines that it rests on; the lines themselves fold out below."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from lasthop.app.original_read import ReadOriginal
from lasthop.app.safe_text import counted, one_line
from lasthop.explain.original import Said

_RULE = "1px solid rgba(127,135,148,.35)"
_CHIP = f"border:{_RULE};border-radius:4px;padding:0 .35em;font-size:.75em;opacity:.8;white-space:nowrap"
_HOW = "opacity:.7;font-size:.85em;font-style:italic"
_CITED, _SHOWN = 4, 40


def sentences(read: ReadOriginal, told: Sequence[Said], *, framed: bool = False) -> None:
    """Each sentence as a line of its own with its chips; below them an expander with the cited lines as given."""
    st.html(sentences_html(told, framed=framed))
    if len(told) > _SHOWN:
        st.caption(f"{counted(len(told) - _SHOWN, 'more sentence')} left out here.")
    lines = list(dict.fromkeys((cited.name, cited.line) for said in told[:_SHOWN] for cited in said.cites))
    if lines:
        with st.expander(f"The {counted(len(lines), 'header line')} cited here", icon=":material/notes:"):
            for name, line in lines:
                raw_line(read, name, line)


def raw_line(read: ReadOriginal, name: str, line: int) -> None:
    """One header as it was given, with the line where it begins."""
    with st.container(gap="xxsmall"):
        st.text(f"{one_line(name)}, line {line}")
        st.code(read.raw(line), language=None, wrap_lines=True)


def sentences_html(told: Sequence[Said], *, framed: bool = False) -> str:
    """The sentences as HTML without links, scripts or anything from another host; all text is escaped."""
    rows = "".join(f'<p style="margin:.25rem 0">{_sentence(said)}</p>' for said in told[:_SHOWN])
    box = f"border:{_RULE};border-radius:6px;padding:.7rem 1.1rem;" if framed else ""
    return f'<div style="{box}overflow-wrap:anywhere;max-width:60rem">{rows}</div>'


def _sentence(said: Said) -> str:
    chips = "".join(
        f' <span style="{_CHIP}" title="The header that this rests on, and its line">'
        f"{_safe(cited.name[:40])}: {cited.line}</span>"
        for cited in said.cites[:_CITED]
    )
    more = f' <span style="{_CHIP}">…</span>' if len(said.cites) > _CITED else ""
    known = f' <span style="{_HOW}">({said.known})</span>' if said.known else ""
    return f"{_safe(said.text)}{known}{chips}{more}"


def _safe(text: str) -> str:
    return escape(one_line(text))
