"""The band on top of a message: one sentence, how sure it is, who can fix it, what to do. All text is escaped HTML."""

from html import escape

from lasthop.app.safe_text import one_line
from lasthop.draw import COLOURS, Ink
from lasthop.explain import Verdict
from lasthop.model.outcomes import MEANINGS

_RULE = "1px solid rgba(127,135,148,.35)"
_DIM = "opacity:.75;font-size:.9em"


def verdict_html(verdict: Verdict) -> str:
    """The verdict as HTML without links, scripts or anything from another host."""
    final = "yes" if verdict.final else "no, it can still change"
    facts = [
        ("Cause", verdict.cause),
        ("Confidence", verdict.confidence),
        ("Who can fix it", verdict.who),
        ("Final", final),
    ]
    return (
        f'<div style="border:{_RULE};border-radius:6px;display:flex;overflow:hidden">'
        f'<div style="flex:0 0 12px;background:{_paint(COLOURS[verdict.outcome])}"></div>'
        '<div style="padding:.9rem 1.1rem;min-width:0;overflow-wrap:anywhere">'
        f'<div style="font-weight:600;font-size:1.15em">{_safe(MEANINGS[verdict.outcome].title)}</div>'
        f'<p style="margin:.3rem 0 .6rem 0">{_safe(verdict.sentence)}</p>'
        f'<div style="display:flex;flex-wrap:wrap;gap:.3rem 2rem">{"".join(_fact(*fact) for fact in facts)}</div>'
        f"{_steps(verdict)}{_limits(verdict)}</div></div>"
    )


def _paint(ink: Ink) -> str:
    if ink.outline:
        return f"transparent;border-right:3px dashed {ink.colour};border-left:3px dashed {ink.colour}"
    if ink.hatch:
        ground = ink.over or "rgba(127,135,148,.15)"
        return f"repeating-linear-gradient(45deg,{ink.colour} 0 5px,{ground} 5px 10px)"
    return ink.colour


def _fact(name: str, value: str) -> str:
    return f'<div><span style="{_DIM}">{_safe(name)}</span><br>{_safe(value)}</div>'


def _steps(verdict: Verdict) -> str:
    if not verdict.next_steps:
        return ""
    steps = "".join(
        f'<li style="margin:.2rem 0">{_safe(step.text)} <span style="{_DIM}">({_safe(step.source)})</span></li>'
        for step in verdict.next_steps
    )
    box = f"border-top:{_RULE};margin-top:.7rem;padding-top:.6rem"
    return f'<div style="{box}">Next step<ol style="margin:.2rem 0 0 0">{steps}</ol></div>'


def _limits(verdict: Verdict) -> str:
    return "".join(f'<p style="{_DIM};margin:.6rem 0 0 0">{_safe(limit)}</p>' for limit in verdict.limits)


def _safe(text: str) -> str:
    return escape(one_line(text))
