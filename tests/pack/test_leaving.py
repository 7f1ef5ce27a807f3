"""The preview lists every address that leaves: also those that only a raw line or an attached file names."""

import io
import json
import re
import zipfile
from pathlib import Path

import pytest

from lasthop.pack import Case, attach, build_pack, save_case
from lasthop.pack.case import open_case
from lasthop.pack.leaving import Preview, leaving
from lasthop.pack.redact import Level, Redaction
from lasthop.store import Workspace
from lasthop.trace import look
from tests.pack.exports import every_message, load, webhook
from tests.pack.test_mail_header import original

ADDRESS = re.compile(r"[\w.+=-]+@[\w-]+(?:\.[\w-]+)+")
NO_ADDRESS = re.compile(r"ismtpd|^bounces\+[\w-]+=")
"""An id of SendGrid's, and a return path, which stands for the recipient."""
OTHERS = ("cc.person@private.example", "log.person@private.example", "hanako.yamada@private.example")


@pytest.fixture
def filled(workspace: Workspace, tmp_path: Path) -> Workspace:
    """A line that names somebody beside the recipient, a loaded original with a Cc, a log, a picture."""
    event = webhook(1, "delivered", 1, response="250 ok", unique_args={"copy": OTHERS[0]})
    files = [("hook.ndjson", json.dumps(event).encode()), ("a.eml", original(1).encode())]
    load(workspace, tmp_path / "files", files)
    with look(workspace) as snapshot:
        save_case(workspace, Case("c", messages=every_message(snapshot), notes="asked user1@mail.example"))
    attach(workspace, "c", "postfix.log", f"to=<{OTHERS[1]}>, relay=mx.example\n".encode())
    attach(workspace, "c", "screen.png", b"\x89PNG\x00\x01")
    return workspace


def seen(workspace: Workspace, redaction: Redaction) -> Preview:
    with look(workspace) as snapshot:
        case = open_case(workspace, "c")
        return leaving(snapshot, workspace, case, case.messages, "UTC", redaction)


def texts(workspace: Workspace, redaction: Redaction) -> dict[str, str]:
    with look(workspace) as snapshot:
        made = build_pack(snapshot, workspace, open_case(workspace, "c"), "UTC", redaction=redaction)
    pack = zipfile.ZipFile(io.BytesIO(made))
    return {name: pack.read(name).decode("utf-8", "replace") for name in pack.namelist()}


def test_in_full_every_address_in_any_member_is_listed(filled: Workspace) -> None:
    rows, unread = seen(filled, Redaction())
    listed = {row.what for row in rows}
    leave = {found.lower() for text in texts(filled, Redaction()).values() for found in ADDRESS.findall(text)}
    assert {each for each in leave if not NO_ADDRESS.search(each)} <= listed
    assert set(OTHERS) <= listed
    assert {row.leaves_as == row.what for row in rows} == {True}
    where = {row.what: row.where for row in rows}
    assert list(where[OTHERS[0]]) == ["other columns", "raw lines"]
    assert list(where[OTHERS[1]]) == ["attached files"]
    assert list(where[OTHERS[2]]) == ["raw lines"]
    assert unread == ["screen.png"]


def test_masked_the_list_says_what_stands_in_the_files(filled: Workspace) -> None:
    rows, unread = seen(filled, Redaction(Level.MASKED))
    everything = "\n".join(texts(filled, Redaction(Level.MASKED)).values())
    shown = {row.what: row.leaves_as for row in rows}
    for other in OTHERS:
        assert shown[other].startswith("masked-")
        assert shown[other] in everything
        assert other not in everything
    assert unread == [], "it does not leave"


def test_at_the_level_metadata_no_line_and_no_file_is_counted(filled: Workspace) -> None:
    rows, _ = seen(filled, Redaction(Level.METADATA))
    assert not {"raw lines", "attached files", "notes"} & {place for row in rows for place in row.where}
    assert not set(OTHERS) & {row.what for row in rows}


def test_nothing_is_left_in_the_scratch_folder(filled: Workspace) -> None:
    seen(filled, Redaction())
    assert not list((filled.root / "scratch").glob("leaving-*"))
