"""When two people change one case: field by field, what each typed, and a choice where both changed the same one."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import streamlit as st

from lasthop.app.safe_text import plain
from lasthop.pack.case import Case
from lasthop.pack.receiver_zones import RECEIVER_ZONES
from lasthop.pack.ticket import FIELDS

TEXTS = ("title", "asks", "question", "notes")
"""Fields of the case itself; all others are of its ticket."""

_TITLES = {
    "title": "Title",
    "asks": "Who asks whom",
    "question": "Question",
    "notes": "Notes",
    RECEIVER_ZONES: "Time zones of receivers",
}
_LONG = ("notes", "header", "reference", RECEIVER_ZONES)


def value_of(case: Case, name: str) -> str:
    """What the case says in a field, empty where nothing."""
    return str(getattr(case, name)) if name in TEXTS else case.ticket.get(name, "").strip()


def settled(case: Case, shown: Mapping[str, str], typed: Mapping[str, str]) -> tuple[Case, dict[str, str]]:
    """``case`` as it is saved now with what was typed into a screen that showed ``shown``.

    A field that somebody else changed since stays as they left it. Where it was typed into as well, what was typed is
    given back beside the case, under the name of the field.
    """
    texts: dict[str, Any] = {}
    ticket, conflicts = dict(case.ticket), {}
    for name, text in typed.items():
        ours = text if name in TEXTS else text.strip()
        theirs, before = value_of(case, name), shown.get(name, "")
        if ours in (before, theirs):
            continue
        if theirs != before:
            conflicts[name] = ours
        elif name in TEXTS:
            texts[name] = ours
        else:
            ticket[name] = ours
    return replace(case, **texts, ticket={name: text for name, text in ticket.items() if text}), conflicts


def title_of(name: str) -> str:
    """The name of a field for people; fields of one message name it."""
    field, _, message = name.partition(":")
    label = _TITLES.get(field) or (FIELDS[field].label if field in FIELDS else field)
    return f"{label} of {message}" if message else label


def ask(case: Case, conflicts: Mapping[str, str], decide: Callable[[str, str | None], None]) -> None:
    """Show both texts of each field. ``decide`` gets its name, and the text to save or None for theirs."""
    if not conflicts:
        return
    st.warning(
        "Somebody else saved another text while you typed. Theirs is in the case; yours is kept here until you choose.",
        title="The case was changed by two people at once",
    )
    for name, ours in conflicts.items():
        theirs = value_of(case, name)
        left, right = st.columns(2)
        left.caption(f"{plain(title_of(name))}: saved by somebody else")
        left.code(theirs or "(empty)", language=None, wrap_lines=True)
        right.caption("Typed by you")
        right.code(ours or "(empty)", language=None, wrap_lines=True)
        with st.container(horizontal=True):
            st.button("Keep theirs", key=f"theirs {case.id} {name}", on_click=decide, args=(name, None))
            st.button("Use mine", key=f"ours {case.id} {name}", on_click=decide, args=(name, ours))
            if name in _LONG and theirs and ours:
                both = f"{theirs}\n{ours}"
                st.button("Keep both", key=f"both {case.id} {name}", on_click=decide, args=(name, both))
