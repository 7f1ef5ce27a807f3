"""The compare page: two sides, their shares, and what the difference proves."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from lasthop.measure import compare
from lasthop.store import Workspace
from lasthop.trace import Query, look
from tests.pages.opening import Opener, fine
from tests.pages.test_hostile import harmless

PAGE = "pages/compare.py"


def shares(at: object) -> pd.DataFrame:
    frame: pd.DataFrame = at.dataframe[0].value  # type: ignore[attr-defined]
    return frame.set_index("Share")


def test_the_last_week_stands_beside_the_week_before(opened: Opener, samples: Path) -> None:
    at = opened(samples, PAGE)
    assert list(at.date_input[0].value) == [date(2026, 11, 14), date(2026, 11, 20)]
    assert list(at.date_input[1].value) == [date(2026, 11, 7), date(2026, 11, 13)]
    table = shares(at)
    assert {"Accepted", "Accepted within 24 hours", "Handed over"} <= set(table.index)
    assert set(table["Proof"]) <= {"clear", "weak", "too few to say"}
    assert "points (95 %:" in table["Difference"]["Accepted"]


def test_two_domains_give_the_numbers_of_the_library(opened: Opener, samples: Path) -> None:
    at = opened(samples, PAGE)
    at.get("segmented_control")[0].set_value("Two domains")
    at = fine(at.run())
    at.selectbox(key="cohort_period").select("Any time")
    at.selectbox(key="compare_domain_First").select("gmail.example")
    at.selectbox(key="compare_domain_Second").select("docomo.example")
    table = shares(fine(at.run()))
    with look(Workspace(samples)) as snapshot:
        lines = compare(snapshot, Query(domain="gmail.example"), Query(domain="docomo.example"))
    for line in lines:
        first, second = line.difference.first, line.difference.second
        assert f"of {first.whole:,}" in table["gmail.example"][line.name]
        assert f"of {second.whole:,}" in table["docomo.example"][line.name]
        assert table["Proof"][line.name] == line.difference.proof


def test_half_a_period_asks_for_the_other_half(opened: Opener, samples: Path) -> None:
    at = opened(samples, PAGE)
    at.date_input[0].set_value((date(2026, 11, 14),))
    at = fine(at.run())
    assert any("first and the last day of both periods" in caption.value for caption in at.caption)
    assert not at.dataframe


@pytest.mark.parametrize("what", ["Two domains", "Two receivers", "Two senders", "Two templates"])
def test_every_kind_of_side_is_harmless(opened: Opener, samples: Path, what: str) -> None:
    at = opened(samples, PAGE)
    at.get("segmented_control")[0].set_value(what)
    harmless(fine(at.run()))
