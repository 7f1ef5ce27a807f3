"""One address off one stop list: what is asked, what must be typed, and what is written down before and after."""

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import requests
from requests.adapters import BaseAdapter

from lasthop.errors import Failure, InputError
from lasthop.explain.stop_lists.calls import calls_of
from lasthop.explain.stop_lists.meanings import stop_list_meanings
from lasthop.live import removal
from lasthop.live.removal import AUDIT, Entry, removals, remove_address
from lasthop.model.kinds import STOP_LISTS
from lasthop.pull import Circumstances, Key, Refused, SendGrid, Unanswered
from lasthop.store import Workspace

ADDRESS = "o'brien+list@example.com"
KEY = "SG.an-invented-key-of-a-test"


class Service(BaseAdapter):
    """Answers with these statuses, one after another; keeps what it was asked."""

    def __init__(self, *statuses: int, looks: Callable[[], None] = lambda: None) -> None:
        super().__init__()
        self.statuses, self.asked, self.looks = list(statuses), list[str](), looks

    def send(self, request: requests.PreparedRequest, **_: Any) -> requests.Response:  # type: ignore[override]
        self.looks()
        self.asked.append(f"{request.method} {request.path_url}")
        response = requests.Response()
        response.status_code, response.request, response.url = self.statuses.pop(0), request, request.url or ""
        response.raw = BytesIO(b"" if response.status_code == 204 else b'{"errors":[{"message":"no"}]}')
        return response

    def close(self) -> None:
        pass

    def account(self) -> SendGrid:
        return SendGrid(
            Key(KEY, "a test"), circumstances=Circumstances(sleep=lambda _: None, chance=lambda: 0.0, transport=self)
        )


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "workspace")


def removed(
    workspace: Workspace, service: Service, entry: Entry | None = None, typed: str = ADDRESS
) -> removal.Removed:
    return remove_address(workspace, service.account(), entry or Entry("bounces", ADDRESS), typed=typed, who="Hana")


@pytest.mark.parametrize("stop_list", STOP_LISTS)
def test_the_call_is_the_one_that_the_checklist_shows(stop_list: str, workspace: Workspace) -> None:
    group = "12" if stop_list == "group_unsubscribes" else None
    service = Service(204)
    assert removed(workspace, service, Entry(stop_list, ADDRESS, group)).was_there
    shown = calls_of(stop_list_meanings()[stop_list].removal.call, ADDRESS, [group] if group else [])
    assert service.asked == list(shown)


def test_it_is_noted_before_and_after(workspace: Workspace) -> None:
    seen: list[list[dict[str, Any]]] = []
    service = Service(204, looks=lambda: seen.append(removals(workspace)))
    said = removed(workspace, service)
    ((before,),) = seen
    asked, done = removals(workspace, ADDRESS)
    assert before == asked
    assert (asked["state"], done["state"], done["answer"]) == ("asked", "done", said.sentence)
    assert asked["id"] == done["id"]
    assert (done["who"], done["stop_list"], done["address"]) == ("Hana", "bounces", ADDRESS)
    assert done["at"].endswith("+00:00")
    assert KEY not in (workspace.root / AUDIT).read_text()


@pytest.mark.parametrize("typed", ["", "brien+list@example.com", "o'brien+list@example.co", "o'brien list@example.com"])
def test_nothing_is_asked_until_the_address_is_typed_again(typed: str, workspace: Workspace) -> None:
    service = Service()
    with pytest.raises(InputError, match="nothing was removed"):
        removed(workspace, service, typed=typed)
    with pytest.raises(InputError, match="Nobody is named"):
        remove_address(workspace, service.account(), Entry("bounces", ADDRESS), typed=ADDRESS, who=" ")
    assert (service.asked, removals(workspace)) == ([], [])


@pytest.mark.parametrize(
    "entry",
    [
        Entry("bounces", ""),
        Entry("bounces", "example.com"),
        Entry("bounces", " a@example.com"),
        Entry("bounces", "a@example.com", "12"),
        Entry("group_unsubscribes", "a@example.com"),
        Entry("group_unsubscribes", "a@example.com", "12/../13"),
        Entry("everything", "a@example.com"),
    ],
)
def test_what_could_remove_something_else_is_refused(entry: Entry, workspace: Workspace) -> None:
    service = Service()
    with pytest.raises(InputError):
        removed(workspace, service, entry, typed=entry.address)
    assert not service.asked


def test_an_entry_that_is_not_there_is_no_error(workspace: Workspace) -> None:
    said = removed(workspace, Service(404))
    assert not said.was_there
    assert "nothing was changed" in said.sentence
    said = removed(workspace, Service(503, 404))
    assert "an earlier try, which was not answered, may have removed it" in said.sentence


def test_a_key_without_the_right_says_so_and_that_is_noted(workspace: Workspace) -> None:
    with pytest.raises(Refused, match=r"may not remove from bounces.*right to delete"):
        removed(workspace, Service(403))
    assert [line["state"] for line in removals(workspace)] == ["asked", "failed"]


def test_silence_is_noted_as_such(workspace: Workspace) -> None:
    with pytest.raises(Unanswered):
        removed(workspace, Service(*[500] * 9))
    assert removals(workspace)[-1]["state"] == "failed"


def test_without_an_audit_nothing_is_asked(workspace: Workspace) -> None:
    (workspace.folder("") / AUDIT).mkdir()
    service = Service(204)
    with pytest.raises(Failure, match="audit"):
        removed(workspace, service)
    assert not service.asked


def test_a_removal_is_told_even_when_it_cannot_be_noted(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError("no space")

    said = removed(workspace, Service(204, looks=lambda: monkeypatch.setattr(removal, "sync", full)))
    assert said.was_there
    assert "SendGrid removed the address" in said.sentence
    assert "cannot be written" in said.sentence


def test_a_line_that_a_kill_cut_short_spoils_no_other(workspace: Workspace) -> None:
    (workspace.folder("") / AUDIT).write_text(json.dumps({"address": ADDRESS, "answer": "old"}) + '\n{"address": "o')
    removed(workspace, Service(204))
    assert [line.get("answer") for line in removals(workspace, ADDRESS)][0::2] == [
        "old",
        removals(workspace)[-1]["answer"],
    ]
