"""Which case this session works on: the one that the address of the Case page names, else the open one saved last."""

from dataclasses import dataclass

import streamlit as st

from lasthop.app import state
from lasthop.app.safe_text import one_line
from lasthop.errors import LasthopError, NotFound
from lasthop.pack.case import Case, begin_case, new_case, open_case
from lasthop.pack.case_file import case_ids
from lasthop.store import Workspace

PAGE = "pages/case.py"
_NAME = "case"


@dataclass(frozen=True)
class Line:
    """One case in the list; ``problem`` says why its file cannot be read, and the rest is then empty."""

    id: str
    title: str = ""
    messages: frozenset[str] = frozenset()
    closed: bool = False
    problem: str = ""

    @property
    def in_words(self) -> str:
        """Plain text: id, title, what is in it."""
        n = f"{len(self.messages):,} message{'' if len(self.messages) == 1 else 's'}"
        parts = [self.id, one_line(self.title)[:60], n, "closed" if self.closed else ""]
        return " · ".join(part for part in parts if part)


def lines(workspace: Workspace) -> list[Line]:
    """All cases, the one that was saved last first. A file is read again only when it has changed."""
    found = []
    for name in case_ids(workspace):
        try:
            stat = (workspace.root / "cases" / f"{name}.toml").stat()
        except OSError:
            continue
        found.append(_line(workspace, str(workspace.root), name, stat.st_mtime_ns, stat.st_size))
    return found


@st.cache_resource(max_entries=500, show_spinner=False)
def _line(_workspace: Workspace, root: str, name: str, changed_ns: int, size: int) -> Line:
    try:
        case = open_case(_workspace, name)
    except LasthopError as error:
        return Line(name, problem=" ".join(filter(None, (error.title, error.message, error.hint))))
    return Line(name, case.title, frozenset(case.messages), case.closed)


def asked() -> str | None:
    """The case that the address of the page names."""
    return st.query_params.get(_NAME) or None


def current_line(known: list[Line]) -> Line | None:
    """The case that messages go into: the current one where it is open, else the open one saved last; None: a new."""
    usable = [line for line in known if not line.closed and not line.problem]
    named = state.address_of(PAGE).get(_NAME)
    return next((line for line in usable if line.id == named), usable[0] if usable else None)


def set_current(case_id: str) -> None:
    """Make it the current case of this session: the menu leads to it. Empty: none is."""
    state.set_address(PAGE, {_NAME: case_id} if case_id else {})


def show(case_id: str) -> None:
    """Make it the current case, let the address of the page name it, and draw the page anew. On the Case page alone."""
    set_current(case_id)
    st.query_params.from_dict({_NAME: case_id})
    st.rerun()


def open_current(workspace: Workspace) -> Case:
    """The case to show: of the address, of the session, the open one saved last, or a fresh one that is not saved.

    Raises as `open_case` for the one of the address; a damaged file on the way hides no other.
    """
    if named := asked():
        return open_case(workspace, named)
    line = current_line(lines(workspace))
    try:
        return open_case(workspace, line.id) if line else new_case(workspace)
    except NotFound:  # removed at this very moment
        return new_case(workspace)


def keep_address(case: Case) -> None:
    """Let the address of the page and the menu name the case; not for one that was never saved."""
    if case.revision:
        set_current(case.id)
        if asked() != case.id:
            st.query_params[_NAME] = case.id
    state.tell_browser(_NAME, case.id if case.revision else "")


def started(workspace: Workspace, case: Case | None = None) -> Case:
    """The case, saved at least once: a fresh one gets its id, or the next free one where somebody was quicker."""
    if case is None or not case.revision:
        case = begin_case(workspace, case or Case("new"))
    set_current(case.id)
    return case
