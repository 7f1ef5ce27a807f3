"""What a receiver's reply says of a recipient leaves in no member of a pack that masks: a name alone, a page's address."""

import io
import json
import zipfile
from base64 import b64encode
from pathlib import Path

import pytest

from lasthop.load import load_files
from lasthop.pack import Case, build_pack
from lasthop.pack.redact import Level, Redaction
from lasthop.store import Workspace
from lasthop.trace import look

NAME = "kurosawa.hanako"
ADDRESS = f"{NAME}@shop.example"
TOLD = b64encode(ADDRESS.encode()).decode()


def packed(tmp_path: Path, reason: str, redaction: Redaction, address: str = ADDRESS) -> dict[str, bytes]:
    event = {
        "email": address, "event": "bounce", "type": "bounce", "status": "5.1.1", "reason": reason,
        "timestamp": 1_793_000_000, "sg_event_id": "q0", "sg_message_id": "MSGX0D0000000000000000.recvd-1",
    }  # fmt: skip
    file = tmp_path / "events.json"
    file.write_text(json.dumps([event]), encoding="utf-8")
    workspace = Workspace(tmp_path / "workspace")
    load_files(workspace, [file], tmp_path)
    with look(workspace) as snapshot:
        (row,) = snapshot.rows("SELECT message FROM messages")
        made = build_pack(snapshot, workspace, Case("c", messages=(row["message"],)), "UTC", redaction=redaction)
    with zipfile.ZipFile(io.BytesIO(made)) as pack:
        return {name: pack.read(name) for name in pack.namelist()}


@pytest.mark.parametrize("keep_domains", [False, True])
def test_a_name_in_a_reply_is_masked_in_the_table_of_like_replies_too(tmp_path: Path, keep_domains: bool) -> None:
    reason = f"550 5.1.1 user {NAME} unknown"
    members = packed(tmp_path, reason, Redaction(Level.MASKED, keep_domains))
    assert b"550 5.1.1 user " in members["same-reason.csv"]
    assert not [name for name, content in members.items() if NAME.encode() in content.lower()]


def test_no_page_that_a_reply_names_leaves_at_the_level_metadata(tmp_path: Path) -> None:
    reason = f"550 5.1.1 unknown, see https://help.shop.example/why?h={TOLD}"
    members = packed(tmp_path, reason, Redaction(Level.METADATA))
    assert not [
        name for name, content in members.items() if b"help.shop.example" in content or TOLD.encode() in content
    ]


def test_a_quoted_local_part_is_masked_where_it_stands_alone(tmp_path: Path) -> None:
    reason = '550 5.1.1 user "quirky zork" unknown'
    members = packed(tmp_path, reason, Redaction(Level.MASKED), '"quirky zork"@shop.example')
    assert not [name for name, content in members.items() if b"quirky" in content or b"zork" in content]
