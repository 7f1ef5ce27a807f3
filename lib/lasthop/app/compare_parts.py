"""The parts of the compare page: the table of the shares of both sides, and what goes along with its files."""

from typing import Any

import pandas as pd
import streamlit as st

from lasthop.app import charts, downloads, views, withheld
from lasthop.app.compare_sides import Side
from lasthop.app.screen import Screen
from lasthop.measure import Line
from lasthop.measure.rate import Difference, Proof, Rate
from lasthop.measure.views import View
from lasthop.model.colours import NEUTRAL
from lasthop.trace import count_by_outcome

FORMULA = (
    "shares of each side with their 95 % Wilson interval, in grey below 100; how messages ended, of those past retrying"
)


def table(lines: tuple[Line, ...]) -> pd.DataFrame:
    """The shares of both sides, what their difference proves, and how large it is; what decides comes first."""
    return pd.DataFrame(
        [
            {
                "Share": line.name,
                "First": in_percent(line.difference.first),
                "Second": in_percent(line.difference.second),
                "First is": verdict(line.difference),
                "Difference": points(line.difference),
                "First counts": in_counts(line.difference.first),
                "Second counts": in_counts(line.difference.second),
            }
            for line in lines
        ]
    )


def open_mark(chosen: Any, screen: Screen, lines: tuple[Line, ...]) -> None:
    """Go to the messages behind the mark that was clicked or boxed; say so where that is none, or not one."""
    marks = charts.selected(chosen)
    if len(marks) > 1:
        st.text("The box holds several marks. Click one, or draw the box around one, to open its messages.")
    elif marks:
        ((place, side),) = marks
        line = lines[place]
        query = line.behind[side]
        if sum(count_by_outcome(screen.snapshot, query)[outcome] for outcome in query.outcomes):
            views.open_messages(View(query=query), screen.zone)
        st.text(f"{line.name}, {'second' if side else 'first'}: there is no such message.")


def show(shown: pd.DataFrame, names: tuple[str, str], lines: tuple[Line, ...]) -> None:
    """Draw the table, percentages of fewer than 100 in grey; its first four columns have room on a phone."""
    st.text(f"First: {names[0]}\nSecond: {names[1]}")
    widths = {"Share": 132, "First": 58, "Second": 62, "First is": 102, "Difference": 216, "First counts": 118,
              "Second counts": 118}  # fmt: skip
    st.dataframe(
        shown.style.apply(_greyed, axis="columns", lines=lines),
        key="compare_table",
        hide_index=True,
        height="content",
        alt="Shares of both sides, what their difference proves, and how large it is",
        column_config={name: st.column_config.TextColumn(name, width=width) for name, width in widths.items()},
    )


def _greyed(row: "pd.Series[str]", lines: tuple[Line, ...]) -> list[str]:
    told = next(line.difference for line in lines if line.name == row["Share"])
    faint = {"First": told.first.faint, "Second": told.second.faint}
    faint["Difference"] = faint["First"] or faint["Second"]
    return [f"color: {NEUTRAL}" if faint.get(str(name)) else "" for name in row.index]


def formulas(lines: tuple[Line, ...]) -> None:
    """How each line is counted, on demand."""
    with st.expander("How this is counted", icon=":material/calculate:"):
        for line in lines:
            st.caption(f"**{line.name}**: {line.formula}")


def in_percent(rate: Rate) -> str:
    """``94.8%``; empty where the side is too small for a percentage."""
    return "" if rate.share is None else f"{rate.share:.1%}"


def in_counts(rate: Rate) -> str:
    """``550 of 580``; empty where nothing is counted."""
    return f"{rate.part:,} of {rate.whole:,}" if rate.whole else ""


def verdict(difference: Difference) -> str:
    """What the difference proves of the first side, in words."""
    if difference.proof is not Proof.CLEAR:
        return str(difference.proof)
    return "clearly higher" if (difference.points or 0) > 0 else "clearly lower"


def notes(
    screen: Screen, chosen: tuple[Side, Side], names: tuple[str, str], lines: tuple[Line, ...], missing: str
) -> dict[str, str]:
    """What goes along with the files of the comparison; ``missing`` says why shares are withheld, or nothing."""
    formulas = {line.name: line.formula for line in lines}
    told = [downloads.made_with(screen, side.query, withheld.count_of(screen, side.query), formulas) for side in chosen]
    sides = {"first": names[0], "second": names[1], **({"withheld": missing} if missing else {})}
    return downloads.beside(told[0], told[1]) | sides


def points(difference: Difference) -> str:
    """``+3.3 points (95 %: +1.3 to +5.5)``; empty where a side is too small for a percentage."""
    if difference.points is None or difference.first.share is None or difference.second.share is None:
        return ""
    low, high = difference.low or 0.0, difference.high or 0.0
    return f"{_signed(difference.points)} points (95 %: {_signed(low)} to {_signed(high)})"


def _signed(share: float) -> str:
    """In points, with enough digits that what is not zero does not look like it."""
    return f"{100 * share:+.1f}" if abs(100 * share) >= 0.05 or share == 0 else f"{100 * share:+.3f}"
