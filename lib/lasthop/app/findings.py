"""What the kept rules of the watcher find: a strip that leads to the messages."""

import pandas as pd
import streamlit as st

from lasthop.app import downloads
from lasthop.app.headline import in_share
from lasthop.app.safe_text import counted, one_line, plain
from lasthop.app.screen import Screen
from lasthop.app.tables import instants, picked, time_column
from lasthop.errors import LasthopError
from lasthop.measure import title_of
from lasthop.measure.views import View, to_params
from lasthop.measure.watch import Finding, whole_in_words
from lasthop.measure.watch_state import Standing, findings, kept_rules

PAGE = "pages/messages.py"


def strip(screen: Screen) -> None:
    """Draw the findings; nothing in a workspace that keeps no rules. Damaged rules are said and stop nothing else."""
    try:
        rules = kept_rules(screen.workspace)
        found = findings(screen.workspace, screen.snapshot)
    except LasthopError as error:
        st.warning(plain(str(error)), title="The rules of the watcher were not looked at")
        return
    if not rules:
        return
    st.subheader("What the watcher finds", anchor=False)
    if not found:
        st.text(f"Nothing fires: {counted(len(rules), 'rule')} looked at.")
        return
    row = _table(screen, found)
    st.caption(
        f"{counted(len(rules), 'rule')} looked at. A rule fires when the lower bound of its 95 % interval is over its "
        "threshold, or when its share is clearly above the usual one. Click a row to see its messages."
    )
    if row is not None:
        st.switch_page(PAGE, query_params=to_params(View(query=found[row].finding.query)))


def _table(screen: Screen, found: tuple[Standing, ...]) -> int | None:
    """One row for each finding; returns the one that was clicked."""
    shown = pd.DataFrame(
        {
            "rule": [one_line(each.finding.rule.name) for each in found],
            "group": [_group(each.finding) for each in found],
            "of": [each.finding.rule.of for each in found],
            "share": [f"{in_share(each.finding.now)} {whole_in_words(each.finding.rule)}" for each in found],
            "than": [_than(each.finding) for each in found],
            "since": instants(pd.Series([each.since_ms for each in found])),
            "as_of": instants(pd.Series([each.finding.as_of_ms for each in found])),
        }
    )
    chosen = st.dataframe(
        shown,
        key="findings",
        alt="What the rules of the watcher find",
        hide_index=True,
        on_select="rerun",
        selection_mode="single-cell",
        column_config={
            "rule": st.column_config.TextColumn("Rule", width="medium"),
            "group": st.column_config.TextColumn("Of", width="medium"),
            "of": st.column_config.TextColumn("Counts", width="small"),
            "share": st.column_config.TextColumn("Share now", width="large"),
            "than": st.column_config.TextColumn("More than", width="medium"),
            "since": time_column("Since", screen.zone),
            "as_of": time_column("As of", screen.zone),
        },
    )
    downloads.table_as_csv(shown, "findings", downloads.stated(screen))
    return picked(chosen, len(shown)).clicked


def _group(finding: Finding) -> str:
    if finding.group is None:
        return "all messages"
    return title_of(finding.group) if finding.rule.by == "reason" else one_line(finding.group)


def _than(finding: Finding) -> str:
    usual = f"usual {finding.usual.part:,} of {finding.usual.whole:,}" if finding.usual else ""
    return ", ".join(part for part in (finding.rule.threshold, usual) if part)
