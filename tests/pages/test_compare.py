"""The compare page: two sides, their shares, and what the difference proves."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from lasthop.measure import compare
from lasthop.measure.local import DAY_MS
from lasthop.measure.rate import Proof
from lasthop.store import Workspace
from lasthop.trace import Query, look
from tests.pages.opening import Opener, fine, texts_of
from tests.pages.test_hostile import harmless

PAGE = "pages/compare.py"


def shares(at: AppTest) -> pd.DataFrame:
    frame: pd.DataFrame = next(each.value for each in at.dataframe if "First is" in each.value.columns)
    return frame.set_index("Share")


def again(opened: Opener, workspace: Path, at: AppTest) -> AppTest:
    """What somebody else sees who gets the address."""
    return opened(workspace, PAGE, **{name: at.query_params[name] for name in at.query_params})


def test_the_last_week_stands_beside_the_week_before(opened: Opener, samples: Path) -> None:
    at = opened(samples, PAGE)
    assert list(at.date_input[0].value) == [date(2026, 11, 14), date(2026, 11, 20)]
    assert list(at.date_input[1].value) == [date(2026, 11, 7), date(2026, 11, 13)]
    table = shares(at)
    assert {"Accepted", "Accepted within 24 h", "Handed over"} <= set(table.index)
    assert set(table["First is"]) <= {"clearly higher", "clearly lower", "weak", "too few to say"}
    assert "points (95 %:" in table["Difference"]["Accepted"]


def test_two_domains_give_the_numbers_of_the_library(opened: Opener, samples: Path) -> None:
    at = opened(samples, PAGE)
    at.get("segmented_control")[0].set_value("Two domains")
    at = fine(at.run())
    at.selectbox(key="compare_period").select("Any time")
    at.selectbox(key="compare_domain_First").select("gmail.example")
    at.selectbox(key="compare_domain_Second").select("docomo.example")
    at = fine(at.run())
    table = shares(at)
    assert "First: gmail.example\nSecond: docomo.example" in texts_of(at)
    with look(Workspace(samples)) as snapshot:
        lines = compare(snapshot, Query(domain="gmail.example"), Query(domain="docomo.example"))
    words = {Proof.WEAK: "weak", Proof.TOO_FEW: "too few to say"}
    for line in lines:
        first, second = line.difference.first, line.difference.second
        assert table["First counts"][line.name] == (f"{first.part:,} of {first.whole:,}" if first.whole else "")
        assert table["Second counts"][line.name] == (f"{second.part:,} of {second.whole:,}" if second.whole else "")
        way = "clearly higher" if (line.difference.points or 0) > 0 else "clearly lower"
        assert table["First is"][line.name] == words.get(line.difference.proof, way)


def test_half_a_period_asks_for_the_other_half(opened: Opener, samples: Path) -> None:
    at = opened(samples, PAGE)
    at.date_input[0].set_value((date(2026, 11, 14),))
    at = fine(at.run())
    assert any("first and the last day of both periods" in caption.value for caption in at.caption)
    assert not at.dataframe


def test_two_periods_and_their_filter_come_back_from_the_address(opened: Opener, samples: Path) -> None:
    at = opened(samples, PAGE)
    at.date_input[0].set_value((date(2026, 11, 9), date(2026, 11, 15)))
    at.date_input[1].set_value((date(2026, 10, 26), date(2026, 11, 8)))
    at.selectbox(key="compare_domain").select("gmail.example")
    at = fine(at.run())
    assert at.query_params["since"] == "2026-11-08T15:00:00.000Z"
    assert (at.query_params["compare"], at.query_params["zone"]) == ("period", "Asia/Tokyo")
    with look(Workspace(samples)) as snapshot:
        midnight = 1_793_545_200_000  # 2026-11-02, Tokyo
        first, second = (
            Query(domain="gmail.example", since_ms=midnight + begin * DAY_MS, until_ms=midnight + end * DAY_MS)
            for begin, end in ((7, 14), (-7, 7))
        )
        (accepted,) = [line for line in compare(snapshot, first, second) if line.name == "Accepted"]
    rates = accepted.difference
    assert shares(at)["First counts"]["Accepted"] == f"{rates.first.part:,} of {rates.first.whole:,}"
    assert shares(at)["Second counts"]["Accepted"] == f"{rates.second.part:,} of {rates.second.whole:,}"
    pd.testing.assert_frame_equal(shares(again(opened, samples, at)), shares(at))


def test_two_values_with_a_filter_come_back_from_the_address(opened: Opener, samples: Path) -> None:
    at = opened(samples, PAGE, compare="domain", domain="docomo.example", **{"with": "gmail.example"}, days="7")
    assert at.selectbox(key="compare_domain_First").value == "docomo.example"
    assert at.selectbox(key="compare_domain_Second").value == "gmail.example"
    before = shares(at)
    at.selectbox(key="compare_period").select("Any time")
    at.selectbox(key="compare_receiver").select("other")
    at = fine(at.run())
    assert (at.query_params["days"], at.query_params["receiver"]) == ("all", "other")
    assert not shares(at).equals(before)
    pd.testing.assert_frame_equal(shares(again(opened, samples, at)), shares(at))


def test_a_link_with_half_a_period_says_so(opened: Opener, samples: Path) -> None:
    at = opened(samples, PAGE, since="2026-11-02T00:00+09:00", outcome="bounced", days="3")
    told = texts_of(at)
    assert "First period: it has no two ends" in told
    assert "'outcome' = 'bounced' was left out: the page Compare has no such filter." in told
    assert "days was left out: each of the two periods has days of its own." in told
    assert list(at.date_input[0].value) == [date(2026, 11, 14), date(2026, 11, 20)]


def test_a_period_that_is_no_whole_days_is_said_to_be_made_longer(opened: Opener, samples: Path) -> None:
    at = opened(samples, PAGE, since="2026-11-02T10:00+09:00", until="2026-11-04T10:00+09:00")
    assert "First period: days are compared" in texts_of(at)
    assert list(at.date_input[0].value) == [date(2026, 11, 2), date(2026, 11, 4)]


@pytest.mark.parametrize("what", ["Two domains", "Two receivers", "Two senders", "Two templates"])
def test_every_kind_of_side_is_harmless(opened: Opener, samples: Path, what: str) -> None:
    at = opened(samples, PAGE)
    at.get("segmented_control")[0].set_value(what)
    harmless(fine(at.run()))


@pytest.mark.parametrize("value", ["![x](http://phish.example/p.png)", "<img src=x>", ":red[x]"])
def test_sides_that_a_stranger_named_are_text(opened: Opener, samples: Path, value: str) -> None:
    harmless(opened(samples, PAGE, compare="template", template=value, sender=value, **{"with": value}))
