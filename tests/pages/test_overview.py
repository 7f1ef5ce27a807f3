import json
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from lasthop.app.uploads import sample_files
from lasthop.load import load_files
from lasthop.measure import delay, funnel, outcomes_by, rhythm
from lasthop.measure.local import DAY_MS
from lasthop.store import Workspace
from lasthop.trace import Query, look
from tests.pages.opening import PAGES, Opener, fine, pick, select
from tests.pages.test_case import put


def test_samples_show_figure_strip_and_failing_table(opened: Opener, samples: Path) -> None:
    at = opened(samples)
    assert len(at.get("plotly_chart")) == 2
    assert at.expander[0].label.startswith("Data: 16 sources")
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


def test_a_click_on_the_first_bar_opens_no_more_than_its_part_of_the_day(opened: Opener, samples: Path) -> None:
    """Thirty days back from 17:00 begin in the middle of a day."""
    at = opened(samples)
    trace = json.loads(at.get("plotly_chart")[0].proto.spec)["data"][0]
    assert trace["name"] == "Accepted"
    at = pick(at, "outcomes_by_day", ("2026-10-21", "accepted"))
    assert at.title[0].value == "Messages"
    assert trace["customdata"][0] == ["2026-10-21", "accepted"]
    assert len(at.dataframe[0].value) == trace["y"][0]


def test_hours_of_the_week_open_their_messages(opened: Opener, own_samples: Path) -> None:
    at = opened(own_samples, zone="Europe/Berlin", days="all", domain="gmail.example")  # its clock changes in October
    with look(Workspace(own_samples)) as snapshot:
        cells = rhythm(snapshot, Query(domain="gmail.example"), "Europe/Berlin").set_index(["weekday", "hour"])["n"]
    hours = [(3, 3), (3, 4), (6, 12)]
    assert min(cells[hour] for hour in hours) > 0
    at = pick(at, "rhythm", *reversed(hours))
    assert at.title[0].value == "Messages"
    assert len(at.dataframe[0].value) == cells[hours].sum()
    assert at.query_params["hour"] in ("thu-3,thu-4,sun-12", ["thu-3,thu-4,sun-12"])
    again = opened(
        own_samples, "pages/messages.py", hour="thu-3,thu-4,sun-12", zone="Europe/Berlin", domain="gmail.example"
    )
    pd.testing.assert_frame_equal(again.dataframe[0].value, at.dataframe[0].value)
    again.selectbox(key="zone").select("UTC")
    again = fine(again.run())
    with look(Workspace(own_samples)) as snapshot:
        cells = rhythm(snapshot, Query(domain="gmail.example"), "UTC").set_index(["weekday", "hour"])["n"]
    assert len(again.dataframe[0].value) == cells.reindex(hours).sum(), "the hours of the zone that is shown"
    again.button(key="unlink_week_hours").click()
    assert len(fine(again.run()).dataframe[0].value) == cells.sum()


def test_the_filters_hold_for_what_fails_now_too(opened: Opener, samples: Path) -> None:
    at = opened(samples, domain="docomo.example", days="1")
    failing = next(frame.value for frame in at.dataframe if "newest_reply" in frame.value.columns)
    assert len(failing)
    assert set(failing["domain"]) == {"docomo.example"}


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
    assert len(at.get("plotly_chart")) == 2


def said(at: AppTest) -> str:
    return "\n".join(text.value for text in at.text)


def test_the_headline_counts_what_is_open_and_gives_a_share_with_its_interval(opened: Opener, samples: Path) -> None:
    at = opened(samples, days="all")
    with look(Workspace(samples)) as snapshot:
        days = outcomes_by(snapshot, "day", zone="Asia/Tokyo")
        step = next(step for step in funnel(snapshot) if step.name == "Accepted")
        waited = delay(snapshot)
    low, high = step.possible or (0.0, 0.0)
    assert low < (step.rate.share or 0) < high
    assert step.open == days["waiting"].sum() + days["unknown"].sum()
    assert (
        f"{days['waiting'].sum():,} waiting, {days['unknown'].sum():,} unknown. "
        f"Of those attempted and finished: {step.rate.share:.1%} of {step.rate.whole:,} "
        f"({low:.1%} to {high:.1%} possible while {step.open:,} are open) accepted. "
    ) in said(at)
    assert waited.median_s is not None
    assert f"Half of those attempted were accepted within {waited.median_s:.0f} s, 95 % within " in said(at)
    late = int(days[["accepted_then_bounced", "complained"]].sum().sum())
    failed = int(days["n"].sum() - days[["accepted", "waiting", "unknown"]].sum().sum())
    assert (
        f"{days['n'].sum():,} messages sent: {days['accepted'].sum():,} accepted, {failed:,} failed "
        f"({late} of them after they were accepted: returned or complained about), "
    ) in said(at)
    reasons = said(opened(samples, "pages/reasons.py", days="all"))
    assert f"Of {days['n'].sum():,} messages sent in the loaded data, {failed:,} failed: " in reasons, "the same set"


def test_a_share_that_is_settled_has_its_interval(opened: Opener, samples: Path) -> None:
    period = {"since": "2026-10-20T00:00+09:00", "until": "2026-11-10T00:00+09:00"}
    at = opened(samples, **period)
    since, until = (round(datetime.fromisoformat(text).timestamp() * 1000) for text in period.values())
    with look(Workspace(samples)) as snapshot:
        rate = next(s.rate for s in funnel(snapshot, Query(since_ms=since, until_ms=until)) if s.name == "Accepted")
    assert f"{rate.share:.1%} of {rate.whole:,} (95 %: {rate.low:.1%} to {rate.high:.1%}) accepted" in said(at)
    spec = at.get("plotly_chart")[0].proto.spec
    assert "data ends" not in spec, "these days end before the data does"
    assert "data ends 20 Nov 17:00" in opened(samples).get("plotly_chart")[0].proto.spec


def test_without_sendgrid_no_share_is_given_and_the_reason_is_said(opened: Opener, empty: Path) -> None:
    workspace = Workspace(empty)
    log = next(path for path in sample_files() if path.name == "kuroco_mail_log_old.csv")
    load_files(workspace, [log], workspace.folder("scratch"), timezone="Asia/Tokyo")
    at = opened(empty, days="all")
    assert "attempted and finished" not in said(at)
    assert "No SendGrid event is loaded" in at.warning[0].value


def test_days_without_sendgrid_data_withhold_the_share(opened: Opener, empty: Path, tmp_path: Path) -> None:
    rows = [f'"2026-11-{day:02d} 10:00:00.000","delivered","a{day}@x.example","{day}"' for day in (1, 2, 5)]
    export = tmp_path / "activity.csv"
    export.write_text("\n".join(['"processed","event","email","recv_message_id"', *rows]), encoding="utf-8")
    log = tmp_path / "log.csv"
    log.write_text(
        "ログ日時,宛先メールアドレス,HTTPレスポンスコード,レスポンス,件名\n2026-11-03 12:00:00,b@x.example,202,202 Accepted,Hi\n",
        encoding="utf-8",
    )
    workspace = Workspace(empty)
    assert not load_files(workspace, [export, log], tmp_path, timezone="UTC").failed
    at = opened(empty, days="all", zone="UTC")
    assert "no event on 1 day (UTC) of these, the first 2026-11-03" in at.warning[0].value


def test_filters_and_period_stand_in_the_address_and_come_from_it(opened: Opener, samples: Path) -> None:
    at = opened(samples, domain="docomo.example", days="7")
    assert at.selectbox(key="overview_domain").value == "docomo.example"
    assert at.selectbox(key="overview_period").value == "Last 7 days"
    with look(Workspace(samples)) as snapshot:
        edge = snapshot.value("SELECT as_of_ms FROM edge")
        query = Query(domain="docomo.example", since_ms=edge - 7 * DAY_MS)
        n = int(outcomes_by(snapshot, "day", query)["n"].sum())
    assert f"{n} messages sent" in said(at)
    at.selectbox(key="overview_period").select("Any time")
    fine(at.run())
    assert "all" in at.query_params["days"]
    assert "docomo.example" in at.query_params["domain"]
    at.button(key="overview_clear").click()
    fine(at.run())
    assert "domain" not in at.query_params


@pytest.mark.parametrize("page", ["app.py", "pages/messages.py", "pages/reasons.py", "pages/compare.py"])
def test_a_filter_that_nothing_has_offers_the_nearest_and_a_way_out(opened: Opener, samples: Path, page: str) -> None:
    address = {"compare": "receiver", "with": "other"} if page == "pages/compare.py" else {}
    at = opened(samples, page, domain="gmial.exampel", **address)
    assert "Receiving domain: no loaded message has gmial.exampel. Perhaps one of these was meant:" in said(at)
    at = fine(next(b for b in at.button if b.label.replace("\\", "") == "gmail.example").click().run())
    assert "no loaded message has" not in said(at)
    name = page.removeprefix("pages/").removesuffix(".py").replace("app", "overview")
    assert at.selectbox(key=f"{name}_domain").value == "gmail.example"
    at = opened(samples, page, domain="qqqqqq.invalid", **address)
    assert said(at).count("no loaded message has qqqqqq.invalid.") == 1
    at = fine(at.button(key="unlink_domain").click().run())
    assert "no loaded message has" not in said(at)


@pytest.mark.parametrize("address", [{"from": "2026-13-40", "to": "x"}, {"days": "-1"}, {"reason": "no such reason"}])
def test_an_address_that_means_nothing_changes_nothing(opened: Opener, samples: Path, address: dict[str, str]) -> None:
    at = opened(samples, **address)
    assert at.selectbox(key="overview_period").value == "Last 30 days"
    assert not at.selectbox(key="overview_reason").value


def test_days_in_the_address_are_the_days_that_are_counted(opened: Opener, samples: Path) -> None:
    at = opened(samples, since="2026-11-02T00:00+09:00", until="2026-11-04T00:00+09:00")
    assert at.selectbox(key="overview_period").value == "Between two days"
    assert at.date_input(key="overview_between").value == (date(2026, 11, 2), date(2026, 11, 3))
    with look(Workspace(samples)) as snapshot:
        days = outcomes_by(snapshot, "day", zone="Asia/Tokyo").set_index("key")["n"]
    assert f"{days['2026-11-02'] + days['2026-11-03']} messages sent" in said(at)


def test_a_marked_day_stands_in_the_picture_and_can_be_taken_away(opened: Opener, own_samples: Path) -> None:
    at = opened(own_samples)
    at.date_input(key="mark_day").set_value(date(2026, 11, 9))
    at.text_input(key="mark_words").set_value("<b>DNS</b> changed")
    next(b for b in at.button if b.label == "Save").click()
    fine(at.run())
    spec = at.get("plotly_chart")[0].proto.spec
    assert "DNS" in spec
    assert "<b>DNS" not in spec
    at.multiselect(key="marks_gone").select(at.multiselect(key="marks_gone").options[0])
    next(b for b in at.button if b.label == "Save").click()
    fine(at.run())
    assert "DNS" not in at.get("plotly_chart")[0].proto.spec
    at.button(key="marks_back").click()
    fine(at.run())
    assert "DNS" in at.get("plotly_chart")[0].proto.spec
    assert not [button for button in at.button if button.key == "marks_back"]


def test_what_is_clearly_up_is_said_and_leads_to_its_messages(opened: Opener, empty: Path, tmp_path: Path) -> None:
    rows = []
    for day in range(1, 36):
        when = f"2026-{10 + (day - 1) // 31:02d}-{(day - 1) % 31 + 1:02d} 10:00:00.000"
        for n in range(10):
            bad = n < (5 if day > 28 else 0)
            event, kind, reply = ("bounce", "blocked", "550 5.7.1 spam") if bad else ("delivered", "", "250 OK")
            rows.append(f'"{when}","{event}","u{n}@down.example","{day * 100 + n}","{kind}","{reply}"')
    export = tmp_path / "activity.csv"
    export.write_text(
        "\n".join(['"processed","event","email","recv_message_id","type","reason"', *rows]), encoding="utf-8"
    )
    workspace = Workspace(empty)
    assert not load_files(workspace, [export], tmp_path).failed
    at = opened(empty, days="1", domain="down.example")  # the period of the days above cuts no week off
    changed = next(frame.value for frame in at.dataframe if "before" in frame.value.columns)
    assert " among 1 reason and 1 domain looked at with the filters above." in said(at)
    assert ["Domain", "down.example", "new"] in changed[["what", "name", "is"]].to_numpy().tolist()
    row = changed["what"].tolist().index("Domain")
    at = select(at, "changes", cell=(row, "name"))
    assert at.title[0].value == "Messages"
    assert len(at.dataframe[0].value) == int(changed["now"][row].split(" ")[0])
