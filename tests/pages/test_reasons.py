import csv
import datetime as dt
import io
import json
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from lasthop.app.reason_parts import as_table
from lasthop.app.reason_pictures import condensed
from lasthop.draw import draw_reason_map, draw_reason_trend
from lasthop.load import load_files
from lasthop.measure import NO_REPLY, REQUEST_REFUSED, Failures, failures, forms_of, title_of
from lasthop.pack.csv import csv_bytes
from lasthop.reply import LABELS
from lasthop.store import Workspace
from lasthop.trace import Query, look
from lasthop.trace.rules import rules_file
from tests.pages.opening import Opener, fine, select, texts_of
from tests.pages.test_hostile import harmless

PAGE = "pages/reasons.py"
THIRTY_DAYS = 30 * 86_400_000


def expected(samples: Path, *, waiting: bool = False) -> Failures:
    """What the page counts when it opens: the last 30 days of the samples."""
    with look(Workspace(samples)) as snapshot:
        since = snapshot.value("SELECT as_of_ms FROM edge") - THIRTY_DAYS
        return failures(snapshot, Query(since_ms=since), "Asia/Tokyo", waiting=waiting)


def table(at: AppTest, key: str) -> pd.DataFrame:
    return next(each.value for each in at.dataframe if (each.key or "") == key)


def count_of(found: Failures, reason: str) -> int:
    return int(found.rows.set_index("reason")["n"][reason])


def stay(at: AppTest) -> AppTest:
    """On the messages page, as a browser stays there: the test's own page is still the one it came from."""
    at.query_params.clear()
    at.switch_page("pages/messages.py")
    return fine(at.run())


def test_the_table_has_a_row_for_each_reason(opened: Opener, samples: Path) -> None:
    at, found = opened(samples, PAGE), expected(samples)
    shown = table(at, "reasons_table")
    assert shown["reason"].tolist() == [title_of(reason) for reason in found.rows["reason"]]
    assert shown["n"].tolist() == found.rows["n"].tolist()
    assert shown["reason"].iloc[-1] == "Request refused by SendGrid", "never mixed into a label"
    assert [sum(days) for days in shown["trend"]] == shown["n"].tolist()
    assert shown["share"].sum() == pytest.approx(100)
    full = shown[shown["reason"] == "Mailbox full"].iloc[0]
    assert full["who"] == "recipient mailbox"
    assert full["next"].startswith("Ask the recipient to make room")
    assert full["domains"].startswith("gmail.example 6, ")


def test_the_sentence_and_the_formulas_stand_beside_it(opened: Opener, samples: Path) -> None:
    at, found = opened(samples, PAGE), expected(samples)
    refused = count_of(found, REQUEST_REFUSED)
    assert (
        f"Of {found.sent:,} messages sent in the last 30 days of the data, {found.total} failed: "
        f"{found.total - refused} for a known reason, "
        f"{refused} because SendGrid refused the request." in texts_of(at)
    )
    assert any(f"/ {found.total}" in caption.value.replace("\\", "") for caption in at.caption)
    assert len(at.get("plotly_chart")) == 2


def test_waiting_messages_count_when_asked_for(opened: Opener, samples: Path) -> None:
    at = opened(samples, PAGE)
    at.toggle(key="reasons_waiting").set_value(True)
    fine(at.run())
    found = expected(samples, waiting=True)
    assert table(at, "reasons_table")["n"].sum() == found.total > expected(samples).total
    assert f"{found.total} failed or wait" in texts_of(at)


def test_a_click_opens_the_reason_with_its_replies(opened: Opener, samples: Path) -> None:
    at = opened(samples, PAGE)
    row = table(at, "reasons_table")["reason"].tolist().index("Mailbox full")
    at = select(at, "reasons_table", cell=(row, "who"))
    assert at.query_params["reason"] == "mailbox_full"
    assert at.subheader[0].value == "Mailbox full"
    found = expected(samples)
    n = count_of(found, "mailbox_full")
    assert f"{n} of {found.total} messages that failed" in texts_of(at)
    forms = table(at, "forms_table")
    assert forms["n"].sum() == n
    assert "⟨address⟩" in "".join(forms["form"])
    del at.session_state["reasons_table"]  # a browser forgets what was clicked in a table that is gone
    at.button(key="all_reasons").click()
    fine(at.run())
    assert len(table(at, "reasons_table")) > 10


def test_the_example_is_the_reply_itself(opened: Opener, samples: Path) -> None:
    at = opened(samples, PAGE, reason="mailbox_full")
    form = table(at, "forms_table").iloc[1]
    at = select(at, "forms_table", rows=(1,))
    assert f"Open {form['n']} message" in at.button(key="open_form").label
    with look(Workspace(samples)) as snapshot:
        replies = {row["reply"] for row in snapshot.rows("SELECT reply FROM events WHERE reply IS NOT NULL")}
    assert at.code[0].value in replies


def test_its_messages_open_with_the_filter_in_sight(opened: Opener, samples: Path) -> None:
    at = opened(samples, PAGE, reason="mailbox_full")
    n = count_of(expected(samples), "mailbox_full")
    at.button(key="open_messages").click()
    fine(at.run())
    assert at.title[0].value == "Messages"
    assert len(at.dataframe[0].value) == n
    assert at.button(key="unlink_reason").label == "Reason: Mailbox full"
    stay(at).button(key="unlink_reason").click()
    fine(at.run())
    assert len(at.dataframe[0].value) == expected(samples).total
    assert "unlink_reason" not in [button.key for button in at.button]


def test_messages_of_one_reply_open(opened: Opener, samples: Path) -> None:
    for reason in ("mailbox_full", REQUEST_REFUSED):
        at = opened(samples, PAGE, reason=reason)
        n = table(at, "forms_table")["n"][0]
        at.button(key="open_form").click()
        fine(at.run())
        assert len(at.dataframe[0].value) == n
        assert "Reply: " in at.button(key="unlink_reply_form").label
        stay(at).button(key="clear_filters").click()
        fine(at.run())
        assert len(at.dataframe[0].value) > 1000


def test_refused_requests_open_too(opened: Opener, samples: Path) -> None:
    at = opened(samples, PAGE, reason=REQUEST_REFUSED)
    at.button(key="open_messages").click()
    fine(at.run())
    assert len(at.dataframe[0].value) == count_of(expected(samples), REQUEST_REFUSED)
    assert set(at.dataframe[0].value["outcome"].map(tuple)) == {("Not handed over",)}


def test_a_link_sets_reason_and_receiver_of_the_messages(opened: Opener, samples: Path) -> None:
    at = opened(samples, "pages/messages.py", reason="greylisted", receiver="other")
    assert [button.label for button in at.button if button.key.startswith("unlink")] == [
        "Reason: Greylisted", "Receiver: other",
    ]  # fmt: skip
    assert len(at.dataframe[0].value) == 1
    assert len(opened(samples, "pages/messages.py", reason="no_such_reason").dataframe[0].value) > 1000
    assert "No message fits" in opened(samples, "pages/messages.py", receiver="nobody").subheader[0].value


def test_receiver_and_domain_narrow_the_page(opened: Opener, samples: Path) -> None:
    at = opened(samples, PAGE)
    at.selectbox(key="reasons_domain").select("hoshinet.example")
    fine(at.run())
    shown = table(at, "reasons_table")
    assert shown["n"].sum() < 20
    assert shown["share"].isna().all(), "no percentage of so few"
    assert any("make no percentage" in caption.value for caption in at.caption)
    assert at.selectbox(key="reasons_receiver").options == ["other"]


def test_nothing_failed_is_said(opened: Opener, samples: Path) -> None:
    at = opened(samples, PAGE, domain="nowhere.example")
    assert at.subheader[0].value == "Nothing was sent"
    assert not at.dataframe


def test_a_reason_without_messages_says_so(opened: Opener, samples: Path) -> None:
    at = opened(samples, PAGE, reason="virus_detected")
    assert at.subheader[0].value == "Virus detected"
    assert "No message of this reason" in texts_of(at)


def test_only_stop_lists_are_no_failures(opened: Opener, empty: Path, tmp_path: Path) -> None:
    (tmp_path / "bounces.csv").write_text(
        'status,reason,email,created\n550,"550 5.1.1 gone",a@x.example,1793000000\n', encoding="utf-8"
    )
    workspace = Workspace(empty)
    report = load_files(workspace, [tmp_path / "bounces.csv"], workspace.folder("scratch"))
    assert not report.failed
    assert opened(empty, PAGE).subheader[0].value == "Nothing was sent"


def test_a_rule_is_offered_and_changes_the_reason(opened: Opener, own_samples: Path, tmp_path: Path) -> None:
    odd = tmp_path / "odd.csv"
    rows = [
        f'"2026-11-1{n} 10:00:00.000","bounce","u{n}@x.example","odd{n}","blocked","550 The gate is shut"'
        for n in (1, 2)
    ]
    odd.write_text(
        "\n".join(['"processed","event","email","recv_message_id","type","reason"', *rows]), encoding="utf-8"
    )
    assert not load_files(Workspace(own_samples), [odd], tmp_path).failed
    at = opened(own_samples, PAGE)
    assert "Replies that no rule understands" in [each.value for each in at.subheader]
    n = count_of(expected(own_samples), "unclassified")
    assert table(at, "forms_table")["n"].sum() == n
    at.selectbox(key="rule_label").select("bad_domain")
    fine(at.run())
    rule = next(each.value for each in at.code if each.value.startswith("[[rule]]"))
    assert 'label = "bad_domain"' in rule
    assert any("workspace/rules.toml" in caption.value for caption in at.caption)
    assert "lasthop classify replies.txt --rules rules.toml --unclassified" in texts_of(at)
    rules_file(Workspace(own_samples)).write_text(rule, encoding="utf-8")
    shown = table(fine(at.run()), "reasons_table")
    assert "Unclassified" not in shown["reason"].tolist()
    assert "Replies that no rule understands" not in [each.value for each in at.subheader]


def test_messages_without_any_reply_have_their_row(opened: Opener, empty: Path, tmp_path: Path) -> None:
    export = tmp_path / "activity.csv"
    rows = [f'"2026-11-02 1{n}:00:00.000","bounce","u{n}@x.example","id{n}"' for n in range(2)]
    export.write_text("\n".join(['"processed","event","email","recv_message_id"', *rows]), encoding="utf-8")
    workspace = Workspace(empty)
    load_files(workspace, [export], workspace.folder("scratch"))
    at = opened(empty, PAGE)
    assert table(at, "reasons_table")["reason"].tolist() == ["No reply in the loaded data"]
    at = select(at, "reasons_table", rows=(0,))
    assert at.query_params["reason"] == NO_REPLY
    assert "No loaded source tells a reply of these messages." in texts_of(at)
    at.button(key="open_newest").click()
    assert fine(at.run()).title[0].value == "Message"


def test_the_file_holds_the_table(samples: Path) -> None:
    found = expected(samples)
    rows = list(csv.DictReader(io.StringIO(csv_bytes(as_table(found)).decode("utf-8-sig"))))
    assert [(row["reason"], int(row["messages"])) for row in rows] == list(
        zip(found.rows["reason"], found.rows["n"], strict=True)
    )
    days = [name for name in rows[0] if name.startswith("sent_from_")]
    assert [sum(int(row[day]) for day in days) for row in rows] == found.rows["n"].tolist()


def test_every_reason_of_the_samples_is_harmless(opened: Opener, samples: Path) -> None:
    harmless(opened(samples, PAGE))
    with look(Workspace(samples)) as snapshot:
        found = failures(snapshot, Query(), waiting=True)
        forms = {reason: len(forms_of(snapshot, reason)) for reason in found.rows["reason"]}
    at = opened(samples, PAGE)
    at.selectbox(key="reasons_period").select("Any time")
    at.toggle(key="reasons_waiting").set_value(True)
    at = harmless(fine(at.run()))
    for reason in ("invalid_recipient", "policy_related", "suppressed", REQUEST_REFUSED):
        at.query_params["reason"] = reason
        at = harmless(fine(at.run()))
        for row in range(forms[reason]):
            harmless(select(at, "forms_table", rows=(row,)))


@pytest.mark.parametrize("asked", ["![x](http://phish.example/p.png)", "<img src=x>", ":red[x]", "a" * 5000])
def test_hostile_words_in_the_address(opened: Opener, samples: Path, asked: str) -> None:
    assert len(table(harmless(opened(samples, PAGE, reason=asked)), "reasons_table")) > 10, "no reason of that name"
    at = harmless(opened(samples, "pages/messages.py", receiver=asked, reason="mailbox_full"))
    if len(asked) > 1000:
        assert any("was left out" in text.value and len(text.value) < 400 for text in at.text)
    else:
        assert len(at.button(key="unlink_receiver").label) < 400


def test_the_map_shows_rows_and_names_with_numbers() -> None:
    counts = pd.DataFrame({"google": [1200, 0], "<b>x</b>": [3, 1]}, index=["Mailbox full", "No reply"])
    figure = draw_reason_map(counts)
    heat, marks, words = figure.data
    assert [list(pair) for pair in marks.customdata] == [[0, 0], [0, 1], [1, 1]]
    assert figure.layout.selectdirection == "v", "a box takes whole rows"
    assert [[n and round(n**2) for n in row] for row in heat.z] == [[1200, 3], [None, 1]]
    assert [text.split(">")[1].split("<")[0] for text in words.text] == ["1.2k", "3", "1"]
    assert "<b>" not in json.dumps(figure.to_dict(), default=str)
    assert list(figure.layout.yaxis.ticktext) == ["Mailbox full", "No reply"]


def test_days_have_few_names_and_no_numbers() -> None:
    days = [dt.date(2026, 11, 1) + dt.timedelta(days=n) for n in range(30)]
    figure = draw_reason_map(pd.DataFrame([[1] * 30], index=["Mailbox full"], columns=days))
    assert not [trace for trace in figure.data if trace.type == "scatter" and trace.mode == "text"]
    assert list(figure.layout.xaxis.ticktext) == ["1 Nov", "7 Nov", "13 Nov", "19 Nov", "25 Nov"]


def test_pictures_of_nothing() -> None:
    assert not any(trace.x for trace in draw_reason_map(pd.DataFrame()).data)
    assert not draw_reason_trend(pd.Series([], dtype="int64")).data[0].x


def test_rare_reasons_become_one_row() -> None:
    names = [*sorted(LABELS)[:20], REQUEST_REFUSED]
    shown = condensed(pd.DataFrame({"google": range(21, 0, -1)}, index=names))
    assert list(shown.index)[11:] == [title_of(names[11]), "8 other reasons", "Request refused"]
    assert shown["google"].sum() == sum(range(1, 22))
