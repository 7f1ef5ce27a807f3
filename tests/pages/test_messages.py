import datetime as dt
from pathlib import Path

from lasthop.explain import reasons_for_silence
from lasthop.store import Workspace
from lasthop.trace import Query, find_messages, look
from tests.pages.opening import Opener, fine, select, texts_of


def test_everything_is_listed_newest_first(opened: Opener, samples: Path) -> None:
    at = opened(samples, "pages/messages.py")
    shown = at.dataframe[0].value
    assert shown["sent"].is_monotonic_decreasing
    assert f"{len(shown):,} of " in texts_of(at)


def test_a_link_fills_the_search_box(opened: Opener, samples: Path) -> None:
    at = opened(samples, "pages/messages.py", q="パスワード")
    assert at.text_input(key="messages_text").value == "パスワード"
    assert at.dataframe[0].value["subject"].str.contains("パスワード").all()


def test_a_link_is_followed_once(opened: Opener, samples: Path) -> None:
    at = opened(samples, "pages/messages.py", q="パスワード")
    at.text_input(key="messages_text").set_value("注文")
    fine(at.run())
    assert at.dataframe[0].value["subject"].str.contains("注文").all()


def test_filters_last_over_other_pages(opened: Opener, samples: Path) -> None:
    at = opened(samples, "pages/messages.py")
    at.text_input(key="messages_text").set_value("gmail.example")
    at.get("pills")[0].set_value(["bounced"])
    fine(at.run())
    before = len(at.dataframe[0].value)
    at.switch_page("pages/sources.py").run()
    at.switch_page("pages/messages.py").run()
    assert at.text_input(key="messages_text").value == "gmail.example"
    assert at.get("pills")[0].value == ["bounced"]
    assert len(at.dataframe[0].value) == before


def test_chips_count_what_the_other_filters_leave(opened: Opener, samples: Path) -> None:
    at = opened(samples, "pages/messages.py", q="gmail.example")
    labels = [option.content for option in at.get("pills")[0].proto.options]
    with look(Workspace(samples)) as snapshot:
        bounced = (find_messages(snapshot, Query(text="gmail.example"))["outcome"] == "bounced").sum()
    assert f"Bounced {bounced}" in labels


def test_nothing_fits_and_the_page_says_what_is_loaded(opened: Opener, samples: Path) -> None:
    at = opened(samples, "pages/messages.py", q="nobody@nowhere.example")
    assert "No message fits" in at.subheader[0].value
    assert "JST" in texts_of(at)
    at.button(key="clear_filters").click()
    fine(at.run())
    assert len(at.dataframe[0].value) > 1000


def test_a_click_opens_the_message(opened: Opener, samples: Path) -> None:
    at = opened(samples, "pages/messages.py", q="gmail.example")
    subject = at.dataframe[0].value["subject"][3]
    at = select(at, "messages_table", cell=(3, "subject"))
    assert at.title[0].value == "Message"
    assert subject in texts_of(at)
    assert at.query_params["message"]


def test_ticked_messages_go_into_the_case(opened: Opener, own_samples: Path) -> None:
    at = select(opened(own_samples, "pages/messages.py"), "messages_table", rows=(0, 2))
    at.button(key="put_into_case").click()
    fine(at.run())
    at.switch_page("pages/case.py")
    fine(at.run())
    assert len(at.dataframe[0].value) == 2


def test_between_two_days_counts_whole_local_days(opened: Opener, samples: Path) -> None:
    at = opened(samples, "pages/messages.py")
    at.selectbox(key="messages_period").select("Between two days")
    fine(at.run())
    day = dt.date(2026, 11, 2)
    at.date_input(key="messages_between").set_value((day, day))
    fine(at.run())
    local = at.dataframe[0].value["sent"].dt.tz_convert("Asia/Tokyo").dt.date
    assert len(local) and set(local) == {day}


def test_where_nothing_is_found_the_causes_of_silence_are_listed(opened: Opener, samples: Path) -> None:
    at = opened(samples, "pages/messages.py", q="nobody@nowhere.example")
    told = "\n".join(text.value for text in at.text)
    for cause in reasons_for_silence("nobody@nowhere.example"):
        assert cause.says in told
        assert all(step.in_words in told for step in cause.next_steps)


def test_a_trigger_address_is_said_to_be_no_failure(opened: Opener, samples: Path) -> None:
    at = opened(samples, "pages/messages.py", q="general@slack.r-cms.jp")
    assert "never leaves as mail" in at.info[0].value.replace("\u2060", "")
