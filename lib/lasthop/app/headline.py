"""The headline of the Overview: how many were sent, what share was accepted and how fast, and how that is counted."""

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from lasthop.app import downloads, withheld
from lasthop.app.safe_text import counted
from lasthop.explain.durations import in_time
from lasthop.measure import FORMULAS, Delay
from lasthop.measure.cohort import TAKEN
from lasthop.measure.delay import FORMULA
from lasthop.measure.funnel import Step
from lasthop.measure.rate import FEW, Rate
from lasthop.model.outcomes import FAILED, Outcome

_IN_WORDS = {
    "n": "Messages",
    "finished": "Finished",
    "rate": "Accepted share",
    "floor, ceiling": "The range still possible",
    "mature": "Old enough to judge",
}


def in_share(rate: Rate) -> str:
    """A share for people: with its interval from 20 on, as a count below."""
    if rate.share is None:
        return f"{rate.part:,} of {rate.whole:,}"
    few = ", few" if rate.faint else ""
    return f"{rate.share:.1%} of {rate.whole:,} (95 %: {rate.low:.1%} to {rate.high:.1%}{few})"


def in_share_so_far(step: Step, young: bool) -> str:
    """The share of a step; while ``young`` messages may still end either way, the range that is possible with it."""
    rate = step.rate
    if not young or not step.open or step.possible is None:
        return in_share(rate)
    low, high = step.possible
    share = f"{rate.part:,} of {rate.whole:,}" if rate.share is None else f"{rate.share:.1%} of {rate.whole:,}"
    return f"{share} ({low:.1%} to {high:.1%} possible while {step.open:,} are open)"


def show(days: pd.DataFrame, steps: Sequence[Step], waited: Delay, missing: str, notes: Mapping[str, str]) -> None:
    """How many were sent, what share was accepted, what is open; ``missing`` says why there can be no share."""
    count = {outcome: int(days[outcome].sum()) for outcome in Outcome}
    n, failed = sum(count.values()), sum(count[outcome] for outcome in FAILED)
    late = sum(count[outcome] for outcome in TAKEN if outcome in FAILED)
    after = f" ({late:,} of them after they were accepted: returned or complained about)" if late else ""
    young = not days["mature"].all()
    accepted = next(step for step in steps if step.name == "Accepted")
    share = f" Of those attempted and finished: {in_share_so_far(accepted, young)} accepted."
    st.text(
        f"{counted(n, 'message')} sent: {count[Outcome.ACCEPTED]:,} accepted, {failed:,} failed{after}, "
        f"{count[Outcome.WAITING]:,} waiting, {count[Outcome.UNKNOWN]:,} unknown."
        + ("" if missing else share + _speed(waited))
    )
    withheld.say(missing)
    with st.expander("How this is counted", icon=":material/calculate:"):
        shares = _shares(steps, waited, young, missing)
        st.dataframe(shares, hide_index=True, alt="Shares with their denominators")
        for name, formula in FORMULAS.items():
            st.caption(f"**{_IN_WORDS[name]}** (in files: {name}): {formula}")
        st.caption(f"**Time to acceptance**: {FORMULA}")
        if truncated := int(days["truncated"].sum()):
            st.caption(f"Of {counted(truncated, 'message')} no source tells the start: they count in no share.")
        downloads.table_as_csv(shares, "shares", {**notes, **({"withheld": missing} if missing else {})})


def _speed(waited: Delay) -> str:
    """How fast messages are accepted, as a sentence; nothing where that are too few to say."""
    if waited.n < FEW:
        return ""
    return f" Half of those attempted were accepted {_by(waited.median_s)}, 95 % {_by(waited.p95_s)}."


def _by(seconds: float | None) -> str:
    return "at no time so far" if seconds is None else f"within {in_time(seconds)}"


def _shares(steps: Sequence[Step], waited: Delay, young: bool, missing: str) -> pd.DataFrame:
    """Each share and each time with its formula."""
    rows = [(step.name, _known(step, young), step.formula) for step in steps]
    for name, seconds in (("Half are accepted", waited.median_s), ("95 % are accepted", waited.p95_s)):
        told = f"{_by(seconds)}, of {waited.n:,}" if waited.n >= FEW else "not known"
        rows.append((name, told, FORMULA))
    shares = pd.DataFrame(rows, columns=["Share", "Is", "Formula"])
    if missing:
        shares.loc[shares["Share"].map(withheld.is_accepted_share), "Is"] = "withheld"
    return shares


def _known(step: Step, young: bool) -> str:
    return in_share_so_far(step, young) if step.rate.whole else "not known"
