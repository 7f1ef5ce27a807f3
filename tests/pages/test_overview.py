from pathlib import Path

import pytest

from lasthop.app.uploads import sample_files
from lasthop.load import load_files
from lasthop.store import Workspace
from tests.pages.opening import PAGES, Opener, fine, select
from tests.pages.test_case import put


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
    assert at.selectbox(key="messages_period").value == "Last 7 days"
    assert len(shown) == first["n"]
    assert shown["recipient"].str.endswith("@" + first["domain"]).all()


def test_other_zone_other_days(opened: Opener, own_samples: Path) -> None:
    at = opened(own_samples)
    assert at.selectbox(key="zone").value == "Asia/Tokyo"
    at.selectbox(key="zone").select("UTC")
    fine(at.run())
    assert any("(UTC)" in caption.value for caption in at.caption)
    at.switch_page("pages/messages.py")
    fine(at.run())
    assert at.selectbox(key="zone").value == "UTC"
    assert opened(own_samples).selectbox(key="zone").value == "UTC", "a reload keeps the choice"


@pytest.mark.parametrize("page", PAGES)
def test_a_load_that_goes_on_is_said(
    opened: Opener, own_samples: Path, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(own_samples, "outcome = 'bounced'")
    monkeypatch.setattr("lasthop.trace.table._catch_up", lambda workspace: True)
    at = opened(own_samples, page)
    assert sum("newest messages are not shown yet" in caption.value for caption in at.caption) == 1


def test_without_sendgrid_there_is_no_as_of(opened: Opener, empty: Path) -> None:
    workspace = Workspace(empty)
    log = next(path for path in sample_files() if path.name == "kuroco_mail_log_old.csv")
    load_files(workspace, [log], workspace.folder("scratch"), timezone="Europe/Berlin")
    at = opened(empty)
    assert "no SendGrid event is loaded" in at.expander[0].label
    assert "as of" not in at.expander[0].label
    assert at.selectbox(key="zone").value == "Europe/Berlin", "the zone of the log comes first"


@pytest.mark.slow
def test_loading_the_samples_from_the_empty_state(opened: Opener, empty: Path) -> None:
    at = opened(empty)
    at.button(key="load_samples").click()
    fine(at.run(timeout=120))
    assert at.success
    assert len(at.get("plotly_chart")) == 1
