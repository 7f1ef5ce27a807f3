import re
from pathlib import Path

import pytest

from lasthop.explain import in_words, symptoms
from lasthop.model.outcomes import MEANINGS, Outcome
from lasthop.store import Workspace
from lasthop.trace import look
from tests.pages.opening import Opener, figures_of, fine, html_of, select, texts_of


def first_message(samples: Path, where: str) -> dict[str, str]:
    with look(Workspace(samples)) as snapshot:
        return snapshot.rows(f"SELECT * FROM messages WHERE {where} ORDER BY attempts DESC, message LIMIT 1")[0]


@pytest.mark.parametrize("outcome", list(Outcome))
def test_each_outcome_has_its_band(opened: Opener, samples: Path, outcome: Outcome) -> None:
    row = first_message(samples, f"outcome = '{outcome}'")
    at = opened(samples, "pages/message.py", message=row["message"])
    assert MEANINGS[outcome].title in html_of(at)
    assert "Who can fix it" in html_of(at)
    assert len(at.get("plotly_chart")) == 1


@pytest.mark.parametrize("column", ["message", "x_message_id", "provider_message_id", "request_id"])
def test_any_id_leads_to_the_message(opened: Opener, samples: Path, column: str) -> None:
    row = first_message(samples, f"{column} IS NOT NULL AND outcome = 'bounced' AND link_confidence <> 'ambiguous'")
    at = opened(samples, "pages/message.py", message=f"<{row[column]}>")
    assert row["message"] in [code.value for code in at.code]


def test_an_address_with_several_messages_asks_which(opened: Opener, samples: Path) -> None:
    with look(Workspace(samples)) as snapshot:
        address = snapshot.value("SELECT recipient FROM messages GROUP BY recipient HAVING count(*) = 3 ORDER BY 1")
    at = opened(samples, "pages/message.py", message=address)
    assert "3 messages have this" in at.subheader[0].value
    at = select(at, "candidates", cell=(1, "subject"))
    assert html_of(at)


def test_an_unknown_id_is_no_error(opened: Opener, samples: Path) -> None:
    at = opened(samples, "pages/message.py", message="<no-such-id@example.com>")
    assert "No message has this" in at.subheader[0].value
    assert at.code[0].value == "<no-such-id@example.com>"


def test_without_an_id_the_last_opened_message_comes_back(opened: Opener, samples: Path) -> None:
    row = first_message(samples, "outcome = 'blocked'")
    at = opened(samples, "pages/message.py", message=row["message"])
    at.switch_page("app.py").run()
    assert "Message" in [link.value for link in at.sidebar.get("page_link")]
    at.query_params.pop("message", None)
    at.switch_page("pages/message.py")
    fine(at.run())
    assert row["message"] in [code.value for code in at.code]


def test_many_attempts_are_one_line_and_many_marks(opened: Opener, samples: Path) -> None:
    row = first_message(samples, "attempts > 20")
    at = opened(samples, "pages/message.py", message=row["message"])
    steps = at.dataframe[0].value
    assert len(steps) < 8
    assert steps["what"].str.contains("attempts until").any()
    assert "deferred" in figures_of(at)


def test_ambiguous_is_said_plainly(opened: Opener, samples: Path) -> None:
    row = first_message(samples, "link_confidence = 'ambiguous' AND link_key IS NOT NULL")
    at = opened(samples, "pages/message.py", message=row["message"])
    assert [warning.value for warning in at.warning]
    assert "ambiguous" in set(at.dataframe[1].value["Confidence"])


def test_raw_rows_name_file_and_line(opened: Opener, samples: Path) -> None:
    row = first_message(samples, "outcome = 'bounced' AND request_id IS NOT NULL")
    at = opened(samples, "pages/message.py", message=row["message"])
    raw = at.dataframe[-1].value
    assert raw["file"].str.contains(r"\.(?:csv|gz)").all()
    assert (raw["line"] > 0).all()


def test_the_case_button_knows_what_is_in_the_case(opened: Opener, own_samples: Path) -> None:
    row = first_message(own_samples, "outcome = 'expired'")
    at = opened(own_samples, "pages/message.py", message=row["message"])
    at.button(key="put_into_case").click()
    fine(at.run())
    assert at.button(key="put_into_case").disabled
    assert "In the case" in at.button(key="put_into_case").label


def test_times_follow_the_zone(opened: Opener, own_samples: Path) -> None:
    row = first_message(own_samples, "outcome = 'accepted'")
    at = opened(own_samples, "pages/message.py", message=row["message"])
    assert "JST (UTC+09:00)" in html_of(at)
    at.selectbox(key="zone").select("UTC")
    fine(at.run())
    assert "JST" not in html_of(at)
    assert texts_of(at)


def test_a_clock_that_nobody_told_is_named_once(opened: Opener, samples: Path) -> None:
    row = first_message(samples, "outcome = 'bounced' AND request_id IS NOT NULL")
    at = opened(samples, "pages/message.py", message=row["message"])
    said = [caption.value for caption in at.caption if "chosen, not told by the log" in caption.value]
    assert len(said) == 1
    assert "Asia/Tokyo" in said[0]


def test_the_id_of_sendgrid_says_when_the_message_was_made(opened: Opener, samples: Path) -> None:
    row = first_message(samples, "outcome = 'bounced' AND provider_message_id IS NOT NULL")
    at = opened(samples, "pages/message.py", message=row["message"])
    (said,) = [caption.value for caption in at.caption if caption.value.startswith("Decoded from sg_message_id")]
    seconds = int(row["provider_message_id"].split("-")[-2], 16)
    assert in_words(seconds * 1000, "Asia/Tokyo") in said or in_words(seconds * 1000, "UTC") in said
    assert "inferred" in said


def test_everything_that_may_be_seen_after_acceptance_can_be_asked_for(opened: Opener, samples: Path) -> None:
    at = opened(samples, "pages/message.py", message=first_message(samples, "outcome = 'accepted'")["message"])
    for cause in symptoms():
        at.radio(key="symptom").set_value(cause.symptom)
        at = fine(at.run())
        told = "\n".join(text.value for text in at.text)
        assert cause.says in told
        assert all(step.in_words in told for step in cause.next_steps)
        assert f"Who can fix it: {cause.who}" in told


@pytest.mark.parametrize("outcome", ["bounced", "waiting", "suppressed"])
def test_what_never_arrived_is_not_asked_about_the_inbox(opened: Opener, samples: Path, outcome: str) -> None:
    at = opened(samples, "pages/message.py", message=first_message(samples, f"outcome = '{outcome}'")["message"])
    assert not at.radio


def test_each_clause_names_the_lines_that_it_rests_on(opened: Opener, samples: Path) -> None:
    at = opened(samples, "pages/message.py", message=first_message(samples, "outcome = 'expired'")["message"])
    band = html_of(at)
    lines = at.dataframe[0].value["line"].tolist()
    cited = [int(number) for marks in re.findall(r"\[([\d, ]+)\]</span>", band) for number in marks.split(",")]
    assert cited
    assert set(cited) <= set(lines)
