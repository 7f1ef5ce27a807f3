"""A period without messages says so, and one click leads to days that have some."""

from datetime import date
from pathlib import Path

import pytest

from lasthop.load import load_files
from lasthop.store import Workspace
from tests.pages.opening import Opener, fine, texts_of
from tests.pages.test_compare import shares


@pytest.fixture
def with_a_gap(empty: Path, tmp_path: Path) -> Path:
    """Thirty messages a day from 1 to 14 September, and on 20 and 21 November; nothing between."""
    days = [f"2026-09-{day:02d}" for day in range(1, 15)] + ["2026-11-20", "2026-11-21"]
    rows = [f'"{day} 10:00:00.000","delivered","u{n}@x.example","{day}{n}"' for day in days for n in range(30)]
    export = tmp_path / "activity.csv"
    export.write_text("\n".join(['"processed","event","email","recv_message_id"', *rows]), encoding="utf-8")
    assert not load_files(Workspace(empty), [export], tmp_path, timezone="UTC").failed
    return empty


@pytest.mark.parametrize(("page", "key"), [("app.py", "empty_overview"), ("pages/reasons.py", "empty_reasons")])
def test_an_empty_period_leads_to_the_nearest_one(opened: Opener, with_a_gap: Path, page: str, key: str) -> None:
    period = {"since": "2026-10-01T00:00Z", "until": "2026-10-08T00:00Z"}
    at = opened(with_a_gap, page, zone="UTC", **period)
    assert "No message that fits was sent in this period. The nearest one was sent 2026-09-14 10:00:00" in texts_of(at)
    assert at.button(key=key).label == "Show 2026-09-08 to 2026-09-14"
    at = fine(at.button(key=key).click().run())
    assert "210 messages sent" in texts_of(at)


def test_an_empty_period_before_all_data_leads_to_its_beginning(opened: Opener, with_a_gap: Path) -> None:
    at = opened(with_a_gap, zone="UTC", since="2026-08-01T00:00Z", until="2026-08-03T00:00Z")
    assert at.button(key="empty_overview").label == "Show 2026-09-01 to 2026-09-02"


def test_filters_that_nothing_fits_can_be_taken_away(opened: Opener, with_a_gap: Path) -> None:
    at = opened(with_a_gap, zone="UTC", domain="nowhere.example")
    assert "No loaded message fits these filters, whenever it was sent." in texts_of(at)
    at = fine(at.button(key="empty_clear_overview").click().run())
    assert "60 messages sent" in texts_of(at)


def test_the_weeks_that_compare_begins_with_have_messages(opened: Opener, with_a_gap: Path) -> None:
    at = opened(with_a_gap, "pages/compare.py", zone="UTC")
    assert list(at.date_input[0].value) == [date(2026, 11, 15), date(2026, 11, 21)]
    assert list(at.date_input[1].value) == [date(2026, 9, 13), date(2026, 9, 19)], "the same weekdays"
    assert shares(at)["Second counts"]["Accepted"] == "60 of 60"


def test_a_side_without_messages_says_so_and_leads_to_days_that_have_some(opened: Opener, with_a_gap: Path) -> None:
    at = opened(with_a_gap, "pages/compare.py", zone="UTC")
    at.date_input[1].set_value((date(2026, 10, 1), date(2026, 10, 7)))
    at = fine(at.run())
    assert "Second: no message that fits was sent from 2026-10-01 to 2026-10-07." in texts_of(at)
    at = fine(at.button(key="empty_Second").click().run())
    assert list(at.date_input[1].value) == [date(2026, 9, 8), date(2026, 9, 14)]
    assert shares(at)["Second counts"]["Accepted"] == "210 of 210"
