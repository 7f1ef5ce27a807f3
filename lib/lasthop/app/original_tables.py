"""Tables of an original: what each check came to and who says it, what each filter wrote, the header line by line."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from lasthop.app import downloads
from lasthop.app.original_read import ReadOriginal
from lasthop.app.original_sentences import raw_line
from lasthop.app.original_way import shown
from lasthop.app.safe_text import counted
from lasthop.app.tables import picked, readable
from lasthop.explain.original.said import quoted

_ALIGNED = {
    "strict": "yes: the same domain",
    "relaxed": "yes: the same registered domain",
    "no": "no",
    "unknown": "cannot be told",
}
_STANDING = {
    "border": "the receiver's border",
    "not_tied": "only claimed: nothing shows it is the receiver",
    "claim": "only claimed",
}
_KNOWN = {
    "documented": "documented",
    "vendor_tool": "by the vendor's tool alone",
    "seen_only": "known from mail alone",
    "not_documented": "written nowhere",
}
_ROWS = 300


def checks_table(read: ReadOriginal) -> None:
    """One row for each result of SPF, DKIM, DMARC and the others; a row that is clicked shows its header line."""
    evidence = read.evidence
    known = {id(check.said): check for check in evidence.checks}
    rows = [
        {
            "check": said.method.upper() if said.method in ("spf", "dkim", "dmarc", "arc") else said.method,
            "result": said.result,
            "domain": (check.domain if check else said.value("header.from", "header.d")) or "",
            "aligned": _ALIGNED[check.aligned] if check and check.result != "none" else "",
            "by": given.authserv or "nobody named",
            "standing": _STANDING[evidence.standing(given)],
            "notes": " ".join((*said.comments, *(f"{name}={value}" for name, value in said.properties))),
            "header": given.field.name,
            "line": given.field.line,
        }
        for given in sorted(evidence.results, key=lambda one: evidence.standing(one) != "border")
        for said in given.results
        for check in [known.get(id(said))]
    ]
    rows += [
        {
            "check": "SPF", "result": spf.result, "domain": spf.value("envelope-from") or "", "aligned": "",
            "by": spf.value("receiver") or "nobody named", "standing": _STANDING["claim"], "notes": "",
            "header": spf.field.name, "line": spf.field.line,
        }
        for spf in evidence.received_spf
    ]  # fmt: skip
    names = {
        "check": "Check",
        "result": "Result",
        "domain": "For the domain",
        "aligned": "Is it From's",
        "by": "Written by",
        "standing": "Who stands behind it",
        "notes": "Beside it",
        "header": "Header",
        "line": "Line",
    }
    _clickable(read, rows, names, "checks", "Results of the checks, those of the receiver's border first")


def filters_table(read: ReadOriginal) -> None:
    """One row for each value that a filter wrote, with what it means and how well that is known."""
    rows = [
        {
            "filter": verdict.filter,
            "field": verdict.name if verdict.title == verdict.name else f"{verdict.title} ({verdict.name})",
            "value": verdict.value,
            "points": f"{verdict.score:g} of {verdict.threshold:g}"
            if verdict.score is not None and verdict.threshold is not None
            else "",
            "means": verdict.meaning.says if verdict.meaning else "",
            "known": _KNOWN[verdict.strength],
            "standing": _STANDING[read.evidence.verdict_standing(verdict)],
            "source": verdict.meaning.source if verdict.meaning else "",
            "header": verdict.field.name,
            "line": verdict.field.line,
        }
        for verdict in read.evidence.verdicts
    ]
    names = {
        "filter": "Filter",
        "field": "What",
        "value": "Value",
        "points": "Points",
        "means": "Means",
        "known": "How well that is known",
        "standing": "Who stands behind it",
        "source": "Where it is written",
        "header": "Header",
        "line": "Line",
    }
    _clickable(read, rows, names, "filters", "What filters wrote, in the order of the header")


def header_table(read: ReadOriginal) -> None:
    """Every header as it was read, each with its line."""
    fields = read.original.header.fields
    with st.expander(f"The whole header, {counted(len(fields), 'line')} unfolded", icon=":material/table_rows:"):
        rows = [{"line": each.line, "name": each.name, "value": each.value[:2_000]} for each in fields[:_ROWS]]
        _clickable(read, rows, {"line": "Line", "name": "Header", "value": "Value"}, "header", "The header as read")
        if len(fields) > _ROWS:
            st.caption(f"The first {_ROWS} of {len(fields):,} are shown.")
        for defect in read.original.defects[:20]:
            st.text(f"{defect.says}" + (f" (line {defect.line})" if defect.line else ""))


def _clickable(
    read: ReadOriginal, rows: Sequence[dict[str, object]], names: dict[str, str], key: str, alt: str
) -> None:
    """A table whose last two columns name the header; a click shows it as it was given."""
    if not rows:
        return
    frame = pd.DataFrame(list(rows[:_ROWS]))
    texts = [name for name in frame.columns if name != "line"]
    frame[texts] = frame[texts].apply(lambda column: readable(column.map(shown)))
    empty = [name for name in texts if not frame[name].any()]
    state = st.dataframe(
        frame.drop(columns=empty),
        key=f"{key} {read.sha256[:12]}",
        alt=alt,
        hide_index=True,
        on_select="rerun",
        selection_mode=["single-row", "single-cell"],
        column_config={
            name: st.column_config.NumberColumn(title, width=50)
            if name == "line"
            else st.column_config.TextColumn(title, width="medium" if name in _WIDE else None)
            for name, title in names.items()
        },
    )
    if len(rows) > _ROWS:
        st.caption(f"The first {_ROWS} of {len(rows):,} are shown.")
    notes = {"n": f"{counted(len(frame), 'row')} of one original message", "shows": alt, "sha256": read.sha256}
    downloads.table_as_csv(frame, f"original_{key}", notes)
    done = picked(state, len(frame))
    row = done.clicked if done.clicked is not None else next(iter(done.ticked), None)
    if row is not None:
        name = str(rows[row].get("header") or rows[row].get("name") or "")
        raw_line(read, quoted(name), int(str(rows[row]["line"])))


_WIDE = ("means", "notes", "field", "domain")
