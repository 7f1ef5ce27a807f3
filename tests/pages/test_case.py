import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from lasthop.app.case_parts import pack_of
from lasthop.app.ticket_form import filled, typed_in
from lasthop.errors import Failure
from lasthop.pack.case import Case, open_case, save_case
from lasthop.store import Workspace
from lasthop.trace import look
from tests.pages.opening import Opener, fine, select, texts_of

HEADER = "Received: from mx.example.com\nMessage-ID: <1@example.com>"


def put(root: Path, where: str, count: int = 1) -> list[str]:
    """Put the first messages that satisfy ``where`` into the case."""
    workspace = Workspace(root)
    with look(workspace) as snapshot:
        rows = snapshot.rows(f"SELECT message FROM messages WHERE {where} ORDER BY message LIMIT {count}")
    ids = [row["message"] for row in rows]
    save_case(workspace, Case("case-001", messages=tuple(ids)))
    return ids


def test_empty_case_says_how_to_fill_it(opened: Opener, own_samples: Path) -> None:
    at = opened(own_samples, "pages/case.py")
    assert "No message is in the case" in at.subheader[0].value


def test_messages_and_what_is_missing(opened: Opener, own_samples: Path) -> None:
    put(own_samples, "outcome = 'bounced'", 2)
    at = opened(own_samples, "pages/case.py")
    assert len(at.dataframe[0].value) == 2
    assert "Still missing" in [each.value for each in at.subheader]
    assert "id or management URL" in at.markdown[-1].value


def test_saving_the_ticket_leaves_less_missing(opened: Opener, own_samples: Path) -> None:
    put(own_samples, "outcome = 'accepted'")
    at = opened(own_samples, "pages/case.py")
    before = at.markdown[-1].value.count("\n")
    next(each for each in at.text_input if "management URL" in each.label).set_value("12")
    at.text_area[0].set_value(HEADER)
    fine(at.run())
    case = open_case(Workspace(own_samples))
    assert case.ticket["reference"] == "12"
    assert case.ticket["header"] == HEADER
    assert at.markdown[-1].value.count("\n") < before


def test_taking_a_message_out(opened: Opener, own_samples: Path) -> None:
    ids = put(own_samples, "outcome = 'bounced'", 3)
    at = select(opened(own_samples, "pages/case.py"), "case_messages", rows=(0,))
    at.button(key="take_out").click()
    fine(at.run())
    left = open_case(Workspace(own_samples)).messages
    assert len(left) == 2
    assert set(left) < set(ids)


def test_a_message_that_went_with_its_source_is_named(opened: Opener, own_samples: Path) -> None:
    ids = put(own_samples, "outcome = 'bounced'")
    workspace = Workspace(own_samples)
    save_case(workspace, replace(open_case(workspace), messages=(*ids, "m0000000000000000")))
    at = opened(own_samples, "pages/case.py")
    assert "m0000000000000000" in at.warning[0].value


def test_the_download_is_a_pack_with_the_messages(own_samples: Path) -> None:
    put(own_samples, "outcome = 'bounced'", 2)
    workspace = Workspace(own_samples)
    pack = zipfile.ZipFile(io.BytesIO(pack_of(workspace, "Asia/Tokyo")))
    assert pack.testzip() is None
    assert any(name.lower().startswith("readme") for name in pack.namelist())


def test_typed_fields_go_into_the_ticket_and_emptied_ones_leave_it() -> None:
    ticket = {"number:b": "7", "header": "kept"}
    typed = typed_in({0: {"number": " 42 "}, 1: {"number": None}, 5: {"number": "gone"}}, ["a", "b"])
    assert filled(ticket, typed) == {"number:a": "42", "header": "kept"}


def test_what_is_typed_is_in_the_pack_without_any_button(opened: Opener, own_samples: Path) -> None:
    put(own_samples, "outcome = 'bounced'")
    at = opened(own_samples, "pages/case.py")
    next(each for each in at.text_input if each.label == "Title").set_value("A title that was only typed")
    fine(at.run())
    pack = zipfile.ZipFile(io.BytesIO(pack_of(Workspace(own_samples), "Asia/Tokyo")))
    readme = next(name for name in pack.namelist() if name.lower().endswith("readme.md"))
    assert "A title that was only typed" in pack.read(readme).decode()


def test_what_could_not_be_saved_is_not_packed(
    opened: Opener, own_samples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise Failure("The disk is full.")

    put(own_samples, "outcome = 'bounced'")
    at = opened(own_samples, "pages/case.py")
    monkeypatch.setattr("lasthop.app.ticket_form.save_case", full)
    title = next(each for each in at.text_input if each.label == "Title")
    title.set_value("typed")
    at.run()
    assert "The disk is full" in at.error[0].proto.title
    assert next(each for each in at.text_input if each.label == "Title").value == "typed"
    assert at.get("download_button")[-1].proto.disabled


def test_links_lead_back_to_a_message(opened: Opener, own_samples: Path) -> None:
    (message,) = put(own_samples, "outcome = 'expired'")
    at = select(opened(own_samples, "pages/case.py"), "case_messages", cell=(0, "subject"))
    assert message in texts_of(at)
