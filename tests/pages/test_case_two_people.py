"""Two people in one case: a stale screen overwrites nobody's texts, and nothing that was typed is lost."""

from dataclasses import replace
from pathlib import Path

from lasthop.app.case_conflict import settled
from lasthop.pack.case import Case, change_case, open_case
from lasthop.store import Workspace
from tests.pages.case_data import edit, field, put, read
from tests.pages.opening import Opener, fine, texts_of


def by_somebody_else(root: Path, **texts: str) -> None:
    change_case(Workspace(root), "case-001", lambda case: replace(case, **texts))  # type: ignore[arg-type]


def test_different_fields_are_both_kept(opened: Opener, own_samples: Path) -> None:
    put(own_samples, "outcome = 'bounced'")
    at = opened(own_samples, "pages/case.py")
    by_somebody_else(own_samples, notes="Theirs, with the details")
    field(at, "Title").set_value("Ours")
    fine(at.run())
    case = open_case(Workspace(own_samples))
    assert (case.title, case.notes) == ("Ours", "Theirs, with the details")
    assert field(at, "Notes").value == "Theirs, with the details"
    assert not at.warning


def test_the_same_field_shows_both_and_overwrites_nothing(opened: Opener, own_samples: Path) -> None:
    put(own_samples, "outcome = 'bounced'")
    at = opened(own_samples, "pages/case.py")
    by_somebody_else(own_samples, notes="Theirs")
    field(at, "Notes").set_value("Ours")
    fine(at.run())
    assert open_case(Workspace(own_samples)).notes == "Theirs"
    assert "two people" in at.warning[0].proto.title
    assert {"Theirs", "Ours"} <= {each.value for each in at.code}
    assert at.get("download_button")[-1].proto.disabled
    field(at, "Title").set_value("Something else")
    fine(at.run())
    assert "Ours" in texts_of(at), "typing on loses nothing"
    fine(at.button(key="both case-001 notes").click().run())
    case = open_case(Workspace(own_samples))
    assert (case.title, case.notes) == ("Something else", "Theirs\nOurs")
    assert not at.warning
    assert not at.get("download_button")[-1].proto.disabled


def test_theirs_or_mine_can_be_chosen(opened: Opener, own_samples: Path) -> None:
    put(own_samples, "outcome = 'bounced'")
    at = opened(own_samples, "pages/case.py")
    by_somebody_else(own_samples, title="Theirs", question="Theirs?")
    field(at, "Title").set_value("Ours")
    field(at, "Question").set_value("Ours?")
    fine(at.run())
    fine(at.button(key="theirs case-001 title").click().run())
    fine(at.button(key="ours case-001 question").click().run())
    case = open_case(Workspace(own_samples))
    assert (case.title, case.question) == ("Theirs", "Ours?")


def test_a_number_typed_long_ago_does_not_come_back(opened: Opener, own_samples: Path) -> None:
    """The table keeps what was typed into it: once somebody else has changed it, that is stale."""
    (message,) = put(own_samples, "outcome = 'bounced'")
    workspace = Workspace(own_samples)
    at = opened(own_samples, "pages/case.py")
    edit(at, "ticket case-001 rows", 0, number="42")
    field(at, "Title").set_value("First")
    fine(at.run())
    assert open_case(workspace).ticket[f"number:{message}"] == "42"
    change_case(workspace, "case-001", lambda case: replace(case, ticket={**case.ticket, f"number:{message}": "43"}))
    for title in ("Second", "Third"):
        field(at, "Title").set_value(title)
        fine(at.run())
        assert open_case(workspace).ticket[f"number:{message}"] == "43"
    assert at.data_editor[0].value["number"].tolist() == ["43"]


def test_a_case_that_was_removed_meanwhile_keeps_what_was_typed(opened: Opener, own_samples: Path) -> None:
    put(own_samples, "outcome = 'bounced'")
    at = opened(own_samples, "pages/case.py")
    (own_samples / "cases" / "case-001.toml").unlink()
    field(at, "Title").set_value("Ours")
    at.run()
    assert "case-001" in read(at.warning[0].proto.title)
    assert "Ours" in [each.value for each in at.code]
    assert not (own_samples / "cases" / "case-001.toml").exists()


def test_fields_are_settled_one_by_one() -> None:
    now = Case("c", title="theirs", notes="same", ticket={"header": "H2", "number:a": "1"})
    shown = {"title": "old", "notes": "same", "header": "H1", "number:a": "1", "question": ""}
    typed = {"title": "old", "notes": "same", "header": "mine", "number:a": " ", "question": "ours"}
    case, conflicts = settled(now, shown, typed)
    assert (case.title, case.question, case.notes) == ("theirs", "ours", "same")
    assert case.ticket == {"header": "H2"}, "an emptied field goes"
    assert conflicts == {"header": "mine"}
