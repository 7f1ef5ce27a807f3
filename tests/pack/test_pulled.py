"""What was pulled live: its lines are evidence as those of a file are, and which stop lists were asked is known."""

import json
from pathlib import Path

from lasthop.live.memory import Memory, remember
from lasthop.store import Workspace
from tests.pack.exports import load, x_id
from tests.pack.reading import manifest_of, packed, rows_of


def message(number: int) -> dict[str, object]:
    row = {
        "from_email": "no-reply@shop.example",
        "sg_message_id": f"{x_id(number)}.recvd-5bd4c9fb6-p2x8q-1-6907495B-1.0",
        "subject": f"Order {number}",
        "to_email": f"user{number}@mail.example",
        "reason": "250 2.0.0 OK",
        "status": "delivered",
        "sg_message_id_created_at": "2026-11-02T12:00:00Z",
    }
    return {"pulled": "sendgrid_logs", "row": row}


def entry(number: int) -> dict[str, object]:
    row = {"created": 1793620804, "email": f"user{number}@mail.example", "reason": "550 no", "status": "5.1.1"}
    return {"pulled": "sendgrid_stop_lists", "list": "bounces", "row": row}


def lines(*values: dict[str, object]) -> bytes:
    return "".join(json.dumps(value) + "\n" for value in values).encode()


def test_a_line_of_a_pull_is_in_the_pack_as_it_stood(workspace: Workspace, tmp_path: Path) -> None:
    files = [("logs.jsonl", lines(message(1), message(2))), ("lists.jsonl", lines(entry(9), entry(1)))]
    load(workspace, tmp_path / "files", files)
    pack = packed(workspace)
    assert {one["file"]: one["raw"]["form"] for one in manifest_of(pack)["sources"]} == {
        "logs.jsonl": "lines",
        "lists.jsonl": "lines",
    }
    raw = {name.rpartition("-")[2]: pack.read(name) for name in pack.namelist() if name.endswith(".jsonl.txt")}
    assert raw == {"logs.jsonl.txt": lines(message(1), message(2)), "lists.jsonl.txt": lines(entry(1))}
    assert {row["form"] for row in rows_of(pack, "raw/index.csv")} == {"lines"}


def test_a_stop_list_that_was_asked_and_is_empty_was_asked(workspace: Workspace, tmp_path: Path) -> None:
    files = [("logs.jsonl", lines(message(1))), ("lists.jsonl", lines(entry(1)))]
    load(workspace, tmp_path / "files", files)
    remember(
        workspace, "sendgrid-a", {"suppressions": Memory(lists={"bounces": 1793620900, "unsubscribes": 1793620901})}
    )
    remember(workspace, "sendgrid-b", {"suppressions": Memory(lists={"unsubscribes": 1793620800})})
    (workspace.root / "pulls" / "broken.toml").write_text("= 1")
    asked = {row["stop_list"]: row for row in rows_of(packed(workspace), "stop-lists-asked.csv")}
    assert {name for name, row in asked.items() if row["asked"] == "yes"} == {"bounces", "unsubscribes"}
    empty = asked["unsubscribes"]
    assert (empty["entries_of_these_recipients"], empty["asked_by"]) == ("0", "lasthop pull")
    assert empty["asked_utc"] == "2026-11-02T12:01:41.000Z", "the newest"
    assert (asked["blocks"]["asked_by"], asked["blocks"]["asked_utc"]) == ("", "")
