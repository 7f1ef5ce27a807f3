"""A source can be taken out again, and takes nothing with it that another one also says."""

from pathlib import Path

import pytest

from lasthop.errors import Failure, NotFound
from lasthop.load import inspect, load_files, settle
from lasthop.store import Source, Workspace, import_member, remove_source
from lasthop.store import remove as store_remove
from lasthop.store.sources import find_source, sources
from lasthop.trace import look, refresh
from tests.store.exports import activity_row, load, mail_log_row, write_activity, write_mail_log
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


def test_whoever_looks_after_a_removal_sees_no_ghosts(workspace: Workspace, tmp_path: Path) -> None:
    """Also when the process that removed was killed before it derived the messages again."""
    one = write_activity(tmp_path / "one.csv", [activity_row(1, "delivered", 0)])
    load(workspace, one, write_activity(tmp_path / "two.csv", [activity_row(2, "delivered", 0)]))

    remove_source(workspace, next(s.sha256 for s in sources(workspace) if s.file == "one.csv"))

    assert [message["recipient"] for message in message_table(workspace)] == ["user2@mail.example"]


def test_a_load_that_slips_in_before_the_removal_loses_nothing(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [activity_row(1, "processed", 0), activity_row(1, "delivered", 2)]
    (first,) = load(workspace, write_activity(tmp_path / "a.csv", rows)).sources
    second = write_activity(tmp_path / "b.csv", [*rows, activity_row(1, "open", 9)])
    (offer,) = inspect(second, tmp_path)
    attempt = store_remove._try

    def slipped(workspace: Workspace, gone: Source) -> bool:
        assert offer.member is not None
        import_member(workspace, offer.member, settle(offer), first.clock_ms, zone_assumed=False)
        monkeypatch.setattr(store_remove, "_try", attempt)
        return attempt(workspace, gone)

    monkeypatch.setattr(store_remove, "_try", slipped)
    remove_source(workspace, first.sha256)

    assert [event["kind"] for event in event_table(workspace)].count("open") == 1
    assert len(event_table(workspace)) == 3
    assert [(source.added, source.duplicates) for source in sources(workspace)] == [(3, 0)]


def test_lines_of_the_future_stay_rejected_when_a_neighbour_goes(workspace: Workspace, tmp_path: Path) -> None:
    rows = [activity_row(1, "delivered", 0), activity_row(2, "delivered", 0)]
    late = ("2099-11-01 00:00:00.000", *activity_row(3, "delivered", 0)[1:])
    load(workspace, write_activity(tmp_path / "a.csv", rows))
    load(workspace, write_activity(tmp_path / "b.csv", [*rows, late]))

    remove(workspace, "a.csv")

    (left,) = sources(workspace)
    assert (left.events, left.added, left.duplicates, left.rejected) == (2, 2, 0, 1)
    assert len(message_table(workspace)) == 2


def test_the_same_file_in_another_way_must_be_removed_first(workspace: Workspace, tmp_path: Path) -> None:
    path = write_mail_log(tmp_path / "log.csv", [mail_log_row(1, 0)])
    load(workspace, path)

    again = load_files(workspace, [path], tmp_path, timezone="UTC")

    (failed,) = again.failed
    assert "already loaded" in str(failed.error)
    assert "Asia/Tokyo" in str(failed.error)
    assert "lasthop remove" in str(failed.error)
    assert not load_files(workspace, [path], tmp_path).failed  # no zone said: nothing to object to
    remove(workspace, "log.csv")
    assert load_files(workspace, [path], tmp_path, timezone="UTC").sources[0].first == 1793653200000


def test_a_lost_file_of_the_messages_is_derived_again(workspace: Workspace, tmp_path: Path) -> None:
    load(workspace, write_activity(tmp_path / "a.csv", [activity_row(1, "delivered", 0)]))
    before = message_table(workspace)
    for path in (workspace.root / "tables" / "messages").rglob("*.parquet"):
        path.unlink()

    assert message_table(workspace) == before


def test_a_lost_record_comes_back_with_the_file(workspace: Workspace, tmp_path: Path) -> None:
    path = write_activity(tmp_path / "a.csv", [activity_row(1, "delivered", 0)])
    (source,) = load(workspace, path).sources
    record = workspace.root / "sources" / f"{source.sha256}.json"
    record.write_text("{")
    with pytest.raises(Failure, match=record.name):
        sources(workspace)
    record.unlink()

    load(workspace, path)

    assert [(s.file, s.added) for s in sources(workspace)] == [("a.csv", 1)]
    assert len(event_table(workspace)) == 1
