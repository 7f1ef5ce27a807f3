from pathlib import Path

import pytest

from tests.pages.opening import Opener, fine, select


def test_samples_show_figure_strip_and_failing_table(opened: Opener, samples: Path) -> None:
    at = opened(samples)
    assert len(at.get("plotly_chart")) == 1
    assert at.expander[0].label.startswith("Data: 14 sources")
    failing = at.dataframe[-1].value
    assert {"domain", "outcome", "n", "in_all", "newest_reply"} <= set(failing.columns)
    assert (failing["n"] <= failing["in_all"]).all()


def test_the_figure_can_leave_the_accepted_out(opened: Opener, samples: Path) -> None:
    at = opened(samples)
    at.get("segmented_control")[0].set_value("All but the accepted ones")
    fine(at.run())
    assert '"Accepted"' not in at.get("plotly_chart")[0].proto.spec


def test_a_click_on_a_failure_leads_to_its_messages(opened: Opener, samples: Path) -> None:
    at = opened(samples)
    first = at.dataframe[-1].value.iloc[0]
    at = select(at, "failing_now", cell=(0, "domain"))
    assert at.title[0].value == "Messages"
    shown = at.dataframe[0].value
    assert len(shown) >= first["n"]
    assert shown["recipient"].str.endswith("@" + first["domain"]).all()


def test_other_zone_other_days(opened: Opener, samples: Path) -> None:
    at = opened(samples)
    assert at.selectbox(key="zone").value == "Asia/Tokyo"
    at.selectbox(key="zone").select("UTC")
    fine(at.run())
    assert any("(UTC)" in caption.value for caption in at.caption)
    at.switch_page("pages/messages.py")
    fine(at.run())
    assert at.selectbox(key="zone").value == "UTC"


@pytest.mark.slow
def test_loading_the_samples_from_the_empty_state(opened: Opener, empty: Path) -> None:
    at = opened(empty)
    at.button(key="load_samples").click()
    fine(at.run(timeout=120))
    assert at.success
    assert len(at.get("plotly_chart")) == 1
