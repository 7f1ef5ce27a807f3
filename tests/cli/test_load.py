"""``lasthop load``: files of all kinds in, one record each out, and never half a file."""

import gzip
import hashlib
import io
import shutil
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.cli.conftest import STORIES, Command

LOG = STORIES / "accepted" / "kuroco_mail_log.csv"
ACTIVITY = STORIES / "accepted" / "sendgrid_activity.csv"
SOURCE_KEYS = {
    "file", "sha256", "format", "encoding", "timezone", "rows", "events", "added", "duplicates", "rejected", "first",
    "last",
}  # fmt: skip


def give_stdin(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(content)))


def test_the_answer_is_one_document_with_a_record_for_each_file(lasthop: Command, tmp_path: Path) -> None:
    said = lasthop("load", LOG, ACTIVITY, "--timezone", "Asia/Tokyo", "--json", workspace=tmp_path / "w")
    assert said.code == 0
    assert said.err == ""
    assert said.json.keys() >= {"sources", "messages", "seconds"}
    assert said.json["messages"] == 1
    assert isinstance(said.json["seconds"], float)
    log, activity = said.json["sources"]
    assert log.keys() >= SOURCE_KEYS
    assert {key: activity[key] for key in SOURCE_KEYS} == {
        "file": "sendgrid_activity.csv",
        "sha256": hashlib.sha256(ACTIVITY.read_bytes()).hexdigest(),
        "format": "sendgrid_activity",
        "encoding": "utf-8",
        "timezone": "UTC",
        "rows": 2,
        "events": 2,
        "added": 2,
        "duplicates": 0,
        "rejected": 0,
        "first": "2026-11-02T01:15:01.310Z",
        "last": "2026-11-02T01:15:04.220Z",
    }
    assert (log["encoding"], log["timezone"], log["first"]) == ("utf-8-sig", "Asia/Tokyo", "2026-11-02T01:15:00.000Z")


def test_people_get_a_table_and_a_count(lasthop: Command, tmp_path: Path) -> None:
    said = lasthop("load", ACTIVITY, workspace=tmp_path / "w")
    assert said.code == 0
    assert "sendgrid_activity.csv" in said.out
    assert "1 messages in the workspace" in said.out
    assert said.err == ""


def test_a_zone_that_nobody_confirmed_is_said(lasthop: Command, tmp_path: Path) -> None:
    said = lasthop("load", LOG, "--json", workspace=tmp_path / "w")
    assert said.code == 0
    assert said.json["sources"][0]["timezone"] == "Asia/Tokyo"
    (line,) = said.err.splitlines()
    assert "Asia/Tokyo" in line
    assert "--timezone" in line


def test_the_zone_that_is_told_moves_the_clock(lasthop: Command, tmp_path: Path) -> None:
    said = lasthop("load", LOG, "--timezone", "UTC", "--json", workspace=tmp_path / "w")
    assert said.json["sources"][0]["first"] == "2026-11-02T10:15:00.000Z"
    assert said.err == ""


def test_the_same_file_again_adds_nothing(lasthop: Command, tmp_path: Path) -> None:
    copy = tmp_path / "export (1).csv"
    shutil.copy(ACTIVITY, copy)
    lasthop("load", ACTIVITY, workspace=tmp_path / "w")
    again = lasthop("load", ACTIVITY, copy, "--json", workspace=tmp_path / "w")
    assert again.code == 0
    assert again.json["messages"] == 1
    assert [(s["added"], s["duplicates"]) for s in again.json["sources"]] == [(0, 2), (0, 2)]
    assert len(lasthop("sources", "--json", workspace=tmp_path / "w").json["sources"]) == 1
    assert len(lasthop("events", "--jsonl", workspace=tmp_path / "w").jsonl) == 2


def test_an_export_that_overlaps_adds_only_what_is_new(lasthop: Command, tmp_path: Path) -> None:
    overlapping = STORIES / "overlapping_activity_exports"
    lasthop("load", overlapping / "activity_to_02.csv", workspace=tmp_path / "w")
    second = lasthop("load", overlapping / "activity_from_02.csv", "--json", workspace=tmp_path / "w")
    (source,) = second.json["sources"]
    assert (source["rows"], source["added"], source["duplicates"]) == (4, 2, 2)
    assert second.json["messages"] == 3


def test_a_broken_file_costs_only_itself(lasthop: Command, tmp_path: Path) -> None:
    broken, empty = tmp_path / "holiday.csv", tmp_path / "nothing.csv"
    broken.write_text("beach,weather\nsouth,fine\n")
    empty.touch()
    said = lasthop("load", broken, ACTIVITY, empty, "--json", workspace=tmp_path / "w")
    assert said.code == 2
    assert [source["file"] for source in said.json["sources"]] == ["sendgrid_activity.csv"]
    assert said.json["messages"] == 1
    first, second = said.err.splitlines()
    assert "holiday.csv" in first
    assert "beach, weather" in first
    assert "nothing.csv" in second
    assert "empty" in second
    assert len(lasthop("messages", "--jsonl", workspace=tmp_path / "w").jsonl) == 1


def test_a_sentence_names_its_file_once(lasthop: Command, tmp_path: Path) -> None:
    (tmp_path / "holiday.csv").write_text("beach,weather\nsouth,fine\n")
    said = lasthop("load", "holiday.csv", workspace=tmp_path / "w")
    assert said.err.count("holiday.csv") == 1


def test_a_broken_member_of_a_zip_costs_only_itself(lasthop: Command, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "exports.zip", "w") as packed:
        packed.write(ACTIVITY, "november/activity.csv")
        packed.writestr("november/holiday.csv", "beach,weather\nsouth,fine\n")
    said = lasthop("load", tmp_path / "exports.zip", "--json", workspace=tmp_path / "w")
    assert said.code == 2
    assert [source["file"] for source in said.json["sources"]] == ["exports.zip/november/activity.csv"]
    assert "exports.zip/november/holiday.csv" in said.err
    assert said.json["messages"] == 1


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzipped"])
def test_a_dash_reads_standard_input(
    lasthop: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, packed: bool
) -> None:
    content = ACTIVITY.read_bytes()
    give_stdin(monkeypatch, gzip.compress(content) if packed else content)
    said = lasthop("load", "-", "--json", workspace=tmp_path / "w")
    assert said.code == 0
    assert said.json["messages"] == 1
    assert said.json["sources"][0]["sha256"] == hashlib.sha256(content).hexdigest()


def test_standard_input_stands_beside_files(lasthop: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    give_stdin(monkeypatch, ACTIVITY.read_bytes())
    said = lasthop("load", LOG, "-", "--json", workspace=tmp_path / "w")
    assert [source["format"] for source in said.json["sources"]] == ["kuroco_mail_log", "sendgrid_activity"]


def test_nothing_on_standard_input_is_wrong_input(
    lasthop: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    give_stdin(monkeypatch, b"")
    said = lasthop("load", "-", workspace=tmp_path / "w")
    assert said.code == 2
    assert "empty" in said.err


def test_a_pattern_that_the_shell_left_alone_is_expanded(lasthop: Command, tmp_path: Path) -> None:
    said = lasthop("load", STORIES / "accepted" / "*.csv", "--json", workspace=tmp_path / "w")
    assert said.code == 0
    assert [source["file"] for source in said.json["sources"]] == ["kuroco_mail_log.csv", "sendgrid_activity.csv"]


def test_a_file_with_a_bracket_in_its_name_is_no_pattern(lasthop: Command, tmp_path: Path) -> None:
    shutil.copy(ACTIVITY, tmp_path / "activity [1].csv")
    said = lasthop("load", "activity [1].csv", "--json", workspace=tmp_path / "w")
    assert [source["file"] for source in said.json["sources"]] == ["activity [1].csv"]


@pytest.mark.parametrize("name", ["missing.csv", "missing*.csv", "."])
def test_what_is_no_file_is_said_before_anything_is_loaded(lasthop: Command, tmp_path: Path, name: str) -> None:
    said = lasthop("load", ACTIVITY, name, "--json", workspace=tmp_path / "w")
    assert said.code == 2
    assert said.out == ""
    (line,) = said.err.splitlines()
    assert name in line
    assert lasthop("sources", "--json", workspace=tmp_path / "w").json == {"sources": []}


def test_columns_of_other_names_are_mapped(lasthop: Command, tmp_path: Path) -> None:
    kept = STORIES / "exports_without_ids" / "kept_by_a_colleague.csv"
    refused = lasthop("load", kept, workspace=tmp_path / "w")
    assert refused.code == 2
    assert "Email id" in refused.err
    pairs = ("Date (UTC)=time", "What=event", "Email id=recipient", "Title=subject", "Server said=reply", "Kind=type")
    options = [word for pair in pairs for word in ("--map", pair)]
    said = lasthop("load", kept, "--format", "sendgrid_activity", *options, "--json", workspace=tmp_path / "w")
    assert said.code == 0
    assert said.json["messages"] == 2
    assert {m["outcome"] for m in lasthop("messages", "--jsonl", workspace=tmp_path / "w").jsonl} == {
        "accepted",
        "blocked",
    }


@pytest.mark.parametrize(
    ("pair", "names"), [("recipient", "COLUMN=FIELD"), ("E-mail=recipient", "E-mail"), ("email=postbox", "postbox")]
)
def test_a_mapping_that_cannot_be_is_said(lasthop: Command, tmp_path: Path, pair: str, names: str) -> None:
    said = lasthop("load", ACTIVITY, "--map", pair, workspace=tmp_path / "w")
    assert said.code == 2
    assert names in said.err
    assert len(said.err.splitlines()) == 1


def test_lists_with_one_header_are_asked_about(lasthop: Command, tmp_path: Path) -> None:
    renamed = tmp_path / "list.csv"
    shutil.copy(STORIES / "bounced" / "suppression_bounces.csv", renamed)
    asked = lasthop("load", renamed, workspace=tmp_path / "w")
    assert asked.code == 2
    assert "sendgrid_bounces or sendgrid_blocks" in asked.err
    assert "--format" in asked.err
    said = lasthop("load", renamed, "--format", "sendgrid_bounces", "--json", workspace=tmp_path / "w")
    assert said.code == 0
    assert said.json["sources"][0]["format"] == "sendgrid_bounces"


def test_a_zone_that_does_not_exist_is_said(lasthop: Command, tmp_path: Path) -> None:
    said = lasthop("load", LOG, "--timezone", "Asia/Atlantis", "--json", workspace=tmp_path / "w")
    assert said.code == 2
    assert "Asia/Atlantis" in said.err
    assert said.json["sources"] == []


def test_lines_that_cannot_be_read_are_counted_and_kept(lasthop: Command, tmp_path: Path) -> None:
    header, *lines = ACTIVITY.read_text().splitlines()
    doubtful = tmp_path / "doubtful.csv"
    doubtful.write_text("\n".join([header, lines[0].replace("2026-11-02", "2026-02-30"), lines[1]]) + "\n")
    said = lasthop("load", doubtful, "--json", workspace=tmp_path / "w")
    assert said.code == 0
    (source,) = said.json["sources"]
    assert (source["rows"], source["events"], source["rejected"]) == (2, 1, 1)
    assert "lasthop rejected" in said.err
    (line,) = lasthop("rejected", "--jsonl", workspace=tmp_path / "w").jsonl
    assert line.keys() >= {"file", "line", "reason", "text"}
    assert (line["file"], line["line"]) == ("doubtful.csv", 2)
    assert "2026-02-30 01:15:04.220" in line["reason"]
    assert line["text"] == lines[0].replace("2026-11-02", "2026-02-30")


@pytest.mark.parametrize("name", ["with blanks", "100%", "作業フォルダ", "a#b?c", "it's", "november [1]"])
def test_a_workspace_may_have_any_name(lasthop: Command, tmp_path: Path, name: str) -> None:
    assert lasthop("load", LOG, workspace=tmp_path / name).code == 0
    said = lasthop("load", ACTIVITY, workspace=tmp_path / name)
    assert (said.code, said.err) == (0, "")
    (message,) = lasthop("messages", "--jsonl", workspace=tmp_path / name).jsonl
    assert message["outcome"] == "accepted"


def test_the_workspace_comes_from_the_environment_else_lies_here(
    lasthop: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    lasthop("load", LOG)
    assert (tmp_path / "workspace" / "raw").is_dir()
    monkeypatch.setenv("LASTHOP_WORKSPACE", str(tmp_path / "elsewhere"))
    lasthop("load", ACTIVITY)
    (source,) = lasthop("sources", "--json").json["sources"]
    assert source["format"] == "sendgrid_activity"
    (source,) = lasthop("sources", "--json", workspace=tmp_path / "workspace").json["sources"]
    assert source["format"] == "kuroco_mail_log"


@pytest.mark.parametrize("command", [["load", str(ACTIVITY)], ["sources"], ["rejected"], ["events"], ["messages"]])
def test_a_workspace_that_is_a_file_is_wrong_use(lasthop: Command, tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "notes.txt").touch()
    said = lasthop(*command, workspace=tmp_path / "notes.txt")
    assert said.code == 2
    (line,) = said.err.splitlines()
    assert "notes.txt" in line


@pytest.mark.parametrize("command", [["load", str(ACTIVITY)], ["messages"], ["trace", "a@b.example"]])
def test_a_workspace_that_cannot_be_made_is_named(
    lasthop: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: list[str]
) -> None:
    monkeypatch.setattr("lasthop.cli.LOG", tmp_path / "lasthop.log")
    (tmp_path / "notes.txt").touch()
    said = lasthop(*command, workspace=tmp_path / "notes.txt" / "workspace")
    assert said.code in (1, 2)
    (line,) = said.err.splitlines()
    assert "notes.txt" in line
