"""Answers that several reruns of a page need, kept while the workspace stays as it is."""

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from lasthop.app.screen import Screen

Answer = TypeVar("Answer")
KEPT = 300
"""So many answers are kept for all sessions together; each is as small as what a screen shows."""


def remembered(screen: Screen, question: str, ask: Callable[[], Answer]) -> Answer:
    """The answer to ``question`` about this version of the workspace; ``ask`` is called when it is not known yet.

    ``question`` must name everything that the answer depends on: filter, zone, what is counted. The answer must not be
    changed by whoever gets it.
    """
    answer: Answer = _answer(str(screen.workspace.root), screen.snapshot.version, question, ask)
    return answer


@st.cache_data(max_entries=KEPT, show_spinner=False)
def _answer(root: str, version: str, question: str, _ask: Callable[[], Answer]) -> Answer:
    return _ask()
