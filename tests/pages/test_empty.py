from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.opening import PAGES, ROOT, Opener, texts_of


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_on_an_empty_workspace(opened: Opener, empty: Path, page: str) -> None:
    at = opened(empty, page)
    assert len(at.title) == 1
    assert [link.value for link in at.sidebar.get("page_link")][:2] == ["Overview", "Messages"]


def test_overview_says_what_to_do_first(opened: Opener, empty: Path) -> None:
    at = opened(empty)
    assert at.markdown[0].value.count("\n") == 2  # three steps
    assert at.button(key="load_samples")


def test_a_message_that_is_nowhere_is_explained(opened: Opener, empty: Path) -> None:
    at = opened(empty, "pages/message.py", message="m0123")
    assert "Nothing is loaded yet" in texts_of(at)


def test_a_workspace_that_is_a_file_is_told_in_words(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    place = tmp_path / "file"
    place.write_text("")
    monkeypatch.setenv("LASTHOP_WORKSPACE", str(place))
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    assert not at.exception
    assert "not a workspace folder" in at.error[0].proto.title
    assert str(place) not in at.error[0].proto.title  # its dots and slashes are escaped


def test_a_fault_of_ours_is_logged_and_told_calmly(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, empty: Path
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("a secret of the machine")

    monkeypatch.setenv("LASTHOP_WORKSPACE", str(empty))
    monkeypatch.setattr("lasthop.app.screen.look", fail)
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    assert not at.exception
    assert "could not be drawn" in at.error[0].proto.title
    assert "secret" not in at.error[0].value
    assert "ZeroDivisionError" in caplog.text
