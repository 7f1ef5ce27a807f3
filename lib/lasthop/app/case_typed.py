"""What a session types into a case: shown, compared, saved field by field, and kept when it cannot be saved."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from lasthop.app.case_conflict import TEXTS, settled, title_of, value_of
from lasthop.app.safe_text import plain
from lasthop.errors import LasthopError
from lasthop.pack.case import Case, change_case
from lasthop.pack.receiver_zones import RECEIVER_ZONES
from lasthop.pack.ticket import per_message
from lasthop.store import Workspace

NAMES = (*TEXTS, "reference", "header", RECEIVER_ZONES)
OF_EACH = ("number", "sender")
"""Fields of a message that a person fills in; recipient and time come from the data."""


def key_of(case: str, name: str) -> str:
    """The name under which this session keeps something of a case, such as a field."""
    return f"ticket {case} {name}"


def rows_key(case: str, ids: Sequence[str]) -> str:
    """The key of the table of messages: other messages, or texts that somebody else saved, make another table."""
    which = hashlib.sha256(" ".join(ids).encode()).hexdigest()[:12]
    return key_of(case, f"rows {which} {st.session_state.get(key_of(case, 'rounds'), 0)}")


def show_saved(case: Case, ids: Sequence[str]) -> None:
    """Put what is saved on the screen, and remember it: what a person then types is compared with it."""
    on_screen = st.session_state
    shown = {name: value_of(case, name) for name in NAMES}
    for name, text in shown.items():
        on_screen[key_of(case.id, name)] = text
    shown |= {per_message(name, each): value_of(case, per_message(name, each)) for each in ids for name in OF_EACH}
    on_screen[key_of(case.id, "shown")] = shown
    typed = typed_in(on_screen.get(rows_key(case.id, ids), {}).get("edited_rows", {}), ids)
    if any(shown[name] != text for name, text in typed.items()):
        on_screen[key_of(case.id, "rounds")] = on_screen.get(key_of(case.id, "rounds"), 0) + 1


def keep_typed(workspace: Workspace, case: str, ids: Sequence[str]) -> None:
    """Save what is on the screen; a callback, so that it is done before the page is drawn again."""
    on_screen = st.session_state
    typed = {name: on_screen.get(key_of(case, name)) or "" for name in NAMES}
    typed |= typed_in(on_screen.get(rows_key(case, ids), {}).get("edited_rows", {}), ids)
    _save(workspace, case, typed)


def decide(workspace: Workspace, case: str, name: str, text: str | None) -> None:
    """Settle one field that two people changed: ``text`` is to be saved, None leaves theirs."""
    kept = dict(st.session_state.get(key_of(case, "conflicts"), {}))
    kept.pop(name, None)
    st.session_state[key_of(case, "conflicts")] = kept
    if text is not None:
        _save(workspace, case, {name: text})


def _save(workspace: Workspace, case: str, typed: Mapping[str, str]) -> None:
    """Save under the lock of the case, compared with what is in it now and with what this screen showed."""
    on_screen = st.session_state
    shown = on_screen.get(key_of(case, "shown"), {})
    conflicts: dict[str, str] = {}

    def change(saved: Case) -> Case:
        changed, found = settled(saved, shown, typed)
        conflicts.update(found)
        return changed

    try:
        change_case(workspace, case, change)
        on_screen[key_of(case, "failed")] = None
    except LasthopError as error:
        on_screen[key_of(case, "failed")] = error
        on_screen[key_of(case, "unsaved")] = {name: text for name, text in typed.items() if text != shown.get(name, "")}
        return
    if conflicts:
        on_screen[key_of(case, "conflicts")] = {**on_screen.get(key_of(case, "conflicts"), {}), **conflicts}


def show_unsaved(case_id: str) -> None:
    """What was typed into a case that is no longer there."""
    for name, text in st.session_state.get(key_of(case_id, "unsaved"), {}).items():
        st.caption(f"What you typed last into {plain(title_of(name))}, not saved")
        st.code(text, language=None, wrap_lines=True)


def typed_in(edited: Mapping[int, Mapping[str, Any]], ids: Sequence[str]) -> dict[str, str]:
    """What a person changed in the rows (row -> column -> value), as fields of the ticket."""
    return {
        per_message(name, ids[row]): value.strip() if isinstance(value, str) else ""
        for row, cells in edited.items()
        for name, value in cells.items()
        if name in OF_EACH and row < len(ids)
    }
