"""The sources of the workspace: the table, the lines that could not be read, and the way out."""

from itertools import islice

import pandas as pd
import streamlit as st

from lasthop.app import downloads
from lasthop.app.safe_text import counted, one_line
from lasthop.app.tables import WRAPPED, instants, picked, time_column
from lasthop.read import FORMATS
from lasthop.store import Workspace, remove_source
from lasthop.store.sources import Source, rejected
from lasthop.trace import refresh

_ASKED = "remove_asked"
_LINES, _ONE_LINE = 1_000, 36


def show_formats() -> None:
    """The formats that can be read."""
    shown = pd.DataFrame([{"Format": each.title, "Says": _says(name)} for name, each in FORMATS.items()])
    st.dataframe(shown, hide_index=True, width="content", alt="Formats that can be read")
    downloads.table_as_csv(shown, "formats", {"n": counted(len(shown), "format")})


_STOP_LIST = "which addresses SendGrid will not send to"
_BLOCKS = "which messages were refused; the next mail to the address is tried again"
_SAYS = {
    "app": "what the application handed over",
    "provider": "what SendGrid did with it",
    "original": "which way a mail took, by its own header, or why it came back",
}


def _says(format: str) -> str:
    known = FORMATS[format]
    if not known.stop_list:
        return _SAYS.get(known.vantage, "")
    return _BLOCKS if format == "sendgrid_blocks" else _STOP_LIST


def table(loaded: list[Source], zone: str) -> Source | None:
    """Every source with its range and counts; the selected one is returned."""
    shown = pd.DataFrame(
        {
            "file": [one_line(source.file) for source in loaded],
            "format": [FORMATS[source.format].title for source in loaded],
            "first": instants(pd.Series([source.first for source in loaded], dtype="Int64")),
            "last": instants(pd.Series([source.last for source in loaded], dtype="Int64")),
            "rows": [source.rows for source in loaded],
            "added": [source.added for source in loaded],
            "duplicates": [source.duplicates for source in loaded],
            "rejected": [source.rejected for source in loaded],
            "zone": [source.timezone + (" (assumed)" if source.zone_assumed else "") for source in loaded],
            "notes": [one_line(" ".join(source.notes)) for source in loaded],
        }
    )
    state = st.dataframe(
        shown,
        key="sources_table",
        height="content" if len(loaded) <= 16 else 560,
        row_height=WRAPPED if any(len(source.file) > _ONE_LINE for source in loaded) else None,
        alt="Loaded sources",
        hide_index=True,
        on_select="rerun",
        selection_mode=["single-row", "single-cell"],
        column_config={
            "file": st.column_config.TextColumn("File", width=225),
            "format": st.column_config.TextColumn("Read as", width=185),
            "first": time_column("First event", zone),
            "last": time_column("Last event", zone),
            "rows": "Rows",
            "added": "Added",
            "duplicates": "Duplicates",
            "rejected": "Rejected",
            "zone": "Read in zone",
            "notes": "Notes",
        },
    )
    downloads.table_as_csv(shown, "sources", {"zone": zone, "n": counted(len(loaded), "source")})
    here = picked(state, len(loaded))
    row = here.ticked[0] if here.ticked else here.clicked
    return loaded[row] if row is not None else None


def details(workspace: Workspace, source: Source, zone: str) -> None:
    """One source: where it lies, its rejected lines, and the button that removes it."""
    with st.container(border=True):
        st.text(one_line(source.file))
        st.caption("SHA-256 of its bytes")
        st.code(source.sha256, language=None)
        _rejected_lines(workspace, source)
        _removal(workspace, source)


def _rejected_lines(workspace: Workspace, source: Source) -> None:
    if not source.rejected:
        st.text("Every line could be read.")
        return
    lines = list(islice(rejected(workspace, source), _LINES))
    st.text(f"{len(lines):,} of {counted(source.rejected, 'rejected line')} shown")
    frame = pd.DataFrame(lines)
    shown = frame.assign(**{name: frame[name].fillna("").map(one_line) for name in ("reason", "text")})
    st.dataframe(
        shown[["line", "reason", "text"]],
        hide_index=True,
        alt="Lines that could not be read, with the reason",
        column_config={"line": "Line", "reason": "Reason", "text": "Text"},
    )
    notes = {"source": source.file, "sha256": source.sha256, "n": counted(source.rejected, "rejected line")}
    downloads.table_as_csv(
        lambda: pd.DataFrame(list(rejected(workspace, source))), "rejected_lines", notes,
        label="Download the rejected lines as CSV", type="secondary",
    )  # fmt: skip


def _removal(workspace: Workspace, source: Source) -> None:
    """Ask before a source is removed, and say what goes with it."""
    if st.session_state.get(_ASKED) != source.sha256:
        if st.button("Remove this source…", key="ask_removal", icon=":material/delete:"):
            st.session_state[_ASKED] = source.sha256
            st.rerun()
        return
    st.warning(
        f"The {counted(source.added, 'event')} that it brought and the workspace's copy of the file are deleted. "
        "What other sources say too stays. The file on your own disk is not touched: load it again to undo this.",
        title="Remove this source?",
    )
    with st.container(horizontal=True):
        if st.button("Remove it", type="primary", key="remove"):
            with st.spinner("Removing the source and tracing the messages again"):
                remove_source(workspace, source.sha256)
                refresh(workspace, everything=True)
            st.session_state[_ASKED] = None
            st.rerun()
        if st.button("Keep it", key="keep"):
            st.session_state[_ASKED] = None
            st.rerun()
