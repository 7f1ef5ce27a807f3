"""The little sources of a day become one, and nothing else changes."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from lasthop.live.importing import import_waiting
from lasthop.live.merging import LARGE, merge, merge_days
from lasthop.live.spool import Spool
from lasthop.store import Workspace, remove_source
from lasthop.store.sources import rejected, sources
from lasthop.store.table import Conflict
from lasthop.trace import look
from lasthop.trace.table import is_stale
from tests.live.posting import NOW, event, posted

DAY = 86_400


@pytest.fixture(scope="module")
def three_batches(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The second repeats an event of the first, and has a line that cannot be read."""
    made = Workspace(tmp_path_factory.mktemp("merging") / "workspace")
    spool = Spool(made)
    older = event(2, timestamp=NOW - 3 * DAY)
    for body in (posted(event(1), older), posted(event(1), event(3)) + b"what is this", posted(event(4))):
        spool.keep(body)
        import_waiting(made, spool, lambda _: None)
    return made.root


@pytest.fixture
def workspace(three_batches: Path, tmp_path: Path) -> Workspace:
    return Workspace(shutil.copytree(three_batches, tmp_path / "workspace"))


def events(workspace: Workspace) -> list[dict[str, Any]]:
    with workspace.snapshot() as snapshot:
        return snapshot.rows("SELECT * EXCLUDE (source_id, source_line) FROM events ORDER BY recipient")


def led_back(workspace: Workspace) -> dict[str, str]:
    """Recipient -> the line of the file that its event leads to."""
    with workspace.snapshot() as snapshot:
        rows = snapshot.rows("SELECT recipient, source_id, source_line FROM events")
    text = {row["source_id"]: (workspace.root / "raw" / row["source_id"]).read_text().splitlines() for row in rows}
    return {row["recipient"]: text[row["source_id"]][row["source_line"] - 1] for row in rows}


def test_a_day_that_is_over_becomes_one_source(workspace: Workspace) -> None:
    before, lines = events(workspace), led_back(workspace)
    assert merge_days(workspace, NOW + 2 * DAY) == 3
    (source,) = sources(workspace)
    assert (source.rows, source.events, source.added, source.duplicates, source.rejected) == (6, 5, 4, 1, 1)
    assert events(workspace) == before
    assert led_back(workspace) == lines
    (bad,) = rejected(workspace, source)
    assert (workspace.root / "raw" / source.sha256).read_text().splitlines()[bad["line"] - 1] == "what is this"
    assert not is_stale(workspace)
    with look(workspace) as snapshot:
        assert snapshot.value("SELECT count(*) FROM messages") == 4


def test_the_day_that_runs_waits_for_a_crowd(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    assert merge_days(workspace, NOW) == 0
    monkeypatch.setattr("lasthop.live.merging.CROWD", 3)
    assert merge_days(workspace, NOW) == 3
    assert merge_days(workspace, NOW) == 0


def test_what_comes_later_joins_the_day(workspace: Workspace) -> None:
    merge_days(workspace, NOW + 2 * DAY)
    spool = Spool(workspace)
    spool.keep(posted(event(5), event(4)))
    import_waiting(workspace, spool, lambda _: None)
    assert merge_days(workspace, NOW + 2 * DAY) == 2
    (source,) = sources(workspace)
    assert (source.added, source.duplicates) == (5, 2)
    assert sorted(led_back(workspace)) == [f"user{n}@example.com" for n in range(1, 6)]


def test_large_sources_and_other_files_stay(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lasthop.live.merging.LARGE", 1)
    assert merge_days(workspace, NOW + 2 * DAY) == 0
    assert LARGE > 1 << 20


def test_a_merged_source_can_be_removed_whole(workspace: Workspace) -> None:
    merge_days(workspace, NOW + 2 * DAY)
    remove_source(workspace, sources(workspace)[0].sha256)
    assert not events(workspace)
    assert not sources(workspace)


def test_a_source_that_was_removed_meanwhile_stops_the_merge(workspace: Workspace) -> None:
    parts = sources(workspace)
    copies = {part.sha256: (workspace.root / "raw" / part.sha256).read_bytes() for part in parts}
    remove_source(workspace, parts[0].sha256)
    for sha256, content in copies.items():
        (workspace.root / "raw" / sha256).write_bytes(content)
    before = events(workspace)
    assert merge(workspace, parts, "event_webhook_2026-01-01.json") is None
    assert events(workspace) == before
    assert len(sources(workspace)) == len(parts) - 1


def test_a_kill_before_the_commit_changes_nothing(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    before, parts = events(workspace), sources(workspace)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as killing:
        killing.setattr("lasthop.store.table.Table.commit", killed)
        with pytest.raises(KeyboardInterrupt):
            merge_days(workspace, NOW + 2 * DAY)
    assert (events(workspace), sources(workspace)) == (before, parts)
    assert merge_days(workspace, NOW + 2 * DAY) == 3


def test_a_commit_of_somebody_else_in_between_makes_it_try_again(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, tries = type(workspace.events).commit, list[int]()

    def commit(*words: Any) -> None:
        tries.append(1)
        if len(tries) == 1:
            raise Conflict
        real(*words)

    monkeypatch.setattr("lasthop.store.table.Table.commit", commit)
    before = events(workspace)
    assert merge_days(workspace, NOW + 2 * DAY) == 3
    assert (len(tries), events(workspace)) == (2, before)
