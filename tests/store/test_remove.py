"""A source can be taken out again, and takes nothing with it that another one also says."""

from pathlib import Path

import pytest

from lasthop.errors import NotFound
from lasthop.store import Workspace, remove_source
from lasthop.store.sources import find_source, sources
from lasthop.trace import look, refresh
from tests.store.exports import activity_row, load, write_activity
from tests.store.test_ingest import event_table, message_table


def remove(workspace: Workspace, name: str) -> None:
    (sha256,) = [source.sha256 for source in sources(workspace) if source.file == name]
    remove_source(workspace, sha256)
    refresh(workspace, everything=True)


def test_what_an_overlapping_source_says_stays(workspace: Workspace, tmp_path: Path) -> None:
    rows = [activity_row(n, "delivered", n) for n in range(10)]
    first = write_activity(tmp_path / "first.csv", rows[:7])
    second = write_activity(tmp_path / "second.csv", rows[4:])
    load(workspace, first, second)

    remove(workspace, "first.csv")

    alone = Workspace(tmp_path / "alone")
    load(alone, second)
    assert event_table(workspace) == event_table(alone)
    assert message_table(workspace) == message_table(alone)
    (left,) = sources(workspace)
    assert (left.file, left.added, left.duplicates) == ("second.csv", 6, 0)
    with look(workspace) as snapshot:
        assert snapshot.value("SELECT count(*) FROM events WHERE source_id <> ?", [left.sha256]) == 0


def test_three_overlapping_sources_keep_one_copy(workspace: Workspace, tmp_path: Path) -> None:
    rows = [activity_row(n, "delivered", n) for n in range(6)]
    names = ["a.csv", "b.csv", "c.csv"]
    load(workspace, *(write_activity(tmp_path / name, rows[: 4 + place]) for place, name in enumerate(names)))

    remove(workspace, "a.csv")

    assert len(event_table(workspace)) == 6
    assert sum(source.added for source in sources(workspace)) == 6


def test_its_bytes_go_and_it_can_come_back(workspace: Workspace, tmp_path: Path) -> None:
    path = write_activity(tmp_path / "a.csv", [activity_row(1, "delivered", 0)])
    (source,) = load(workspace, path).sources
    before = event_table(workspace)

    remove(workspace, "a.csv")

    assert event_table(workspace) == []
    assert not (workspace.root / "raw" / source.sha256).exists()
    with pytest.raises(NotFound):
        find_source(workspace, source.sha256)
    assert load(workspace, path).sources[0].added == 1
    assert event_table(workspace) == before
