import multiprocessing
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lasthop.errors import Conflict, InputError
from lasthop.pack import (
    Case,
    add_messages,
    attach,
    attached_bytes,
    begin_case,
    close_case,
    copy_case,
    list_cases,
    new_case,
    open_case,
    presence,
    save_case,
    with_messages,
    without_message,
)
from lasthop.store import Snapshot, Workspace, remove_source
from lasthop.store.sources import sources
from lasthop.trace import look, refresh
from tests.pack.conftest import FILES
from tests.pack.exports import every_message, load

texts = st.text(alphabet=st.characters(codec="utf-8"), max_size=20)


def test_an_empty_workspace_has_a_fresh_case_and_nothing_is_written(workspace: Workspace) -> None:
    assert open_case(workspace) == Case("case-001")
    assert not workspace.root.exists()


@given(texts, texts, st.lists(texts, unique=True), st.dictionaries(texts, texts))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_case_comes_back_as_it_was(
    workspace: Workspace, title: str, notes: str, messages: list[str], ticket: dict[str, str]
) -> None:
    case = Case("case-001", title, "Where?", "A asks B", tuple(messages), notes, ticket)
    there = open_case(workspace)
    saved = save_case(workspace, replace(case, revision=there.revision))
    assert open_case(workspace) == saved == replace(case, revision=there.revision + 1)


def test_the_case_that_was_saved_last_is_the_current_one(workspace: Workspace) -> None:
    for number, name in enumerate(("case-002", "case-001", "old")):
        save_case(workspace, Case(name))
        os.utime(workspace.root / "cases" / f"{name}.toml", ns=(0, 1_000 - number))
    assert open_case(workspace).id == "case-002"
    assert new_case(workspace).id == "case-003"


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".hidden", "a\0", "ü", "x" * 65, "con.toml"])
def test_an_id_that_is_no_file_name_is_refused(workspace: Workspace, name: str) -> None:
    with pytest.raises(InputError, match="cannot be the id"):
        save_case(workspace, Case(name))
    assert not workspace.root.exists()


@pytest.mark.parametrize(
    "content",
    [
        b'title = "cut',
        b"\xff\xfe",
        b"title = 5",
        b'messages = "m1"',
        b"messages = [1]",
        b"ticket = 3",
        b"[ticket]\nx = 1",
        b"revision = true",
        b"revision = 0",
        b'[[attachments]]\nname = "x"\nsha256 = "' + b"a" * 64 + b'"\nbytes = -1',
    ],
)
def test_a_damaged_file_is_told_and_kept(workspace: Workspace, content: bytes) -> None:
    path = workspace.folder("cases") / "case-001.toml"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        open_case(workspace)
    assert caught.value.title == "The case file cases/case-001.toml is damaged."
    assert "left as it is" in caught.value.message
    assert caught.value.hint
    assert path.read_bytes() == content


def test_a_file_written_by_hand_may_leave_parts_out(workspace: Workspace) -> None:
    (workspace.folder("cases") / "mine.toml").write_text('title = "T"\nmessages = ["m1", "m1", "m2"]\n')
    assert open_case(workspace) == Case("mine", "T", messages=("m1", "m2"), revision=1)


def test_text_that_no_file_can_hold_does_not_lose_the_case(workspace: Workspace) -> None:
    save_case(workspace, Case("case-001", "cut \ud83d"))
    assert open_case(workspace).title == "cut ?"


def test_messages_are_added_once_and_taken_out() -> None:
    case = with_messages(Case("c", messages=("b",), ticket={"number:b": "7"}), ["a", "b", "a"])
    assert case.messages == ("b", "a")
    assert without_message(case, "b").messages == ("a",)
    assert without_message(case, "b").ticket == {"number:b": "7"}
    assert without_message(case, "unknown") == case


def test_messages_that_are_there_and_those_that_nobody_knows(snapshot: Snapshot) -> None:
    ids = every_message(snapshot)
    found = presence(snapshot, (ids[2], "m0", ids[0], "a0123456789abcdef", ids[0]))
    assert found.messages == (ids[0], ids[2])
    assert found.absent == ("m0", "a0123456789abcdef")
    assert found.moved == {}


def test_a_message_whose_source_was_removed_is_reported_not_lost(own: Workspace) -> None:
    with look(own) as snapshot:
        case = Case("case-001", messages=every_message(snapshot))
    case = save_case(own, case)
    remove_source(own, next(s.sha256 for s in sources(own) if s.file == "activity.csv"))
    refresh(own, everything=True)
    with look(own) as snapshot:
        assert open_case(own) == case
        assert set(presence(snapshot, case.messages).absent) == set(case.messages)


def test_an_application_row_is_followed_to_the_message_it_was_tied_to(workspace: Workspace, tmp_path: Path) -> None:
    files = dict(FILES)
    load(workspace, tmp_path / "files", [("mail_log.csv", files["mail_log.csv"])])
    with look(workspace) as snapshot:
        rows = every_message(snapshot)
    assert {row[0] for row in rows} == {"a"}
    load(workspace, tmp_path / "files", [("activity.csv", files["activity.csv"])])
    with look(workspace) as snapshot:
        now = every_message(snapshot)
        found = presence(snapshot, rows)
    assert found.messages == now[:2]
    assert found.moved == {rows[0]: (now[0],), rows[1]: (now[1],)}
    assert found.absent == ()


def test_a_save_over_what_someone_else_saved_is_refused(workspace: Workspace) -> None:
    mine = save_case(workspace, Case("c", "first"))
    save_case(workspace, replace(mine, title="theirs"))
    with pytest.raises(Conflict, match="Open the case again"):
        save_case(workspace, replace(mine, title="mine"))
    with pytest.raises(Conflict):
        save_case(workspace, Case("c", "new"))
    assert open_case(workspace, "c").title == "theirs"


def _add(root: Path, name: str) -> None:
    for number in range(10):
        add_messages(Workspace(root), "c", [f"{name}{number}"])


def test_messages_that_two_processes_add_are_all_there(workspace: Workspace) -> None:
    save_case(workspace, Case("c", "kept"))
    context = multiprocessing.get_context("spawn")
    both = [context.Process(target=_add, args=(workspace.root, name)) for name in "ab"]
    for each in both:
        each.start()
    for each in both:
        each.join(60)
    case = open_case(workspace, "c")
    assert set(case.messages) == {f"{name}{number}" for name in "ab" for number in range(10)}
    assert (case.title, case.revision) == ("kept", 21)


def test_many_cases_are_listed_copied_and_closed(workspace: Workspace) -> None:
    save_case(workspace, Case("case-001", "Late", messages=("m1",)))
    copied = copy_case(workspace, "case-001")
    assert (copied.id, copied.title, copied.messages) == ("case-002", "Copy of Late", ("m1",))
    close_case(workspace, "case-002")
    (workspace.root / "cases" / "bad.toml").write_text("title = 5")
    assert {each.id: each.problem is None for each in list_cases(workspace)} == {
        "case-001": True, "case-002": True, "bad": False,
    }  # fmt: skip
    (workspace.root / "cases" / "bad.toml").unlink()
    assert open_case(workspace).id == "case-001"


def test_attached_bytes_are_kept_once_under_a_harmless_name(workspace: Workspace) -> None:
    save_case(workspace, Case("c"))
    for name in ("../../etc/passwd", "..\\passwd"):
        case = attach(workspace, "c", name, b"log")
    (one,) = case.attachments
    assert (one.name, attached_bytes(workspace, one)) == ("passwd", b"log")
    assert len(list((workspace.root / "cases" / "files").iterdir())) == 1
    with pytest.raises(InputError):
        attach(workspace, "c", "empty", b"")


def test_cases_that_begin_at_the_same_moment_all_begin(workspace: Workspace) -> None:
    titles = [f"Case {n}" for n in range(6)]
    with ThreadPoolExecutor(6) as people:
        begun = list(people.map(lambda title: begin_case(workspace, Case("new", title=title)), titles))
    assert sorted(case.id for case in begun) == [f"case-00{n}" for n in range(1, 7)]
    assert sorted(each.case.title for each in list_cases(workspace) if each.case) == titles
