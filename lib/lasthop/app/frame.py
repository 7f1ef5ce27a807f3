"""What every page begins with: title, menu, workspace, time zone, and the edge where errors become sentences."""

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from lasthop.app import state, zones
from lasthop.app.safe_text import as_code, plain
from lasthop.errors import LasthopError
from lasthop.store import Snapshot, Workspace
from lasthop.trace import look

_LOG = logging.getLogger(__name__)
_FAVICON = Path(__file__).with_name("favicon.svg")
_LOGO = Path(__file__).with_name("logo.svg")

MENU = (
    ("app.py", "Overview", ":material/monitoring:"),
    ("pages/messages.py", "Messages", ":material/mail:"),
    ("pages/message.py", "Message", ":material/route:"),
    ("pages/reasons.py", "Reasons", ":material/rule:"),
    ("pages/compare.py", "Compare", ":material/compare_arrows:"),
    ("pages/recipient.py", "Recipient", ":material/person:"),
    ("pages/case.py", "Case", ":material/folder_open:"),
    ("pages/sources.py", "Sources", ":material/database:"),
)


_BEHIND = (
    "A load is still writing to this workspace, or its disk takes no more: the newest messages are not shown yet. "
    "Reload the page later."
)


@dataclass
class Screen:
    """What a page works with. ``snapshot`` is opened when first asked for and closed with the page."""

    workspace: Workspace
    zone: str
    stack: ExitStack
    notice: DeltaGenerator

    @cached_property
    def snapshot(self) -> Snapshot:
        """One moment of the workspace, the same for everything on the page."""
        snapshot = self.stack.enter_context(look(self.workspace))
        if snapshot.behind:
            self.notice.caption(_BEHIND)
        if snapshot.problem:
            self.notice.warning(plain(f"{snapshot.problem} Until then the rules of lasthop stand alone."))
        return snapshot

    @cached_property
    def is_empty(self) -> bool:
        """Whether no event has been loaded yet."""
        return self.snapshot.value("SELECT 1 FROM events LIMIT 1") is None


@contextmanager
def frame(title: str, lead: str = "") -> Iterator[Screen]:
    """Draw the menu and the title, then run the page inside; ``lead`` is one sentence below the title."""
    st.set_page_config(page_title=f"{title} · lasthop", page_icon=str(_FAVICON), layout="wide")
    with ExitStack() as stack:
        try:
            workspace = state.workspace()
            zone = _sidebar(workspace)
            st.title(title, anchor=False)
            if lead:
                st.caption(lead)
            yield Screen(workspace, zone, stack, st.empty())
        except LasthopError as error:
            _LOG.warning("%s: %s", title, error)
            show_error(error)
            st.stop()
        except Exception:
            _LOG.exception("The page %s could not be drawn", title)
            st.error(
                "Nothing was changed. The log of the server says what happened; reloading the page is safe.",
                title="This page could not be drawn",
            )
            st.stop()


def show_error(error: LasthopError) -> None:
    """An error as three plain sentences: what, the particulars, the next step."""
    st.error(plain(" ".join(part for part in (error.message, error.hint) if part)) or " ", title=plain(error.title))


def _sidebar(workspace: Workspace) -> str:
    st.logo(str(_LOGO), size="large")
    with st.sidebar:
        for page, label, icon in MENU:
            current = state.opened() if page == "pages/message.py" else None
            if page == "pages/message.py" and current is None:
                continue
            st.page_link(page, label=label, icon=icon, query_params={"message": current} if current else None)
        st.space("small")
        zone = st.selectbox(
            "Time zone",
            zones.choices(zones.start(workspace)),
            key=state.ZONE,
            persist_state="session",
            on_change=zones.remember,
            args=(workspace,),
            help="Days begin and times are shown in it.",
        )
        st.caption(f"Workspace {as_code(workspace.root.name)}")
    return zone or zones.DEFAULT_ZONE
