"""What a hostile tester found, kept as tests."""

import datetime as dt
import json
from pathlib import Path

import openpyxl
import pytest

from lasthop.errors import UnreadableFile
from lasthop.load import load_files
from lasthop.read import Member, sniff, unique_labels
from lasthop.store import Workspace
from lasthop.store.sources import rejected
from lasthop.trace import look
from tests.store.exports import ACTIVITY, MAIL_LOG, activity_row, csv_text, load, mail_log_row


def times(workspace: Workspace) -> list[str]:
    with look(workspace) as snapshot:
        return [row["time_raw"] for row in snapshot.rows("SELECT time_raw FROM events ORDER BY time_ms")]


def test_midnight_in_a_workbook_is_a_time(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(list(ACTIVITY))
    row = list(activity_row(1, "delivered", 0))
    row[0] = dt.datetime(2026, 11, 2)
    book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    workspace = Workspace(tmp_path / "w")
    load(workspace, tmp_path / "a.xlsx")
    assert times(workspace) == ["2026-11-02 00:00:00"]


def test_an_address_that_is_a_list_is_no_address(tmp_path: Path) -> None:
    event = {"email": ["a@mail.example"], "event": "delivered", "timestamp": 1793620800, "sg_message_id": ["q"]}
    (tmp_path / "hook.json").write_text(json.dumps([event]))
    workspace = Workspace(tmp_path / "w")
    (source,) = load(workspace, tmp_path / "hook.json").sources
    assert (source.events, source.rejected) == (0, 1)


def test_json_as_deep_as_python_can_go_is_a_rejected_line(tmp_path: Path) -> None:
    good = {"email": "a@mail.example", "event": "delivered", "timestamp": 1793620800}
    for depth in (900, 960, 980, 985, 2000):
        path = tmp_path / f"{depth}.ndjson"
        path.write_text('{"event":"open","x":' + "[" * depth + "]" * depth + "}\n" + json.dumps(good) + "\n")
        workspace = Workspace(tmp_path / f"w{depth}")
        (source,) = load(workspace, path).sources
        assert source.events == 1
        assert [line["line"] for line in rejected(workspace, source)] == [1]


def test_two_columns_cannot_be_one_field(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a1,a2,event,processed\nx@mail.example,y@mail.example,open,2026-11-02 12:00:00\n")
    with pytest.raises(UnreadableFile, match="Two columns"):
        sniff(Member("a.csv", path, None), "sendgrid_activity", {"a1": "recipient", "a2": "recipient"})


def test_twenty_thousand_columns_of_one_name_are_named_at_once() -> None:
    names = unique_labels(["a"] * 20_000 + ["a (3)"])
    assert len(set(names)) == 20_001
    assert names[:3] == ("a", "a (2)", "a (3)")


def test_an_hour_that_the_clock_skipped_is_no_time(tmp_path: Path) -> None:
    rows = [mail_log_row(1, 0), mail_log_row(2, 0), mail_log_row(3, 0)]
    texts = ["2026-03-29 01:30:00", "2026-03-29 02:30:00", "2026-03-29 03:30:00"]
    (tmp_path / "log.csv").write_text(
        csv_text(MAIL_LOG, [(text, *row[1:]) for text, row in zip(texts, rows, strict=True)]), encoding="utf-8"
    )
    workspace = Workspace(tmp_path / "w")
    (source,) = load_files(workspace, [tmp_path / "log.csv"], tmp_path, timezone="Europe/Berlin").sources
    assert times(workspace) == [texts[0], texts[2]]
    assert [line["line"] for line in rejected(workspace, source)] == [3]
