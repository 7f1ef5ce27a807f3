"""A load while it runs, and what it did when it is over."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from lasthop.app import downloads, state, uploads
from lasthop.app.safe_text import as_code, counted, one_line
from lasthop.app.tables import instants, time_column
from lasthop.errors import InputError
from lasthop.load import LoadReport, Offer, Step
from lasthop.read import FORMATS, Reading
from lasthop.store import Workspace

_STAGES = {"reading": "reading", "storing": "storing", "tracing": "tracing messages"}


def load_with_progress(workspace: Workspace, settled: Sequence[tuple[Offer, Reading | InputError]]) -> None:
    """Load with a bar by file and stage, keep the report for the next run, clean up, and draw the page anew."""
    bar = st.progress(0.0, text="Starting")

    def watch(step: Step) -> None:
        part = step.done + (0.5 if step.stage == "storing" else 0)
        where = f"File {step.done + 1} of {step.total}: {as_code(step.file, 60)}" if step.file else "All files"
        bar.progress(min(part / max(step.total, 1), 0.98), text=f"{where}, {_STAGES.get(step.stage, step.stage)}")

    state.set_report(uploads.load_answered(workspace, settled, watch))
    bar.empty()
    uploads.clear(workspace, state.session_id())
    state.next_upload_round()
    state.settle_zone(False)
    st.rerun()


def load_samples(workspace: Workspace) -> None:
    """Load the synthetic samples."""
    with st.spinner("Looking at the samples"):
        settled = uploads.settle_samples(workspace, state.session_id())
    load_with_progress(workspace, settled)


def show_report(report: LoadReport, zone: str) -> None:
    """What the last load did: one line, a table of what was read, a table of what could not be."""
    added = sum(source.added for source in report.sources)
    st.success(
        f"{counted(added, 'event')} from {counted(len(report.sources), 'file')} in {report.seconds:.1f} s. "
        f"The workspace holds {counted(report.messages, 'message')}.",
        title="Loaded",
    )
    if report.failed:
        st.warning(f"Nothing was loaded of {counted(len(report.failed), 'file')}.", title="Could not be read")
        _failed(report, zone)
    if report.sources:
        _read(report, zone)


def _failed(report: LoadReport, zone: str) -> None:
    shown = pd.DataFrame(
        {
            "File": [one_line(failed.file) for failed in report.failed],
            "What happened": [one_line(f"{f.error.title} {f.error.message}") for f in report.failed],
            "Next step": [one_line(failed.error.hint) for failed in report.failed],
        }
    )
    st.dataframe(shown, hide_index=True, alt="Files of which nothing was loaded")
    downloads.table_as_csv(shown, "files_not_loaded", {"n": counted(len(shown), "file"), "zone": zone})


def _read(report: LoadReport, zone: str) -> None:
    shown = pd.DataFrame(
        {
            "file": [one_line(source.file) for source in report.sources],
            "format": [FORMATS[source.format].title for source in report.sources],
            "rows": [source.rows for source in report.sources],
            "added": [source.added for source in report.sources],
            "duplicates": [source.duplicates for source in report.sources],
            "rejected": [source.rejected for source in report.sources],
            "first": instants(pd.Series([source.first for source in report.sources], dtype="Int64")),
            "last": instants(pd.Series([source.last for source in report.sources], dtype="Int64")),
            "notes": [one_line(" ".join(source.notes)) for source in report.sources],
        }
    )
    st.dataframe(
        shown,
        hide_index=True,
        alt="What the last load read, file by file",
        column_config={
            "file": "File", "format": "Read as", "rows": "Rows", "added": "Added", "duplicates": "Duplicates",
            "rejected": "Rejected", "first": time_column("First", zone), "last": time_column("Last", zone),
            "notes": "Notes",
        },
    )  # fmt: skip
    downloads.table_as_csv(shown, "files_loaded", {"n": counted(len(shown), "file"), "zone": zone})
