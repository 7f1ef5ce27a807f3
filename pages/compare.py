"""Compare: two periods, domains, receivers, senders or templates side by side."""

import streamlit as st

from lasthop.app import compare_parts, downloads
from lasthop.app.frame import frame
from lasthop.draw import draw_compare
from lasthop.measure import compare

LEAD = "Is it worse than before, or than elsewhere? Shares side by side, with what chance alone can do."

with frame("Compare", LEAD) as screen:
    if screen.is_empty:
        st.text("Nothing is loaded yet. Load a mail log or SendGrid activity to compare periods and domains.")
        st.page_link("pages/sources.py", label="Go to Sources", icon=":material/database:")
        st.stop()

    chosen = compare_parts.sides(screen)
    if chosen is None:
        st.stop()
    names = compare_parts.told_apart(chosen)
    lines = compare(screen.snapshot, chosen[0].query, chosen[1].query)
    st.plotly_chart(
        draw_compare(lines, names),
        key="compare",
        config={"displayModeBar": False},
        alt=f"Shares of {names[0]} and {names[1]} with their intervals",
    )
    shown = compare_parts.table(lines, names)
    st.dataframe(shown, hide_index=True, alt="Shares of both sides and their difference")
    formulas = {line.name: line.formula for line in lines}
    notes = downloads.made_with(screen, chosen[0].query, None, formulas)
    downloads.table_as_csv(shown, "comparison", notes | {"first": names[0], "second": names[1]})
    if compare_parts.is_young(screen, chosen):
        st.caption(
            "One side holds messages younger than the 72 hours of retrying: what still waits may end either way. Only "
            'the lines "accepted within" compare both at the same age.'
        )
    st.caption(
        "Difference is the first minus the second, with Newcombe's 95 % interval. Clear: the interval excludes zero. "
        "Weak: it can be chance. Too few to say: one side has fewer than 20. Of many lines about one in twenty looks "
        "clear by chance."
    )
