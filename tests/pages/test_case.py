import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from lasthop.app import case_pack
from lasthop.app.case_pack import pack_of
from lasthop.app.case_typed import typed_in
from lasthop.errors import Failure
from lasthop.pack.attachments import attached_bytes
from lasthop.pack.case import Check, open_case, rename_case, save_case
from lasthop.pack.redact import Level, Redaction
from lasthop.store import Workspace
from tests.pages.case_data import field, put
from tests.pages.opening import Opener, fine, select, texts_of

HEADER = "Received: from mx.example.com\nMessage-ID: <1@example.com>"
FULL = Redaction()


def members(pack: bytes) -> zipfile.ZipFile:
    found = zipfile.ZipFile(io.BytesIO(pack))
    assert found.testzip() is None
    return found


def test_empty_case_says_how_to_fill_it(opened: Opener, own_samples: Path) -> None:
    at = opened(own_samples, "pages/case.py")
    assert "No message is in the case" in at.subheader[0].value
    assert "Paste the support mail" in texts_of(at)
    assert not list((own_samples / "cases").glob("*.toml")), "looking at the page saves no case"


def test_a_workspace_without_data_is_told_where_to_begin(opened: Opener, empty: Path) -> None:
    at = opened(empty, "pages/case.py")
    assert "No message is in the case" in at.subheader[0].value


def test_messages_and_what_is_missing(opened: Opener, own_samples: Path) -> None:
    put(own_samples, "outcome = 'bounced'", 2)
    at = opened(own_samples, "pages/case.py")
    assert len(at.dataframe[0].value) == 2
    assert "Still missing" in [each.value for each in at.subheader]
    assert any("id or management URL" in each.value for each in at.markdown)


def test_saving_the_ticket_leaves_less_missing(opened: Opener, own_samples: Path) -> None:
    put(own_samples, "outcome = 'accepted'")
    at = opened(own_samples, "pages/case.py")
    before = at.markdown[-1].value.count("\n")
    field(at, "Form or notification").set_value("12")
    field(at, "Header").set_value(HEADER)
    fine(at.run())
    case = open_case(Workspace(own_samples))
    assert case.ticket["reference"] == "12"
    assert case.ticket["header"] == HEADER
    assert at.markdown[-1].value.count("\n") < before


def test_taking_a_message_out_and_putting_it_back(opened: Opener, own_samples: Path) -> None:
    ids = put(own_samples, "outcome = 'bounced'", 3)
    at = select(opened(own_samples, "pages/case.py"), "case_messages", rows=(0,))
    fine(at.button(key="take_out").click().run())
    left = open_case(Workspace(own_samples)).messages
    assert len(left) == 2
    assert set(left) < set(ids)
    fine(at.button(key="put_back").click().run())
    assert set(open_case(Workspace(own_samples)).messages) == set(ids)


def test_a_message_that_went_with_its_source_is_named(opened: Opener, own_samples: Path) -> None:
    ids = put(own_samples, "outcome = 'bounced'")
    workspace = Workspace(own_samples)
    save_case(workspace, replace(open_case(workspace), messages=(*ids, "m0000000000000000")))
    at = opened(own_samples, "pages/case.py")
    assert "m0000000000000000" in at.warning[0].value


def test_a_case_of_which_every_message_is_gone_offers_no_pack(opened: Opener, own_samples: Path) -> None:
    put(own_samples, "outcome = 'bounced'")
    workspace = Workspace(own_samples)
    save_case(workspace, replace(open_case(workspace), messages=("m0000000000000000",)))
    at = opened(own_samples, "pages/case.py")
    assert "1 message of the case not in this workspace" in at.warning[0].proto.title
    assert not [each for each in at.get("download_button") if each.proto.label == "Download the evidence pack"]


def test_the_download_is_a_pack_with_the_messages(own_samples: Path) -> None:
    ids = put(own_samples, "outcome = 'bounced'", 2)
    pack = members(pack_of(Workspace(own_samples), "case-001", "Asia/Tokyo", FULL))
    told = pack.read("messages.csv").decode()
    assert all(message in told for message in ids)


def test_typed_fields_of_rows_that_are_gone_are_left() -> None:
    typed = typed_in({0: {"number": " 42 "}, 1: {"number": None}, 5: {"number": "gone"}}, ["a", "b"])
    assert typed == {"number:a": "42", "number:b": ""}


def test_what_is_typed_is_in_the_pack_without_any_button(opened: Opener, own_samples: Path) -> None:
    put(own_samples, "outcome = 'bounced'")
    at = opened(own_samples, "pages/case.py")
    field(at, "Title").set_value("A title that was only typed")
    fine(at.run())
    pack = members(pack_of(Workspace(own_samples), "case-001", "Asia/Tokyo", FULL))
    assert "A title that was only typed" in pack.read("README.md").decode()


def test_what_could_not_be_saved_is_not_packed(
    opened: Opener, own_samples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise Failure("The disk is full.")

    put(own_samples, "outcome = 'bounced'")
    at = opened(own_samples, "pages/case.py")
    with monkeypatch.context() as broken:
        broken.setattr("lasthop.app.case_typed.change_case", full)
        field(at, "Title").set_value("typed")
        at.run()
    assert "The disk is full" in at.error[0].proto.title
    assert field(at, "Title").value == "typed"
    assert at.get("download_button")[-1].proto.disabled
    field(at, "Question").set_value("And now?")
    fine(at.run())
    saved = open_case(Workspace(own_samples))
    assert (saved.title, saved.question) == ("typed", "And now?"), "the next change saves what could not be saved"


def test_links_lead_back_to_a_message(opened: Opener, own_samples: Path) -> None:
    (message,) = put(own_samples, "outcome = 'expired'")
    at = select(opened(own_samples, "pages/case.py"), "case_messages", cell=(0, "subject"))
    assert message in texts_of(at)


def test_files_are_attached_taken_out_and_put_back(opened: Opener, own_samples: Path) -> None:
    put(own_samples, "outcome = 'bounced'")
    workspace = Workspace(own_samples)
    at = opened(own_samples, "pages/case.py")
    at.file_uploader[0].set_value([("../../etc/passwd", b"Received: by mx.example.com", "text/plain")])
    fine(at.run())
    (one,) = open_case(workspace).attachments
    assert one.name == "passwd"
    assert attached_bytes(workspace, one) == b"Received: by mx.example.com"
    at = select(at, "attached", rows=(0,))
    fine(at.button(key="take_files_out").click().run())
    assert not open_case(workspace).attachments
    fine(at.button(key="put_files_back").click().run())
    assert open_case(workspace).attachments == (one,)


def test_an_empty_file_is_refused_in_words_and_the_others_are_taken(opened: Opener, own_samples: Path) -> None:
    put(own_samples, "outcome = 'bounced'")
    at = opened(own_samples, "pages/case.py")
    at.file_uploader[0].set_value([("empty.log", b"", "text/plain"), ("mx.log", b"250 ok", "text/plain")])
    at.run()
    assert "The file is empty" in at.error[0].proto.title
    assert [one.name for one in open_case(Workspace(own_samples)).attachments] == ["mx.log"]


def test_a_check_is_added(opened: Opener, own_samples: Path) -> None:
    put(own_samples, "outcome = 'bounced'")
    at = opened(own_samples, "pages/case.py")
    at.selectbox(key="check what case-001").set_value("The spam folder and the other folders of the mailbox")
    field(at, "What came out").set_value("not there")
    field(at, "By").set_value("Mori")
    fine(next(each for each in at.button if each.label == "Add the check").click().run())
    wanted = Check("The spam folder and the other folders of the mailbox", "not there", "Mori")
    assert open_case(Workspace(own_samples)).checks == (wanted,)


def test_masked_no_address_is_listed_or_leaves(opened: Opener, own_samples: Path) -> None:
    put(own_samples, "outcome = 'bounced' AND recipient = 'hina.inoue@gmail.example'")
    at = opened(own_samples, "pages/case.py")
    assert not [each for each in at.dataframe if "Leaves as" in each.value], "read only when somebody looks"
    at.session_state["leaving"] = True
    fine(at.run())
    assert leaving(at)["hina.inoue@gmail.example"] == "hina.inoue@gmail.example"
    at.button_group(key="level case-001").set_value(Level.MASKED)
    fine(at.run())
    shown = leaving(at)["hina.inoue@gmail.example"]
    assert shown.startswith("masked-")
    button = at.get("download_button")[-1].proto
    assert button.label == "Download the evidence pack"
    pack = members(pack_of(Workspace(own_samples), "case-001", "Asia/Tokyo", Redaction(Level.MASKED)))
    for name in pack.namelist():
        assert b"hina.inoue" not in pack.read(name), name
    assert shown in pack.read("messages.csv").decode(), "the list says what stands in the pack"


def test_the_level_is_still_the_chosen_one_after_another_page(opened: Opener, own_samples: Path) -> None:
    put(own_samples, "outcome = 'bounced'")
    at = opened(own_samples, "pages/case.py")
    at.button_group(key="level case-001").set_value(Level.MASKED)
    at = fine(at.run())
    at.checkbox(key="keep_domains case-001").check()
    at = fine(at.run())
    fine(at.switch_page("pages/original.py").run())
    at = fine(at.switch_page("pages/case.py").run())
    assert at.button_group(key="level case-001").value == Level.MASKED
    assert at.checkbox(key="keep_domains case-001").value


def leaving(at: object) -> dict[str, str]:
    table = next(each.value for each in at.dataframe if "Leaves as" in each.value)  # type: ignore[attr-defined]
    return dict(zip(table["Address or name"], table["Leaves as"], strict=True))


def test_a_large_case_is_made_first_and_made_again_when_it_changes(
    opened: Opener, own_samples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(case_pack, "AT_ONCE", 1)
    put(own_samples, "outcome = 'bounced'", 2)
    at = opened(own_samples, "pages/case.py")
    fine(at.button(key="make_pack").click().run())
    assert at.get("download_button")[-1].proto.label == "Download the evidence pack"
    made = next((own_samples / "scratch").glob("upload-*/pack-*.zip"))
    assert "messages.csv" in members(made.read_bytes()).namelist()
    rename_case(Workspace(own_samples), "case-001", "Another")
    assert "make_pack" in {each.key for each in fine(at.run()).button}
