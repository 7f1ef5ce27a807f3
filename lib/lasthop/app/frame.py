"""What every page begins with: title, menu, time zone, data health, and the edge where errors become sentences."""

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import streamlit as st

from lasthop.app import data_health, state, zones
from lasthop.app.safe_text import as_code, plain
from lasthop.app.screen import Screen
from lasthop.errors import LasthopError
from lasthop.store import Workspace

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
    ("pages/original.py", "Original", ":material/alt_route:"),
    ("pages/case.py", "Case", ":material/folder_open:"),
    ("pages/sources.py", "Sources", ":material/database:"),
)


ONE_WAY_OUT = "<style>[data-testid=stElementToolbar] button[aria-label^='Download as CSV']{display:none}</style>"
"""Streamlit's own button on tables: its file tells neither filter nor zone, and cells in it may run as formulas."""


@contextmanager
def frame(title: str, lead: str = "") -> Iterator[Screen]:
    """Draw menu, title and data health, then run the page inside; ``lead`` is one sentence below the title."""
    st.set_page_config(page_title=f"{title} · lasthop", page_icon=str(_FAVICON), layout="wide")
    st.html(ONE_WAY_OUT)
    with ExitStack() as stack:
        try:
            workspace = state.workspace()
            zone = _sidebar(workspace)
            st.title(title, anchor=False)
            if lead:
                st.caption(lead)
            screen = Screen(workspace, zone, stack, st.empty())
            data_health.strip(screen)
            yield screen
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
            address = state.address_of(page)
            if page == "pages/message.py":
                if not (opened := state.opened()):
                    continue
                address = {"message": opened}
            st.page_link(page, label=label, icon=icon, query_params=address or None)
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
