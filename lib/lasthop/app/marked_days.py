"""Days that somebody marks on the picture of the Overview: to type what happened, and to take it away again."""

from datetime import date

import streamlit as st

from lasthop.app.safe_text import one_line
from lasthop.app.screen import Screen
from lasthop.measure.marks import LONGEST, Mark, marks, save_marks

_GONE = "marks_taken_away"


def menu(screen: Screen) -> None:
    """Type what happened on a day, so that the chart shows it; take marks away, and bring the last ones back."""
    kept = marks(screen.workspace)
    with st.popover("Mark a day", icon=":material/bookmark_add:"):
        with st.form("mark", clear_on_submit=True, border=False):
            day = st.date_input("Day", value=None, key="mark_day")
            words = st.text_input(
                "What happened", key="mark_words", max_chars=LONGEST, placeholder="DNS changed, deploy …"
            )
            gone = st.multiselect("Take away", kept, key="marks_gone", format_func=_named)
            if st.form_submit_button("Save", key="save_marks"):
                new = (Mark(day, words),) if isinstance(day, date) and words else ()
                if gone:
                    st.session_state[_GONE] = tuple(gone)
                save_marks(screen.workspace, (*(mark for mark in kept if mark not in gone), *new))
                st.rerun()
        back: tuple[Mark, ...] = st.session_state.get(_GONE, ())
        words_back = "Bring the mark back" if len(back) == 1 else f"Bring {len(back)} marks back"
        if back and st.button(words_back, key="marks_back", icon=":material/undo:"):
            st.session_state[_GONE] = ()
            save_marks(screen.workspace, (*kept, *back))
            st.rerun()


def _named(mark: Mark) -> str:
    return f"{mark.day} {one_line(mark.words)}"
