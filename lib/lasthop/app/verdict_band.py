"""The band on top of a message: one sentence, how sure it is, who can fix it, what to do. All text is escaped HTML."""

from collections.abc import Mapping
from html import escape

from lasthop.app.safe_text import one_line
from lasthop.draw import COLOURS, Ink
from lasthop.explain import Step, Verdict
from lasthop.model.outcomes import MEANINGS, RETRY_WINDOW_H, Outcome

_RULE = "1px solid rgba(127,135,148,.35)"
_DIM = "opacity:.75;font-size:.9em"
_CITE = "opacity:.75;font-size:.8em;vertical-align:super;line-height:0;white-space:nowrap"
_CITED = 4


def verdict_html(verdict: Verdict, numbers: Mapping[str, int], tried: float | None = None) -> str:
    """The verdict as HTML without links, scripts or anything from another host.

    ``numbers`` are those of the lines of the timeline that hold each event: every clause names what it rests on.
    ``tried`` is the used share of the time in which the message is retried, 0 to 1; None when it is not.
    """
    final = "yes" if verdict.final else "no, it can still change"
    facts = [
        ("Cause", verdict.cause),
        ("Who can fix it", verdict.who),
        ("Final", final),
        ("Confidence", verdict.confidence),
    ]
    return (
        f'<div style="border:{_RULE};border-radius:6px;display:flex;overflow:hidden">'
        f'<div style="flex:0 0 12px;background:{_paint(COLOURS[verdict.outcome])}"></div>'
        '<div style="padding:.9rem 1.1rem;min-width:0;overflow-wrap:anywhere">'
        f'<div style="font-weight:600;font-size:1.15em">{_safe(MEANINGS[verdict.outcome].title)}</div>'
        f'<p style="margin:.3rem 0 .6rem 0">{_sentence(verdict, numbers)}</p>{_clock(tried)}'
        f'<div style="display:flex;flex-wrap:wrap;gap:.3rem 2rem">{"".join(_fact(*fact) for fact in facts)}</div>'
        f"{_steps(verdict)}{_limits(verdict)}</div></div>"
    )


def _sentence(verdict: Verdict, numbers: Mapping[str, int]) -> str:
    """The clauses, each with the numbers of the lines it rests on."""
    told = []
    for clause in verdict.clauses:
        lines = sorted({numbers[event] for event in clause.evidence if event in numbers})
        shown = ", ".join(str(line) for line in lines[:_CITED]) + (" …" if len(lines) > _CITED else "")
        cited = f' <span title="Lines of the timeline below" style="{_CITE}">[{shown}]</span>' if lines else ""
        told.append(_safe(clause.text) + cited)
    return " ".join(told)


def _clock(tried: float | None) -> str:
    """How much of the time for retrying is used up, as a bar."""
    if tried is None:
        return ""
    used = round(min(max(tried, 0), 1) * RETRY_WINDOW_H)
    words = f"{used} of {RETRY_WINDOW_H} hours of retrying used"
    bar = (
        f"width:{min(max(tried, 0), 1):.1%};height:100%;border-radius:3px;background:{COLOURS[Outcome.WAITING].colour}"
    )
    return (
        f'<div role="img" aria-label="{words}" style="max-width:24rem;margin:0 0 .7rem 0">'
        f'<div style="height:6px;border-radius:3px;background:rgba(127,135,148,.25)"><div style="{bar}"></div></div>'
        f'<span style="{_DIM}">{words}</span></div>'
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
        f'<li style="margin:.2rem 0">{_safe(step.text)}{_place(step)} '
        f'<span style="{_DIM}">({_safe(step.origin)})</span></li>'
        for step in verdict.next_steps
    )
    box = f"border-top:{_RULE};margin-top:.7rem;padding-top:.6rem"
    return f'<div style="{box}">Next step<ol style="margin:.2rem 0 0 0">{steps}</ol></div>'


def _place(step: Step) -> str:
    """Where in the menus, on a line of its own."""
    return f'<br><span lang="ja">{_safe(step.place)}</span>' if step.place else ""


def _limits(verdict: Verdict) -> str:
    return "".join(f'<p style="{_DIM};margin:.6rem 0 0 0">{_safe(limit)}</p>' for limit in verdict.limits)


def _safe(text: str) -> str:
    return escape(one_line(text))
