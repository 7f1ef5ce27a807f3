"""From the spool into the store: every kept body once, whatever it holds and whenever the importer is killed."""

import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lasthop.errors import Failure
from lasthop.live import importing
from lasthop.live.importing import Stuck, import_waiting, run, stamped
from lasthop.live.spool import Spool
from lasthop.store import Workspace
from lasthop.store.sources import rejected, sources
from tests.live.posting import event, posted


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "workspace")


@pytest.fixture
def spool(workspace: Workspace) -> Spool:
    return Spool(workspace)


def imported(workspace: Workspace, spool: Spool) -> list[str]:
    lines: list[str] = []
    import_waiting(workspace, spool, lines.append)
    return lines


def stored(workspace: Workspace) -> list[dict[str, Any]]:
    with workspace.snapshot() as snapshot:
        return snapshot.rows("SELECT recipient, kind, kind_raw, source_id, source_line FROM events ORDER BY recipient")


def test_a_batch_becomes_one_source_that_leads_back_to_file_and_line(workspace: Workspace, spool: Spool) -> None:
    spool.keep(posted(event(1), event(2)))
    spool.keep(posted(event(3)))
    (line,) = imported(workspace, spool)
    (source,) = sources(workspace)
    assert line.startswith("2 posts, 3 events: 3 new, 0 known before; ")
    kept = (workspace.root / "raw" / source.sha256).read_bytes()
    assert kept == posted(event(1), event(2)) + posted(event(3))
    assert source.file.startswith("event_webhook_")
    for number, row in enumerate(stored(workspace), 1):
        assert row["source_id"] == source.sha256
        assert f"user{number}@example.com" in kept.decode().splitlines()[row["source_line"] - 1]
    assert not spool.waiting()
    assert not spool.batches()


def test_repeats_and_late_events_in_any_order_are_counted_once(workspace: Workspace, spool: Spool) -> None:
    spool.keep(posted(event(2), event(1)))
    imported(workspace, spool)
    spool.keep(posted(event(1, sg_event_id="another id for the same"), event(3, timestamp=1_780_000_000)))
    (line,) = imported(workspace, spool)
    assert "2 events: 1 new, 1 known before" in line
    assert [row["recipient"] for row in stored(workspace)] == [f"user{n}@example.com" for n in (1, 2, 3)]


@pytest.mark.parametrize(
    "bad",
    [
        b"<!DOCTYPE html><html><body>Please sign in {now}</body></html>",
        posted(event(7), event(8))[:-40],
        b'[{"event":"delivered","email":{"a":[',
        b'[{"event":"delivered","email":"user@exam',
        b'\xff\xfe{"event":1}',
        b"null",
    ],
)
def test_what_cannot_be_read_is_rejected_and_costs_its_neighbours_nothing(
    bad: bytes, workspace: Workspace, spool: Spool
) -> None:
    for body in (posted(event(1)), bad, posted(event(2))):
        spool.keep(body)
    imported(workspace, spool)
    (source,) = sources(workspace)
    recipients = [row["recipient"] for row in stored(workspace)]
    assert {"user1@example.com", "user2@example.com"} <= set(recipients)
    assert source.rejected == len(list(rejected(workspace, source))) >= 1


def test_unknown_events_fields_and_odd_values_are_kept(workspace: Workspace, spool: Spool) -> None:
    odd = [event(1, event="teleported"), event(2, tls="1", attempt=3, category="order"), event(3, new_field={"a": 1})]
    spool.keep(posted(*odd, event(4, timestamp=-5), event(5, timestamp=99_999_999_999)))
    (line,) = imported(workspace, spool)
    assert "3 events: 3 new, 0 known before; 2 rejected" in line
    assert stored(workspace)[0]["kind_raw"] == "teleported"


def test_empty_posts_leave_nothing_behind(workspace: Workspace, spool: Spool) -> None:
    for body in (b"", b"\r\n"):
        spool.keep(body)
    assert imported(workspace, spool)[0].startswith("2 posts; ")
    spool.keep(b"[]\r\n")
    imported(workspace, spool)
    assert not stored(workspace)
    assert not spool.batches()


def _kill_at(monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    """Break off where a kill could: KeyboardInterrupt passes every handler, as a kill does."""

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(place, killed)


@pytest.mark.parametrize(
    "place",
    [
        "lasthop.live.spool.sync",  # while a batch is frozen
        "lasthop.live.importing.load",  # before the commit
        "lasthop.live.importing.Spool.drop",  # after the commit
        "lasthop.live.spool.shutil.rmtree",  # while the batch is deleted
    ],
)
def test_a_kill_at_any_place_loses_and_doubles_nothing(
    place: str, workspace: Workspace, spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool.keep(posted(event(1), event(2)) + b"what is this")
    spool.keep(posted(event(3)))
    with monkeypatch.context() as killing:
        _kill_at(killing, place)
        with pytest.raises(KeyboardInterrupt):
            imported(workspace, spool)
    spool.keep(posted(event(4)))
    spool.begin()
    imported(workspace, spool)
    found = sources(workspace)
    assert sum(source.events for source in found) == sum(source.added for source in found) == 4
    assert sum(source.rejected for source in found) == 1
    assert len(stored(workspace)) == 4
    assert not list(spool.path.iterdir())


def _stopping(after: int) -> tuple[threading.Event, list[str], Callable[[str], None]]:
    stop, lines = threading.Event(), list[str]()

    def log(line: str) -> None:
        lines.append(line)
        if len(lines) >= after:
            stop.set()

    return stop, lines, log


def test_a_batch_that_is_stuck_is_put_aside_and_tried_again_at_the_next_start(
    workspace: Workspace, spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "PAUSE_S", 0.001)
    spool.keep(posted(event(1)))
    stop, lines, log = _stopping(6)
    with monkeypatch.context() as broken:
        broken.setattr(importing, "load", lambda *_: {}["user1@example.com"])
        run(workspace, 0, stop, log)
    assert lines[0].endswith("could not be imported (KeyError); try 1 of 5")
    assert "@" not in "".join(lines)
    assert [path.name[:12] for path in spool.path.glob("*-*")] == ["aside-batch-"]
    stop, lines, log = _stopping(1)
    run(workspace, 0, stop, log)
    assert lines[0].startswith("1 post, 1 event: 1 new")


def test_a_full_disk_is_waited_for(workspace: Workspace, spool: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    spool.keep(posted(event(1)))
    with monkeypatch.context() as full:
        full.setattr(importing, "load", lambda *_: (_ for _ in ()).throw(Failure("The disk did not take the data.")))
        with pytest.raises(Failure):
            imported(workspace, spool)
    assert len(spool.batches()) == 1
    assert len(imported(workspace, spool)) == 1


def test_a_damaged_batch_is_told_by_its_name_alone(
    workspace: Workspace, spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool.keep(posted(event(1)))
    batch = spool.freeze()
    assert batch
    shutil.rmtree(workspace.folder("scratch"))
    (workspace.root / "scratch").write_text("no folder")
    with pytest.raises((Stuck, Failure)):
        imported(workspace, spool)
    assert spool.batches() == [batch]


def test_log_lines_bear_their_time_and_no_control_character() -> None:
    assert stamped("a\x1b[2Jb")[20:] == " a\N{REPLACEMENT CHARACTER}[2Jb"
