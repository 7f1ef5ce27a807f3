"""Nothing twice, nothing lost, everything traceable to its line."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lasthop.store import Workspace
from lasthop.store.sources import rejected, sources
from lasthop.store.tidy import _sweep_kept_bytes
from lasthop.trace import look
from tests.store.exports import activity_row, load, mail_log_row, write_activity, write_mail_log

ORIGIN = "source_id, source_line, batch"


def event_table(workspace: Workspace) -> list[dict[str, Any]]:
    with look(workspace) as snapshot:
        return snapshot.rows(f"SELECT * EXCLUDE ({ORIGIN}) FROM events ORDER BY event_id")


def message_table(workspace: Workspace) -> list[dict[str, Any]]:
    with look(workspace) as snapshot:
        return snapshot.rows("SELECT * FROM messages ORDER BY message")


def test_the_same_file_again_adds_nothing_and_says_so(workspace: Workspace, tmp_path: Path) -> None:
    path = write_activity(tmp_path / "a.csv", [activity_row(1, "processed", 0), activity_row(1, "delivered", 2)])
    load(workspace, path)
    before = event_table(workspace)

    (again,) = load(workspace, path).sources

    assert (again.rows, again.added, again.duplicates) == (2, 0, 2)
    assert event_table(workspace) == before
    assert len(sources(workspace)) == 1


def test_the_same_bytes_under_another_name_are_the_same_source(workspace: Workspace, tmp_path: Path) -> None:
    path = write_activity(tmp_path / "a.csv", [activity_row(1, "processed", 0)])
    copy = tmp_path / "b (1).csv"
    copy.write_bytes(path.read_bytes())

    load(workspace, path, copy)

    assert [source.file for source in sources(workspace)] == ["a.csv"]


def test_an_overlap_is_counted_as_duplicates(workspace: Workspace, tmp_path: Path) -> None:
    rows = [activity_row(n, "delivered", n) for n in range(10)]
    first = write_activity(tmp_path / "first.csv", rows[:7])
    second = write_activity(tmp_path / "second.csv", rows[4:])

    report = load(workspace, first, second)

    assert [(s.added, s.duplicates) for s in report.sources] == [(7, 0), (3, 3)]
    assert report.messages == 10


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_order_and_any_overlap_give_the_same_tables(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("any-order")
    kinds = st.sampled_from(["processed", "deferred", "delivered", "bounce", "drop", "open"])
    events = data.draw(st.lists(st.tuples(st.integers(1, 6), kinds, st.integers(0, 90_000)), min_size=1, max_size=25))
    rows = [activity_row(number, event, second) for number, event, second in events]
    log = [mail_log_row(number, second % 7000) for number, _, second in events]
    files = []
    for place in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(rows) - 1))
        end = data.draw(st.integers(start + 1, len(rows)))
        files.append(write_activity(folder / f"activity{place}.csv", rows[start:end]))
        files.append(write_mail_log(folder / f"log{place}.csv", sorted(log[start:end])))
    tables = []
    for order in (files, data.draw(st.permutations(files))):
        workspace = Workspace(folder / f"workspace{len(tables)}")
        for path in order:
            load(workspace, path)
        tables.append((event_table(workspace), message_table(workspace)))

    assert tables[0] == tables[1]


def test_two_equal_rows_of_the_mail_log_are_two_mails(workspace: Workspace, tmp_path: Path) -> None:
    row = mail_log_row(1, 0)
    once = write_mail_log(tmp_path / "once.csv", [row, mail_log_row(2, 5)])
    twice = write_mail_log(tmp_path / "twice.csv", [row, row])

    report = load(workspace, once, twice)

    assert [(s.added, s.duplicates) for s in report.sources] == [(2, 0), (1, 1)]


def test_the_csv_and_the_webhook_keep_what_each_knows(workspace: Workspace, tmp_path: Path) -> None:
    """In whichever order they come: the webhook has no subject, and must not push the row out that has one."""
    time, identity, _, xid, subject, address, *_ = activity_row(1, "processed", 0)
    event = {
        "email": address, "event": "processed", "timestamp": 1793620800, "sg_message_id": identity,
        "smtp-id": f"<{xid}@geopod-ismtpd-1>", "sg_event_id": "b",
    }  # fmt: skip
    webhook = tmp_path / "webhook.json"
    webhook.write_text(json.dumps([event]))
    csv = write_activity(tmp_path / "activity.csv", [activity_row(1, "processed", 0)])
    assert time == "2026-11-02 12:00:00.000"

    for place, order in enumerate([(webhook, csv), (csv, webhook)]):
        other = Workspace(workspace.root / str(place))
        load(other, *order)
        (message,) = message_table(other)
        assert (message["subject"], message["message_id_header"]) == (subject, f"<{xid}@geopod-ismtpd-1>")


def test_every_event_leads_back_to_its_line(workspace: Workspace, tmp_path: Path) -> None:
    rows = [
        activity_row(1, "processed", 0),
        activity_row(1, "bounce", 3, reason='550 5.1.1 ""no""\nsuch user', kind="bounce"),
        activity_row(2, "processed", 4),
    ]
    path = write_activity(tmp_path / "a.csv", rows)
    (source,) = load(workspace, path).sources

    with look(workspace) as snapshot:
        lines = snapshot.rows("SELECT kind, x_message_id, source_line, source_id FROM events ORDER BY source_line")

    kept = (workspace.root / "raw" / source.sha256).read_bytes()
    assert kept == path.read_bytes()
    assert [event["source_line"] for event in lines] == [2, 3, 5]
    for event in lines:
        assert event["x_message_id"] in kept.decode().splitlines()[event["source_line"] - 1]


def test_a_file_that_cannot_be_read_leaves_nothing_behind(workspace: Workspace, tmp_path: Path) -> None:
    good = write_activity(tmp_path / "good.csv", [activity_row(1, "processed", 0)])
    load(workspace, good)
    before = sorted(p.relative_to(workspace.root) for p in (workspace.root / "raw").iterdir())
    bad = tmp_path / "bad.csv"
    bad.write_bytes(b"%PDF-1.7\n" + bytes(range(256)))

    from lasthop.load import load_files  # noqa: PLC0415

    report = load_files(workspace, [bad], tmp_path, timezone="Asia/Tokyo")

    assert [failed.file for failed in report.failed] == ["bad.csv"]
    assert sorted(p.relative_to(workspace.root) for p in (workspace.root / "raw").iterdir()) == before


def test_rejected_lines_are_kept_with_their_reason(workspace: Workspace, tmp_path: Path) -> None:
    odd = ("31 February", *activity_row(2, "delivered", 0)[1:])
    path = write_activity(tmp_path / "a.csv", [activity_row(1, "delivered", 0), odd])

    (source,) = load(workspace, path).sources

    assert (source.rows, source.events, source.rejected) == (2, 1, 1)
    (line,) = rejected(workspace, source)
    assert (line["file"], line["line"]) == ("a.csv", 3)
    assert "31 February" in line["text"]
    assert line["reason"]


def test_many_small_loads_do_not_pile_up_files(workspace: Workspace, tmp_path: Path) -> None:
    for number in range(24):
        load(workspace, write_activity(tmp_path / f"{number}.csv", [activity_row(number, "delivered", number)]))

    assert len(event_table(workspace)) == len(message_table(workspace)) == 24
    assert len(workspace.events.open().file_uris()) <= 21
    assert {source.added for source in sources(workspace)} == {1}


def test_what_killed_loads_left_is_swept_after_a_day(workspace: Workspace, tmp_path: Path) -> None:
    (source,) = load(workspace, write_activity(tmp_path / "a.csv", [activity_row(1, "delivered", 0)])).sources
    raw = workspace.root / "raw"
    orphan, fresh = raw / ("0" * 64), raw / ("1" * 64)
    for path in (orphan, fresh, raw / source.sha256):
        path.write_bytes(b"left behind" if path.name != source.sha256 else path.read_bytes())
    for path in (orphan, raw / source.sha256):
        os.utime(path, (0, 0))

    _sweep_kept_bytes(workspace)

    assert sorted(path.name for path in raw.iterdir()) == sorted([fresh.name, source.sha256])


def test_what_a_load_wrote_is_on_the_disk_before_it_returns(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """delta-rs syncs nothing: after a power cut an acknowledged commit could be gone, or torn."""
    synced: set[str] = set()
    fsync = os.fsync

    def watched(handle: int) -> None:
        synced.add(str(Path(f"/proc/self/fd/{handle}").readlink()))
        fsync(handle)

    monkeypatch.setattr(os, "fsync", watched)
    load(workspace, write_activity(tmp_path / "a.csv", [activity_row(1, "delivered", 0)]))

    log = workspace.events.path / "_delta_log"
    (data,) = [workspace.events.path / path for path in workspace.events.paths(workspace.events.open())]
    newest = max(path for path in log.glob("*.json"))
    assert int(newest.stem) == 1
    assert {str(path) for path in (data, data.parent, newest, log, workspace.root / "raw")} <= synced
