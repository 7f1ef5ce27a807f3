"""Through a dossier or a case, text by text."""

import dataclasses
from collections.abc import Callable
from enum import Enum
from functools import cache
from typing import Any, TypeVar

from lasthop.explain import Dossier
from lasthop.pack.redact.fields import APP_HOST, OURS, pieces, quotes

T = TypeVar("T")
Change = Callable[[str, str], str | None]


def walk(value: T, change: Change, name: str = "") -> T:
    """``value`` with ``change(text, name of its field)`` for each of its texts.

    None stands where a field may be empty; a key of a dict of texts (a ticket) goes. What does not change is shared.
    """
    kind: Any = type(value)
    done: Any = value
    if kind is str:
        done = change(value, name)  # type: ignore[arg-type]
    elif kind is dict:
        done = _dict(value, change, name == "ticket")  # type: ignore[arg-type]
    elif kind is tuple or kind is list:
        done = kind([walk(each, change, name) for each in value]) if value else value
    elif not isinstance(value, Enum | type) and dataclasses.is_dataclass(value):
        parts = {}
        for field in _fields(kind):
            before = getattr(value, field)
            if before is not None and type(before) is not int:
                after = walk(before, change, field)
                if after is not before:
                    parts[field] = after
        done = dataclasses.replace(done, **parts) if parts else value
    result: T = done
    return result


def without_quotes(safe: Dossier, known: Dossier) -> Dossier:
    """``safe`` for the level metadata: no words of the verdict, a tie or a hint that repeat a reply or a subject."""
    message = known.message
    texts = {message.subject, message.last_reply, *(one.reason for one in known.listings)}
    texts |= {one.put_by.reply for one in known.listings if one.put_by}
    for event in (*known.timeline, *known.stop_lists):
        texts |= {event.get("subject"), event.get("reply")}
    said = pieces(frozenset(text for text in texts if text))

    def kept(text: str) -> bool:
        return not quotes(text, said)

    before, verdict = known.verdict, safe.verdict
    cause = verdict.cause if kept(before.cause) else str(verdict.outcome)
    steps = [new for new, old in zip(verdict.next_steps, before.next_steps, strict=True) if kept(old.text)]
    limits = [new for new, old in zip(verdict.limits, before.limits, strict=True) if kept(old)]
    return dataclasses.replace(
        safe,
        listings=tuple(dataclasses.replace(one, reason=None) for one in safe.listings),
        ties=[
            dataclasses.replace(
                tie,
                speaks_for=tuple(filter(kept, tie.speaks_for)),
                speaks_against=tuple(filter(kept, tie.speaks_against)),
            )
            for tie in safe.ties
        ],
        typo=None if safe.typo is None else dataclasses.replace(safe.typo, why=""),
        verdict=dataclasses.replace(
            verdict, cause=cause, sentence=cause, clauses=(), next_steps=tuple(steps), limits=tuple(limits)
        ),
    )


def _dict(value: dict[str, Any], change: Change, texts: bool) -> dict[str, Any]:
    done = {}
    for key, before in value.items():
        if before is None or key in OURS or type(before) is int:
            done[key] = before
            continue
        told = APP_HOST if key == "host" and value.get("vantage") == "app" else key
        after = change(before, told) if type(before) is str else walk(before, change, key)
        if after is not None or not texts:
            done[key] = after
    return done


@cache
def _fields(kind: type) -> tuple[str, ...]:
    """The fields that others write into; a dossier's ``message`` is no id."""
    every = dataclasses.fields(kind)
    return tuple(field.name for field in every if field.name not in OURS or dataclasses.is_dataclass(field.type))
