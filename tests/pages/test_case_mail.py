"""A pasted support mail: what is found in it, which messages fit, and what goes into the case."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

from lasthop.app.case_mail import sentences, taken_in
from lasthop.pack.case import Case, open_case
from lasthop.store import Workspace
from lasthop.trace import look
from tests.pages.case_data import case_of, edit, field, put
from tests.pages.opening import Opener, fine, texts_of

ADDRESS = "hina.inoue@gmail.example"
URL = "https://aozora.g.kuroco-mng.app/management/inquiry/inquiry_edit/?inquiry_id=12"
MAIL = f"""Dear support,
the customer at {ADDRESS} did not get our reply, sent on the 12th.
Inquiry no. 1024, form {URL}
Why did it not arrive?"""


def pasted(opened: Opener, root: Path, text: str) -> AppTest:
    at = opened(root, "pages/case.py")
    field(at, "The mail").set_value(text)
    return fine(next(each for each in at.button if each.label == "Find the messages").click().run())


def table(at: AppTest, column: str) -> dict[str, list[object]]:
    found: dict[str, list[object]] = next(each.value for each in at.dataframe if column in each.value).to_dict("list")
    return found


def test_what_is_recognised_is_shown_with_its_place(opened: Opener, own_samples: Path) -> None:
    at = pasted(opened, own_samples, MAIL)
    found = table(at, "Place")
    assert found["What"] == ["Address", "Date and time", "Inquiry no.", "Management URL"]
    assert found["In the mail"] == [ADDRESS, "on the 12th", "1024", URL]
    assert found["Place"][0] == f"line 2, character {len('the customer at ') + 1}"
    assert str(found["Read as"][1]).startswith("2026-11-12 00:00:00")


def test_without_an_id_nothing_is_ticked_and_the_reasons_are_told(opened: Opener, own_samples: Path) -> None:
    at = pasted(opened, own_samples, MAIL)
    found = table(at, "why")
    assert not any(found["take"])
    assert ADDRESS in str(found["why"][0])
    assert "None is ticked" in texts_of(at)
    assert not (own_samples / "cases" / "case-001.toml").exists()


def test_ticked_messages_reference_number_and_question_go_in(opened: Opener, own_samples: Path) -> None:
    at = pasted(opened, own_samples, MAIL)
    assert table(at, "why")["outcome"][0] == ["Bounced"]
    edit(at, "fitting", 0, take=True)
    at.selectbox(key=next(each.key for each in at.selectbox if each.label == "Question for the ticket")).set_value(
        "Why did it not arrive?"
    )
    fine(at.run())
    fine(at.button(key="take_mail").click().run())
    case = open_case(Workspace(own_samples), "case-001")
    assert len(case.messages) == 1
    assert case.ticket == {"reference": URL, f"number:{case.messages[0]}": "1024"}
    assert case.question == "Why did it not arrive?"
    assert case_of(at) == "case-001"
    assert at.dataframe[0].value["recipient"].tolist() == [ADDRESS]
    assert "1 message put into the case" in at.success[0].value


def test_a_message_whose_id_is_in_the_mail_is_ticked(opened: Opener, own_samples: Path) -> None:
    with look(Workspace(own_samples)) as snapshot:
        (row,) = snapshot.rows(
            "SELECT message, x_message_id FROM messages WHERE x_message_id IS NOT NULL AND outcome = 'bounced' "
            "AND length(x_message_id) = 22 ORDER BY message LIMIT 1"
        )
    at = pasted(opened, own_samples, f"X-Message-Id: {row['x_message_id']}")
    assert table(at, "why")["take"].count(True) == 1
    fine(at.button(key="take_mail").click().run())
    assert open_case(Workspace(own_samples)).messages == (row["message"],)


def test_a_mail_that_names_nothing_says_so(opened: Opener, own_samples: Path) -> None:
    at = pasted(opened, own_samples, "Hello, the mail did not come.")
    assert "Nothing was recognised" in texts_of(at)
    assert "No message of this workspace fits" in texts_of(at)
    assert at.button(key="take_mail").disabled


def test_five_megabytes_are_looked_at(opened: Opener, own_samples: Path) -> None:
    at = pasted(opened, own_samples, f"{ADDRESS} on the 12th.\n" + "The mail did not come. " * 230_000)
    assert table(at, "Place")["In the mail"][:2] == [ADDRESS, "on the 12th"]
    assert any("characters were looked at" in each.value for each in at.caption)


def test_a_hostile_mail_is_text(opened: Opener, own_samples: Path) -> None:
    text = "![x](https://tracker.example/x.png) <b>victim18@example.com</b>\N{RIGHT-TO-LEFT OVERRIDE} id <a@b> no. 1"
    at = pasted(opened, own_samples, text)
    assert "victim18@example.com" in table(at, "Place")["In the mail"]


def test_what_is_filled_in_stays() -> None:
    case = Case("c", question="Mine?", ticket={"reference": "7", "number:a": "1"})
    told = {"reference": ("8",), "number": ("5",)}
    after, said = taken_in(case, ["a", "b"], told, "Theirs?")
    assert after.question == "Mine?"
    assert after.ticket == {"reference": "7", "number:a": "1", "number:b": "5"}
    assert "The ticket keeps the reference that it had." in said


def test_several_numbers_are_given_to_no_message() -> None:
    after, said = taken_in(Case("c"), ["a", "b"], {"number": ("5", "6")}, "")
    assert after.ticket == {}
    assert "does not tell which is whose" in " ".join(said)


def test_questions_come_first() -> None:
    found = sentences("Dear support. The mail did not come.\nWhy did it fail? 届いていないのはなぜですか。")
    assert found[:2] == ["Why did it fail?", "届いていないのはなぜですか。"]


def test_a_case_with_messages_keeps_them(opened: Opener, own_samples: Path) -> None:
    (first,) = put(own_samples, "outcome = 'expired'")
    at = pasted(opened, own_samples, MAIL)
    edit(at, "fitting", 0, take=True)
    fine(at.run())
    fine(at.button(key="take_mail").click().run())
    assert open_case(Workspace(own_samples)).messages[0] == first
    assert len(open_case(Workspace(own_samples)).messages) == 2
