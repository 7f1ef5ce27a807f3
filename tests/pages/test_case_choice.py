"""Many cases: choosing, new, copy, close, links, damaged files, and putting messages into one from other pages."""

import os
from pathlib import Path

from lasthop.pack.case import list_cases, open_case
from lasthop.store import Workspace
from tests.pages.case_data import case_of, field, put, read
from tests.pages.opening import Opener, fine, markdown_of, select

HOSTILE = "../../etc/passwd ![x](https://tracker.example/x.png) <script>alert(1)</script>"


def both(root: Path) -> None:
    """Two cases, the second saved last."""
    put(root, "outcome = 'bounced'", 2, "case-001", "The first one")
    put(root, "outcome = 'expired'", 1, "case-002", "The second one")
    os.utime(root / "cases" / "case-001.toml", (1_000_000_000, 1_000_000_000))


def test_the_case_saved_last_opens_and_the_address_names_it(opened: Opener, own_samples: Path) -> None:
    both(own_samples)
    at = opened(own_samples, "pages/case.py")
    assert field(at, "Title").value == "The second one"
    assert case_of(at) == "case-002"


def test_a_link_opens_its_case(opened: Opener, own_samples: Path) -> None:
    both(own_samples)
    at = opened(own_samples, "pages/case.py", case="case-001")
    assert field(at, "Title").value == "The first one"
    assert len(at.dataframe[0].value) == 2


def test_choosing_another_case_shows_it_and_changes_the_address(opened: Opener, own_samples: Path) -> None:
    both(own_samples)
    at = opened(own_samples, "pages/case.py")
    choice = next(each for each in at.selectbox if each.label.startswith("Case ("))
    assert choice.options == ["case-002 · The second one · 1 message", "case-001 · The first one · 2 messages"]
    choice.set_value("case-001")
    fine(at.run())
    assert field(at, "Title").value == "The first one"
    assert case_of(at) == "case-001"


def test_new_copy_close_and_open_again(opened: Opener, own_samples: Path) -> None:
    workspace = Workspace(own_samples)
    put(own_samples, "outcome = 'bounced'", title="Mail to example.jp")
    at = opened(own_samples, "pages/case.py")
    fine(at.button(key="copy_case").click().run())
    assert case_of(at) == "case-002"
    assert open_case(workspace, "case-002").title == "Copy of Mail to example.jp"
    fine(at.button(key="close_case").click().run())
    assert open_case(workspace, "case-002").closed
    assert at.info[0].proto.title == "Closed"
    fine(at.button(key="reopen_case").click().run())
    assert not open_case(workspace, "case-002").closed
    fine(at.button(key="new_case").click().run())
    assert case_of(at) == "case-003"
    assert "No message is in the case" in at.subheader[0].value
    field(at, "Title").set_value("Renamed")
    fine(at.run())
    assert open_case(workspace, "case-003").title == "Renamed"


def test_a_damaged_case_is_said_and_hides_no_other(opened: Opener, own_samples: Path) -> None:
    put(own_samples, "outcome = 'bounced'", title="Sound")
    damaged = own_samples / "cases" / "case-002.toml"
    damaged.write_bytes(b"\xff not a case")
    at = opened(own_samples, "pages/case.py")
    assert field(at, "Title").value == "Sound"
    assert "1 case file cannot be read" in at.warning[0].proto.title
    assert "case-002" in read(at.warning[0].value)
    assert damaged.read_bytes() == b"\xff not a case"


def test_a_link_to_a_damaged_case_says_so_and_offers_another(opened: Opener, own_samples: Path) -> None:
    put(own_samples, "outcome = 'bounced'", title="Sound")
    (own_samples / "cases" / "case-002.toml").write_bytes(b"\xff not a case")
    at = opened(own_samples, "pages/case.py")
    at.query_params["case"] = "case-002"
    at.run()
    assert "damaged" in at.error[0].proto.title
    fine(at.button(key="open_other").click().run())
    assert field(at, "Title").value == "Sound"


def test_a_link_to_no_case_and_a_path_as_case(opened: Opener, own_samples: Path) -> None:
    at = opened(own_samples, "pages/case.py", case="case-099")
    assert "case-099" in read(at.warning[0].proto.title)
    at.query_params["case"] = "../../etc/passwd"
    at.run()
    assert "cannot be the id of a case" in read(at.error[0].proto.title)


def test_a_hostile_title_is_shown_as_text(opened: Opener, own_samples: Path) -> None:
    put(own_samples, "outcome = 'bounced'", title=HOSTILE)
    at = opened(own_samples, "pages/case.py")
    assert field(at, "Title").value == HOSTILE
    assert "![x](" not in markdown_of(at)
    assert "<script" not in markdown_of(at)
    assert at.get("download_button")[-1].proto.label == "Download the evidence pack"
    ids = open_case(Workspace(own_samples)).messages
    at = opened(own_samples, "pages/message.py", message=ids[0])
    assert "![x](" not in markdown_of(at)


def test_messages_go_into_the_current_case_another_or_a_new_one(opened: Opener, own_samples: Path) -> None:
    both(own_samples)
    workspace = Workspace(own_samples)
    (message,) = put(own_samples, "outcome = 'complained'", 1, "case-003")
    (own_samples / "cases" / "case-003.toml").unlink()
    at = opened(own_samples, "pages/message.py", message=message)
    fine(at.button(key="put_into_case").click().run())
    assert message in open_case(workspace, "case-002").messages
    assert at.button(key="put_into_case").label == "In the case"
    at.selectbox(key="put_where").set_value("case-001")
    fine(at.run())
    fine(at.button(key="put_there").click().run())
    assert open_case(workspace, "case-001").messages[-1] == message
    assert open_case(workspace, "case-001").title == "The first one"
    fine(at.button(key="put_into_new").click().run())
    assert open_case(workspace, "case-003").messages == (message,)


def test_a_damaged_case_does_not_keep_messages_from_being_put_into_another(opened: Opener, own_samples: Path) -> None:
    (message,) = put(own_samples, "outcome = 'complained'", 1, "case-001")
    (own_samples / "cases" / "case-001.toml").write_bytes(b"[")
    at = opened(own_samples, "pages/message.py", message=message)
    fine(at.button(key="put_into_case").click().run())
    assert [each.id for each in list_cases(Workspace(own_samples)) if each.case] == ["case-002"]
    assert open_case(Workspace(own_samples), "case-002").messages == (message,)


def test_ticked_messages_of_a_recipient_go_into_the_case(opened: Opener, own_samples: Path) -> None:
    at = opened(own_samples, "pages/recipient.py", recipient="hina.inoue@gmail.example")
    at = select(at, "recipient_messages", rows=(0,))
    fine(at.button(key="put_into_case").click().run())
    assert len(open_case(Workspace(own_samples), "case-001").messages) == 1


def test_the_newest_message_with_a_reply_goes_into_the_case(opened: Opener, own_samples: Path) -> None:
    at = opened(own_samples, "pages/reasons.py", reason="invalid_recipient")
    fine(at.button(key="put_into_case").click().run())
    assert len(open_case(Workspace(own_samples), "case-001").messages) == 1
