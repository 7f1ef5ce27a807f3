"""identifiers.csv: what every system calls a message, the application's and the receiver's names among them."""

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from lasthop.pack import build_pack, per_message
from lasthop.pack.redact import Level, Redaction
from lasthop.store import Workspace
from lasthop.trace import look
from tests.pack.exports import ACTIVITY, activity, case_of, load, table, webhook, x_id
from tests.pack.leaking import leaks
from tests.pack.reading import readme_of, rows_of

EVENT = webhook(
    1,
    "delivered",
    2,
    response="250 2.0.0 Ok: queued as 4dQabc",
    category=["order", "shop"],
    template_id="d-1",
    magazine_id="7",
    magazine_send_mail_list_id="318",
)
ADVICE = "noreply@kuroco-mail.app"
REFUSED = {"errors": [{"message": "The from email does not contain a valid address.", "field": "from.email"}]}


def packed(workspace: Workspace, folder: Path, files: list[tuple[str, bytes]], level: Level) -> zipfile.ZipFile:
    load(workspace, folder / "files", files)
    with look(workspace) as snapshot:
        case = case_of(snapshot)
        case = replace(case, ticket={per_message("number", each): "101, 102" for each in case.messages})
        return zipfile.ZipFile(io.BytesIO(build_pack(snapshot, workspace, case, "UTC", redaction=Redaction(level))))


@pytest.mark.parametrize("level", list(Level))
def test_the_names_that_the_application_and_the_receiver_give_are_there(
    workspace: Workspace, tmp_path: Path, level: Level
) -> None:
    pack = packed(workspace, tmp_path, [("hook.ndjson", json.dumps(EVENT).encode())], level)
    found = [(row["kind"], row["value"].lstrip("'")) for row in rows_of(pack, "identifiers.csv")]
    assert {("x_message_id", x_id(1)), ("inquiry_no", "101"), ("inquiry_no", "102"), ("template", "d-1")} <= set(found)
    of_words = {
        ("magazine_id", "7"),
        ("magazine_send_mail_list_id", "318"),
        ("category", "order"),
        ("category", "shop"),
    }
    assert of_words <= set(found) or level is Level.METADATA
    assert (("remote_queue_id", "4dQabc") in found) == (level is not Level.METADATA), "it stands in a reply"
    assert max(found.count(each) for each in of_words) <= 1


def test_an_id_of_sendgrids_own_stays_where_masks_are(workspace: Workspace, tmp_path: Path) -> None:
    """A desk finds the message by it; what an application made of an address is masked all the same."""
    own, ours = f"<{x_id(1)}@geopod-ismtpd-21>", "<user1.4711@shop.example>"
    events = [webhook(n, "delivered", n, **{"smtp-id": each}) for n, each in ((1, own), (2, ours))]
    lines = "".join(json.dumps(event) + "\n" for event in events).encode()
    pack = packed(workspace, tmp_path, [("hook.ndjson", lines)], Level.MASKED)
    (raw,) = [name for name in pack.namelist() if name.endswith("hook.ndjson.txt")]
    first, second = pack.read(raw).decode().splitlines()
    assert own in first
    assert "user1" not in second and "shop.example" not in second


def test_an_address_of_our_own_advice_is_nobodys(workspace: Workspace, tmp_path: Path) -> None:
    header = (
        "ログ日時,ホスト,宛先メールアドレス,HTTPレスポンスコード,レスポンス,件名,アプリケーション・リクエストID\r\n"
    )
    cell = json.dumps(REFUSED).replace('"', '""')
    row = f'2026-11-02 21:00:00,shop.example,user1@mail.example,400,"{cell}",Order,req-1\r\n'
    pack = packed(workspace, tmp_path, [("log.csv", (header + row).encode("cp932"))], Level.MASKED)
    assert f"{ADVICE} where it is not" in readme_of(pack)


def test_an_address_of_our_advice_that_is_the_sender_is_masked(workspace: Workspace, tmp_path: Path) -> None:
    rows = [activity(1, "bounce", 2, reason=f"550 5.1.1 no user for {ADVICE}", type="bounce", **{"from": ADVICE})]
    pack = packed(workspace, tmp_path, [("a.csv", table(ACTIVITY, rows).encode())], Level.MASKED)
    assert "masked-" in rows_of(pack, "messages.csv")[0]["sender"]
    assert leaks({name: pack.read(name) for name in pack.namelist()}, [ADVICE]) == []
