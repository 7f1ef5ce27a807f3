"""The removal on the page of an address: behind a key, the checklist and the address typed again."""

import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lasthop.app import stop_list_removal
from lasthop.errors import InputError
from lasthop.live.removal import removals
from lasthop.standin import Account, running, stand_in
from lasthop.store import Workspace
from tests.explain.listings import bounce_entry, workspace_of
from tests.live.pulling import sent
from tests.live.test_removal import KEY, Service
from tests.pages.opening import Opener, fine, markdown_of, texts_of

PAGE = "pages/recipient.py"
EXPANDER = "Take the address off a list over the API"
ADDRESS = "anna@mail.example"


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("SENDGRID_API_KEY", KEY)
    return workspace_of(tmp_path, [], bounces=[bounce_entry(ADDRESS, 0)])


def opened(monkeypatch: pytest.MonkeyPatch, workspace: Workspace) -> AppTest:
    return Opener(monkeypatch)(workspace.root, PAGE, recipient=ADDRESS)


def tick_what_comes_before(at: AppTest) -> None:
    """Every step of the checklist up to the removal itself."""
    removal = next(n for n, box in enumerate(at.checkbox) if "Only then remove it" in box.label.replace("\\", ""))
    for box in at.checkbox[:removal]:
        box.check()
    fine(at.run())


def send(at: AppTest, typed: str, who: str = "Hana") -> None:
    next(box for box in at.text_input if box.label == "The address").set_value(typed)
    next(box for box in at.text_input if box.label.startswith("Your name")).set_value(who)
    next(button for button in at.button if button.label == "Remove it at SendGrid").click()
    at.run()


def test_without_a_key_there_is_no_removal(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stop_list_removal, "find_key", _no_key)
    assert EXPANDER not in [each.label for each in opened(monkeypatch, workspace).expander]


def _no_key() -> None:
    raise InputError("There is no key.")


def test_the_checklist_comes_first(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    at = opened(monkeypatch, workspace)
    assert EXPANDER in [each.label for each in at.expander]
    assert "3 steps before the removal not ticked" in texts_of(at)
    assert not [button for button in at.button if "Remove" in button.label]
    assert KEY not in texts_of(at) + markdown_of(at)


def test_the_address_is_removed_when_it_is_typed_again(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    service = Service(204)
    monkeypatch.setattr(stop_list_removal, "connect", lambda *_, **__: service.account())
    at = opened(monkeypatch, workspace)
    tick_what_comes_before(at)
    send(at, "anna@mail.exampl")
    assert "was not typed as it stands above" in at.error[0].value
    assert not service.asked
    send(at, ADDRESS)
    assert not at.exception
    assert "SendGrid removed the address from bounces" in at.success[0].value
    assert service.asked == ["DELETE /v3/suppression/bounces/anna%40mail.example"]
    assert [line["state"] for line in removals(workspace)] == ["asked", "done"]
    assert "Hana" in markdown_of(at)


def test_a_refusal_is_a_sentence(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stop_list_removal, "connect", lambda *_, **__: Service(403).account())
    at = opened(monkeypatch, workspace)
    tick_what_comes_before(at)
    send(at, ADDRESS)
    assert "This key may not remove from bounces" in at.error[0].value.replace("\\", "")


def test_it_is_asked_where_the_environment_says(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    bounced = ("bounce", 2, None, {"type": "bounce", "reason": "550 no"})
    held = Account([sent(1, int(time.time()) - 3_600, bounced, recipient=ADDRESS)], key=KEY)
    with running(stand_in(held)) as address:
        monkeypatch.setenv("LASTHOP_SENDGRID_URL", address)
        at = opened(monkeypatch, workspace)
        tick_what_comes_before(at)
        send(at, ADDRESS)
    assert held.removed == {("bounces", ADDRESS)}
    assert held.requests == ["DELETE /v3/suppression/bounces/anna@mail.example"]
