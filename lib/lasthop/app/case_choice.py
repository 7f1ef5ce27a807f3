"""Which case the page shows: choose one, begin or copy one, close it; what of the folder cannot be read."""

import streamlit as st

from lasthop.app import case_current
from lasthop.app.case_typed import show_unsaved
from lasthop.app.frame import show_error
from lasthop.app.safe_text import counted, plain
from lasthop.app.screen import Screen
from lasthop.errors import LasthopError, NotFound
from lasthop.pack.case import Case, close_case, copy_case, reopen_case

_FRESH = ""


def chosen_case(screen: Screen) -> Case | None:
    """Draw the choice and give the case; None where the one asked for cannot be read, which is said."""
    known = case_current.lines(screen.workspace)
    try:
        case = case_current.open_current(screen.workspace)
    except LasthopError as error:
        _refused(screen, error, known)
        return None
    case_current.keep_address(case)
    if known:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            _choice(case.id if case.revision else _FRESH, known)
            _menu(screen, case)
    _damaged(known)
    if case.closed:
        st.info("It stays as it is, and messages go into another case. Open it again in its menu.", title="Closed")
    return case


def _choice(shown: str, known: list[case_current.Line]) -> None:
    """A list of the open cases, the one saved last first, then the closed ones."""
    readable = [line for line in known if not line.problem]
    ordered = [line for line in readable if not line.closed] + [line for line in readable if line.closed]
    words = {line.id: line.in_words for line in ordered}
    options = list(words) if shown in words else [shown, *words]
    chosen = st.selectbox(
        f"Case ({len(readable):,} in the workspace)",
        options,
        index=options.index(shown),
        key=f"case_choice {shown} {len(options)}",
        format_func=lambda name: words.get(name, "A new case, not saved yet"),
    )
    if chosen and chosen != shown:
        case_current.show(chosen)


def _menu(screen: Screen, case: Case) -> None:
    with st.popover("New, copy, close", icon=":material/more_horiz:", key="case_menu"):
        if st.button("New case", key="new_case", icon=":material/add:"):
            case_current.show(case_current.started(screen.workspace).id)
        if case.revision and st.button("Copy this case", key="copy_case", icon=":material/content_copy:"):
            case_current.show(copy_case(screen.workspace, case.id).id)
        if case.revision and not case.closed and st.button("Close it", key="close_case", icon=":material/archive:"):
            close_case(screen.workspace, case.id)
            st.rerun()
        if case.closed and st.button("Open it again", key="reopen_case", icon=":material/unarchive:"):
            reopen_case(screen.workspace, case.id)
            st.rerun()
        st.caption("Its title below is its name: type another to rename it. The link of this page opens it again.")


def _damaged(known: list[case_current.Line]) -> None:
    bad = [line for line in known if line.problem]
    if bad:
        st.warning(
            "\n".join(f"- {plain(line.problem)}" for line in bad[:5]),
            title=f"{counted(len(bad), 'case file')} cannot be read; the other cases are not touched by it",
        )


def _refused(screen: Screen, error: LasthopError, known: list[case_current.Line]) -> None:
    if isinstance(error, NotFound):
        st.warning(
            "It may have been moved out of the folder, or the link is from another workspace.", title=plain(error.title)
        )
        show_unsaved(case_current.asked() or "")
    else:
        show_error(error)
    case_current.set_current("")
    line = case_current.current_line(known)
    if line and st.button(plain(f"Open {line.id}"), key="open_other", icon=":material/folder_open:"):
        case_current.show(line.id)
    if not line and st.button("Begin a new case", key="new_case", icon=":material/add:"):
        case_current.show(case_current.started(screen.workspace).id)
