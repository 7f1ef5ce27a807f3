"""The evidence itself: the lines of a pack are the bytes of the source's lines, and nobody else's."""

import json
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from lasthop.pack import Case
from lasthop.pack.rawfiles import safe_name
from lasthop.store import Workspace
from tests.pack.conftest import FILES
from tests.pack.exports import ACTIVITY, BOUNCES, MAIL_LOG, activity, load, mail_log, table, webhook
from tests.pack.reading import manifest_of, packed, pages_of, rows_of

CONTENT = dict(FILES)


def raw_of(pack: zipfile.ZipFile, end: str) -> bytes:
    (name,) = [name for name in pack.namelist() if name.startswith("raw/") and name.endswith(f"{end}.txt")]
    return pack.read(name)


def test_the_lines_are_byte_for_byte_those_of_the_source(pack: zipfile.ZipFile) -> None:
    assert raw_of(pack, "activity.csv") == CONTENT["activity.csv"]
    assert raw_of(pack, "mail_log.csv") == CONTENT["mail_log.csv"]
    bounces = CONTENT["suppression_bounces.csv"].splitlines(keepends=True)
    assert raw_of(pack, "suppression_bounces.csv") == b"".join(bounces[:2])


def test_the_index_leads_from_every_event_to_its_line(pack: zipfile.ZipFile) -> None:
    index, timeline = rows_of(pack, "raw/index.csv"), rows_of(pack, "timeline.csv")
    assert {(row["message"], row["event_id"]) for row in timeline} == {
        (row["message"], row["event_id"]) for row in index if row["message"]
    }
    told = {row["event_id"]: row for row in timeline}
    for row in (row for row in index if row["message"]):
        raw = pack.read(row["raw_file"]).splitlines()
        source = CONTENT[row["source_file"]].splitlines()
        assert raw[int(row["raw_line"]) - 1] == source[int(row["source_line"]) - 1]
        assert row["form"] == "lines"
        assert row["source_line"] == told[row["event_id"]]["line"]
    bounce = next(row for row in timeline if row["kind"] == "bounce_hard")
    assert bounce["line"] == "3"
    after_two_lines = [row["line"] for row in timeline if row["file"] == "activity.csv" and row["kind"] == "delivered"]
    assert after_two_lines == ["6"]


def test_only_the_lines_of_the_messages_leave(workspace: Workspace, tmp_path: Path) -> None:
    rows = [activity(n, "delivered", n, reason='he said\r\n"no, ""never"""') for n in range(1, 6)]
    content = table(ACTIVITY, rows).encode()
    load(workspace, tmp_path / "files", [("a.csv", content)])
    full = packed(workspace)
    third = [row["message"] for row in rows_of(full, "messages.csv") if row["recipient"] == "user3@mail.example"]
    raw = raw_of(packed(workspace, Case("c", messages=tuple(third))), "a.csv")
    assert raw == table(ACTIVITY, [rows[2]]).encode()


@pytest.mark.parametrize(
    ("encoding", "line_end"),
    [
        ("utf-8", "\n"),
        ("utf-8-sig", "\r\n"),
        ("cp932", "\r\n"),
        ("utf-16", "\r\n"),
        ("utf-16-le", "\n"),
        ("utf-16-be", "\n"),
    ],
)
def test_every_encoding_keeps_its_bytes(workspace: Workspace, tmp_path: Path, encoding: str, line_end: str) -> None:
    subject = "ソ表示 ご注文\u0a0aਊ" if encoding.startswith("utf") else "ソ表示 ご注文"
    content = table(MAIL_LOG, [mail_log(1, 1, subject), mail_log(2, 2, f"{subject}\n二行目")], line_end).encode(
        encoding
    )
    load(workspace, tmp_path / "files", [("log.csv", content)])
    pack = packed(workspace)
    assert raw_of(pack, "log.csv") == content
    (source,) = manifest_of(pack)["sources"]
    assert source["raw"]["form"] == "lines"


def test_a_file_whose_last_line_does_not_end_and_one_with_lines_above_its_header(
    workspace: Workspace, tmp_path: Path
) -> None:
    body = table(ACTIVITY, [activity(1, "delivered", 1)])
    for name, encoding in (("a.csv", "utf-8-sig"), ("b.csv", "utf-16")):
        content = f"sep=,\r\n{body.rstrip()}".encode(encoding)
        load(workspace, tmp_path / "files", [(name, content)])
    # The second file repeats the first one's event, so only the first is cited.
    assert raw_of(packed(workspace), "a.csv") == body.rstrip().encode("utf-8-sig")


def test_one_object_a_line_keeps_its_bytes(workspace: Workspace, tmp_path: Path) -> None:
    events = [webhook(1, "delivered", 1, response="250 OK"), webhook(2, "dropped", 2, reason="Bounced Address")]
    wrapped = {"received_at": "2026-11-02T12:00:09Z", "raw_event": webhook(3, "delivered", 3)}
    content = "".join(json.dumps(one) + "\r\n" for one in (*events, wrapped)).encode()
    load(workspace, tmp_path / "files", [("hook.ndjson", content)])
    assert raw_of(packed(workspace), "hook.ndjson") == content


def test_a_pretty_printed_array_gives_whole_objects(workspace: Workspace, tmp_path: Path) -> None:
    content = json.dumps([webhook(1, "delivered", 1), webhook(2, "delivered", 2)], indent=2).encode()
    load(workspace, tmp_path / "files", [("hook.json", content)])
    raw = raw_of(packed(workspace), "hook.json").decode()
    assert raw == "".join(content.decode().splitlines(keepends=True)[1:-1])


def test_a_dump_on_one_line_does_not_take_strangers_along(workspace: Workspace, tmp_path: Path) -> None:
    content = json.dumps([webhook(1, "delivered", 1), webhook(2, "delivered", 2)]).encode()
    load(workspace, tmp_path / "files", [("hook.json", content)])
    everything = packed(workspace)
    first = rows_of(everything, "messages.csv")[0]
    pack = packed(workspace, Case("c", messages=(first["message"],)))
    raw = raw_of(pack, "hook.json").decode()
    head, *values = [json.loads(line) for line in raw.splitlines()]
    assert "more than one object" in head["lasthop"]
    assert [value["recipient"] for value in values] == ["user1@mail.example"]
    assert values[0]["kind"] == "delivered"
    assert "user2" not in raw
    (index,) = rows_of(pack, "raw/index.csv")
    assert (index["form"], index["raw_line"]) == ("values", "2")
    assert "more than one object" in pages_of(pack)


def test_a_wrapper_around_several_events_does_not_take_strangers_along(workspace: Workspace, tmp_path: Path) -> None:
    body = {"received_at": "x", "events": [webhook(1, "delivered", 1), webhook(2, "delivered", 2)]}
    load(workspace, tmp_path / "files", [("hook.json", json.dumps(body).encode() + b"\n")])
    assert b"more than one event" in raw_of(packed(workspace), "hook.json")


def test_a_workbook_gives_the_values_that_were_read(workspace: Workspace, tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (ACTIVITY, activity(1, "delivered", 5, subject="=1+1 注文")):
        sheet.append(row)
    sheet.cell(2, 5).data_type = "s"
    book.save(tmp_path / "book.xlsx")
    load(workspace, tmp_path / "files", [("book.xlsx", (tmp_path / "book.xlsx").read_bytes())])
    pack = packed(workspace)
    head, value = [json.loads(line) for line in raw_of(pack, "book.xlsx").splitlines()]
    assert "it is a workbook" in head["lasthop"]
    assert head["header"] == list(ACTIVITY)
    assert (value["source_line"], value["subject"]) == (2, "=1+1 注文")
    assert manifest_of(pack)["sources"][0]["raw"]["why"] == "it is a workbook, which has no lines"


@pytest.mark.parametrize(
    ("damage", "why"),
    [(None, "the kept bytes are gone from the workspace"), (b"tampered", "their SHA-256 differs")],
)
def test_bytes_that_are_gone_or_changed_are_said_to_be(
    own: Workspace, pack: zipfile.ZipFile, damage: bytes | None, why: str
) -> None:
    (one,) = [s for s in manifest_of(pack)["sources"] if s["file"] == "mail_log.csv"]
    raw = own.root / "raw" / one["sha256"]
    raw.unlink() if damage is None else raw.write_bytes(damage)
    after = packed(own, zone="Asia/Tokyo")
    (changed,) = [s for s in manifest_of(after)["sources"] if s["file"] == "mail_log.csv"]
    assert changed["raw"]["form"] == "values"
    assert why in changed["raw"]["why"]
    assert why in pages_of(after)
    assert rows_of(after, "timeline.csv") == rows_of(pack, "timeline.csv")
    assert raw_of(after, "activity.csv") == raw_of(pack, "activity.csv")
    values = [json.loads(line) for line in raw_of(after, "mail_log.csv").splitlines()[1:]]
    assert [value["subject"] for value in values] == ["Order 1", "Order 2"]
    assert values[0]["host"] == "shop.example"


def test_a_list_without_a_header(workspace: Workspace, tmp_path: Path) -> None:
    files = [
        ("activity.csv", CONTENT["activity.csv"]),
        ("asm_groups_12_suppressions.csv", b"zoe@mail.example\nuser1@mail.example\n"),
        ("suppression_bounces.csv", table(BOUNCES, [("", "x", "zoe@mail.example", "1793620804")]).encode()),
    ]
    load(workspace, tmp_path / "files", files)
    pack = packed(workspace)
    assert raw_of(pack, "asm_groups_12_suppressions.csv") == b"user1@mail.example\n"
    assert not [name for name in pack.namelist() if "suppression_bounces" in name]
    (listed,) = rows_of(pack, "stop-lists.csv")
    assert (listed["stop_list"], listed["listed_utc"], listed["line"]) == ("group_unsubscribes", "", "2")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("activity.csv", "activity.csv"),
        ("../../etc/passwd", "passwd"),
        ("export.zip/part 1.csv", "part_1.csv"),
        ("C:\\logs\\con.txt:stream", "con.txt_stream"),
        ("ログ.csv", "csv"),
        ("ログ", "source"),
        ("..", "source"),
        ("a\x00b\n`c`", "a_b_c"),
        ("-rf", "rf"),
        ("x" * 300 + ".csv", "x" * 60),
    ],
)
def test_a_file_name_is_safe_everywhere(text: str, name: str) -> None:
    assert safe_name(text) == name
