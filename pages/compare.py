"""Compare: two periods, domains, receivers, senders or templates side by side."""

import streamlit as st

from lasthop.app import charts, compare_parts, compare_sides, withheld
from lasthop.app.frame import frame
from lasthop.draw import draw_compare
from lasthop.measure import compare
from lasthop.model.outcomes import RETRY_WINDOW_H

LEAD = "Is it worse than before, or than elsewhere? Shares side by side, with what chance alone can do."

with frame("Compare", LEAD) as screen:
    if screen.is_empty:
        st.text("Nothing is loaded yet. Load a mail log or SendGrid activity to compare periods and domains.")
        st.page_link("pages/sources.py", label="Go to Sources", icon=":material/database:")
        st.stop()

    chosen = compare_sides.sides(screen)
    if chosen is None:
        st.stop()
    compare_sides.empty_sides(screen, chosen)
    names = compare_sides.told_apart(chosen)
    queries = [side.query for side in chosen]
    missing = withheld.missing_of(screen, *queries)
    withheld.say(missing)
    lines = tuple(
        line for line in compare(screen.snapshot, *queries) if not (missing and withheld.is_accepted_share(line.name))
    )
    shown = compare_parts.table(lines)
    chosen_marks = charts.picture(
        draw_compare(lines, names),
        "comparison",
        alt=f"Shares of {names[0]} and {names[1]} with their intervals",
        formula=compare_parts.FORMULA,
        data=shown,
        notes=compare_parts.notes(screen, chosen, names, lines, missing),
        selects=True,
    )
    compare_parts.open_mark(chosen_marks, screen, lines)
    st.caption(
        "Click a mark to open the messages behind it: those that a good share lost, those that a bad one counts; for "
        '"accepted within", all that were tried. Messages whose start lies before the data are listed with them.'
    )
    compare_parts.show(shown, names, lines)
    compare_parts.formulas(lines)
    if young := compare_sides.young_since(screen, chosen):
        st.caption(
            f"Messages sent after {young} are younger than the {RETRY_WINDOW_H} hours of retrying: they may still end "
            'either way, so the lines that tell how messages ended leave them out. "Accepted within" compares both '
            "sides at the same age."
        )
    st.caption(
        "Difference is the first minus the second, with the range in which it lies (95 %, Newcombe's interval). "
        "Clearly higher or lower: the range excludes zero, and chance alone would hardly give as much (Fisher's exact "
        "test), with at most 5 % false findings among the lines looked at (Benjamini and Hochberg). Weak: one of the "
        "two does not hold, so it may be chance. Too few to say: one side has fewer than 20; such lines are not looked "
        "at. Grey: fewer than 100."
    )
