import errno
import json
import os
import resource
import zipfile
from datetime import datetime
from pathlib import Path

import pytest

from lasthop.errors import Failure, InputError, NotFound
from lasthop.explain.dossier import dossier, dossiers
from lasthop.pack import Case, Step, addresses_in, build_pack, pack_name, sha256_of, verify, write_pack
from lasthop.pack.redact import Level, Redaction
from lasthop.store import Snapshot, Workspace
from lasthop.trace import look
from lasthop.trace.identity import decode_event_id
from tests.pack.conftest import FILES
from tests.pack.exports import (
    ACTIVITY,
    BOUNCES,
    MAIL_LOG,
    REPLY,
    activity,
    case_of,
    event_id,
    every_message,
    load,
    mail_log,
    table,
    webhook,
    x_id,
)
from tests.pack.reading import manifest_of, packed, pages_of, readme_of, rows_of

FIXED = [
    "README.md",
    "authentication.csv",
    "checks.md",
    "hops.csv",
    "identifiers.csv",
    "index.html",
    "letters/kuroco.en.txt",
    "letters/kuroco.ja.txt",
    "letters/person-01.en.txt",
    "letters/person-01.ja.txt",
    "letters/person-02.en.txt",
    "letters/person-02.ja.txt",
    "letters/person-03.en.txt",
    "letters/person-03.ja.txt",
    "letters/receiver-01.txt",
    "letters/sendgrid.txt",
    "manifest.json",
    "messages.csv",
    "raw/index.csv",
    "same-reason.csv",
    "scope.csv",
    "stop-lists-asked.csv",
    "stop-lists.csv",
    "timeline.csv",
]


def test_the_members_have_fixed_names_in_order(pack: zipfile.ZipFile) -> None:
    names = pack.namelist()
    assert names == sorted(names)
    assert [name for name in names if not name.startswith("raw/0")] == FIXED
    assert [name for name in names if name.startswith("raw/0")] == [
        "raw/001-activity.csv.txt",
        "raw/002-mail_log.csv.txt",
        "raw/003-suppression_bounces.csv.txt",
    ]
    for info in pack.infolist():
        assert info.date_time == (1980, 1, 1, 0, 0, 0)
        assert (info.create_system, info.external_attr) == (3, 0o100644 << 16)


def test_one_row_per_message(pack: zipfile.ZipFile) -> None:
    bounced, accepted, waiting = rows_of(pack, "messages.csv")
    assert [row["outcome"] for row in (bounced, accepted, waiting)] == ["bounced", "accepted", "waiting"]
    assert bounced["recipient"] == "user1@mail.example"
    assert bounced["sender"] == "Shop <no-reply@shop.example>"
    assert bounced["last_reply"] == "550 5.1.1 No such user\nsee https://mx.example/help, thank you"
    assert (bounced["sent_utc"], bounced["sent_local"]) == (
        "2026-11-02T12:00:00.000Z",
        "2026-11-02T21:00:00.000+09:00",
    )
    assert (bounced["final"], waiting["final"]) == ("true", "false")
    assert bounced["link_confidence"] in ("high", "exact")
    assert "(UTC+09:00)" in bounced["sentence"]


def test_the_timeline_has_both_clocks_and_the_place_of_every_event(pack: zipfile.ZipFile) -> None:
    timeline = [row for row in rows_of(pack, "timeline.csv") if row["file"] == "activity.csv"]
    assert [(row["kind"], row["kind_raw"], row["line"]) for row in timeline] == [
        ("processed", "processed", "2"),
        ("bounce_hard", "bounce/bounce", "3"),
        ("processed", "processed", "5"),
        ("delivered", "delivered", "6"),
        ("processed", "processed", "7"),
    ]
    bounce = timeline[1]
    assert (bounce["reply_code"], bounce["enhanced_code"]) == ("550", "5.1.1")
    assert (bounce["system"], bounce["tie"], bounce["host"]) == ("provider", "own", "mx.mail.example")
    for row in timeline:
        assert datetime.fromisoformat(row["utc"]) == datetime.fromisoformat(row["local"])
        assert row["local"].endswith("+09:00")
    application = [row for row in rows_of(pack, "timeline.csv") if row["system"] == "app"]
    assert {row["tie"] for row in application} <= {"exact", "high", "medium"}


def test_the_source_of_an_event_is_named_by_its_hash(pack: zipfile.ZipFile) -> None:
    hashes = {source["file"]: source["sha256"] for source in manifest_of(pack)["sources"]}
    assert hashes["activity.csv"] == sha256_of(dict(FILES)["activity.csv"])
    for row in rows_of(pack, "timeline.csv"):
        assert row["source_sha256"] == hashes[row["file"]]


def test_the_ids_and_what_they_say(workspace: Workspace, tmp_path: Path) -> None:
    smtp_id = "abc@geopod-ismtpd-5"
    first = webhook(
        1, "deferred", 1, sg_event_id=event_id("deferred", 3, 1), response="421 later", **{"smtp-id": smtp_id}
    )
    content = json.dumps(first).encode() + b"\n" + json.dumps(webhook(1, "delivered", 9)).encode() + b"\n"
    load(workspace, tmp_path / "files", [("hook.ndjson", content), ("mail_log.csv", table_of_mail_log())])
    ids = rows_of(packed(workspace), "identifiers.csv")
    given = {(row["kind"], row["value"]) for row in ids if not row["decoded_from"]}
    sg_message_id = f"{x_id(1)}.recvd-5bd4c9fb6-p2x8q-1-6907495B-1.0"
    assert ("x_message_id", x_id(1)) in given
    assert ("sg_message_id", sg_message_id) in given
    assert ("smtp_id", f"<{smtp_id}>") in given
    assert ("request_id", "req-1") in given
    assert len([kind for kind, _ in given if kind == "sg_event_id"]) == 2
    decoded = {(row["kind"], row["value"]) for row in ids if row["decoded_from"] == sg_message_id}
    assert decoded == {("created_utc", "2025-11-02T12:06:51.000Z"), ("recipient_index", "0")}
    assert decode_event_id(event_id("deferred", 3, 1)) is not None
    decoded = {(row["kind"], row["value"]) for row in ids if row["decoded_from"] == event_id("deferred", 3, 1)}
    assert decoded == {
        ("event", "deferred"),
        ("attempt", "3"),
        ("sendgrid_user", "4711"),
        ("x_message_id", x_id(1)),
        ("recipient_index", "0"),
    }


def table_of_mail_log() -> bytes:
    return table(MAIL_LOG, [mail_log(1, 0)]).encode()


def test_the_manifest_lists_what_is_in_the_pack_and_what_it_came_from(pack: zipfile.ZipFile) -> None:
    content = manifest_of(pack)
    assert [one["name"] for one in content["members"]] == [n for n in pack.namelist() if n != "manifest.json"]
    for one in content["members"]:
        member = pack.read(one["name"])
        assert (one["size"], one["sha256"]) == (len(member), sha256_of(member))
    assert (content["zone"], content["redaction"], content["csv_neutralised"]) == ("Asia/Tokyo", "full", True)
    assert content["period"] == {"first": "2026-11-02T12:00:00.000Z", "last": "2026-11-02T12:01:30.000Z"}
    assert content["as_of"] == "2026-11-02T12:01:30.000Z"
    assert content["query"]["messages"] == content["query"]["asked"]
    assert content["stop_lists"]["loaded"] == ["bounces"]
    told = {source["file"]: source for source in content["sources"]}
    assert told["mail_log.csv"]["encoding"] == "cp932"
    assert (told["mail_log.csv"]["timezone"], told["mail_log.csv"]["timezone_assumed"]) == ("Asia/Tokyo", True)
    assert list(content) == sorted(content)


def test_only_the_recipients_of_the_case_are_in_the_stop_lists(pack: zipfile.ZipFile) -> None:
    (entry,) = rows_of(pack, "stop-lists.csv")
    assert (entry["recipient"], entry["stop_list"]) == ("user1@mail.example", "bounces")
    assert (entry["listed_utc"], entry["line"]) == ("2026-11-02T12:00:04.000Z", "2")
    assert b"stranger" not in b"".join(pack.read(name) for name in pack.namelist())


def test_the_same_content_gives_the_same_bytes_in_whatever_order_it_was_loaded(content: bytes, tmp_path: Path) -> None:
    made = []
    for number, order in enumerate((FILES[::-1], (FILES[1], FILES[2], FILES[0]))):
        workspace = Workspace(tmp_path / f"some where {number}" / "workspace")
        load(workspace, tmp_path / f"files-{number}", order)
        with look(workspace) as snapshot:
            made.append(build_pack(snapshot, workspace, case_of(snapshot), "Asia/Tokyo"))
    assert made == [content, content]


def test_a_pack_says_nothing_of_the_machine(pack: zipfile.ZipFile, loaded: Workspace, tmp_path: Path) -> None:
    everything = b"".join(pack.read(name) for name in pack.namelist())
    assert str(tmp_path).encode() not in everything
    assert str(Path.home()).encode() + b"/" not in everything


def test_the_order_in_which_messages_were_chosen_does_not_matter(snapshot: Snapshot, loaded: Workspace) -> None:
    ids = every_message(snapshot)
    chosen = [(ids[0], ids[2]), (ids[2], ids[0], ids[2])]
    first, second = (manifest_of(packed(loaded, Case("c", messages=each))) for each in chosen)
    assert first["query"]["messages"] == second["query"]["messages"] == [ids[0], ids[2]]
    assert first["members"] == second["members"]


def test_writing_and_building_give_the_same_bytes(snapshot: Snapshot, loaded: Workspace, tmp_path: Path) -> None:
    case, out, steps = case_of(snapshot), tmp_path / "pack.zip", list[Step]()
    done = write_pack(snapshot, loaded, case, "UTC", out, steps.append)
    content = out.read_bytes()
    assert content == build_pack(snapshot, loaded, case, "UTC")
    assert done.sha256 == sha256_of(content)
    assert done.members == zipfile.ZipFile(out).namelist()
    assert verify(out).ok
    assert [step.stage for step in steps] == ["messages", "messages", "messages", "evidence", "packing"]
    assert not [path for path in tmp_path.iterdir() if path.name.endswith(".part")]
    assert not [path for path in (loaded.root / "scratch").iterdir() if path.name.startswith("pack-")]


def test_addresses_are_counted(snapshot: Snapshot, loaded: Workspace, tmp_path: Path) -> None:
    case = case_of(snapshot)
    done = write_pack(snapshot, loaded, case, "UTC", tmp_path / "a.zip")
    assert done.addresses == 4  # three recipients, one sender
    assert addresses_in(tmp_path / "a.zip") == addresses_in((tmp_path / "a.zip").read_bytes()) == 4
    header = "Received: from a@ignored.example\nTo: User1@Mail.example,\n <copy@mail.example>\nSubject: x@y.example\n"
    ticket = {"header": header, "sender:m1": "Other <other@shop.example>"}
    with_ticket = build_pack(snapshot, loaded, Case("c", messages=case.messages, ticket=ticket), "UTC")
    assert addresses_in(with_ticket) == 6


@pytest.mark.parametrize("content", [b"", b"PK\x05\x06" + bytes(18), b"no zip"])
def test_addresses_of_something_else_cannot_be_counted(content: bytes) -> None:
    with pytest.raises(InputError, match="not an evidence pack"):
        addresses_in(content)


def test_a_case_without_messages_and_one_without_any_that_is_there(snapshot: Snapshot, loaded: Workspace) -> None:
    with pytest.raises(InputError, match="has no messages"):
        build_pack(snapshot, loaded, Case("c"), "UTC")
    with pytest.raises(NotFound, match="None of the messages"):
        build_pack(snapshot, loaded, Case("c", messages=("m0",)), "UTC")


def test_an_unknown_message_among_others_is_reported(snapshot: Snapshot, loaded: Workspace) -> None:
    ids = every_message(snapshot)
    pack = packed(loaded, Case("c", messages=(ids[0], "m`0`")))
    assert manifest_of(pack)["query"]["absent"] == ["m`0`"]
    assert "Message `` m`0` `` of the case: it is not in the workspace" in pages_of(pack)


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../../etc/passwd", "/etc/localtime", "a\0b"])
def test_an_unknown_zone_is_refused(snapshot: Snapshot, loaded: Workspace, zone: str) -> None:
    with pytest.raises(InputError, match="is not a time zone"):
        build_pack(snapshot, loaded, case_of(snapshot), zone)


def test_an_empty_workspace_has_no_pack(workspace: Workspace) -> None:
    with look(workspace) as snapshot, pytest.raises(NotFound):
        build_pack(snapshot, workspace, Case("c", messages=("m1",)), "UTC")


def test_a_place_that_cannot_be_written_to(snapshot: Snapshot, loaded: Workspace, tmp_path: Path) -> None:
    for out in (tmp_path, tmp_path / "missing" / "pack.zip"):
        with pytest.raises(InputError, match="cannot be written"):
            write_pack(snapshot, loaded, case_of(snapshot), "UTC", out)


def test_a_disk_that_refuses_leaves_the_old_pack(
    snapshot: Snapshot, loaded: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "pack.zip"
    out.write_bytes(b"the old one")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Failure, match="No space left"):
        write_pack(snapshot, loaded, case_of(snapshot), "UTC", out)
    assert out.read_bytes() == b"the old one"
    assert not list(tmp_path.glob(".*.part"))


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS, errno.ENOENT])
def test_a_place_that_is_shut_or_gone_is_not_told_to_be_full(
    snapshot: Snapshot, loaded: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    opened = Path.open
    monkeypatch.setattr(
        Path, "open", lambda path, *args, **named: (refuse if ".part" in path.name else opened)(path, *args, **named)
    )
    unlinked = Path.unlink
    monkeypatch.setattr(
        Path, "unlink", lambda path, **named: (refuse if ".part" in path.name else unlinked)(path, **named)
    )
    with pytest.raises(InputError, match="cannot be written") as caught:
        write_pack(snapshot, loaded, case_of(snapshot), "UTC", tmp_path / "pack.zip")
    assert os.strerror(number) in caught.value.message
    assert "space" not in caught.value.hint


def test_a_disk_that_is_full_before_the_pack_is_made(snapshot: Snapshot, loaded: Workspace, tmp_path: Path) -> None:
    out, case = tmp_path / "pack.zip", case_of(snapshot)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (600, hard))
    try:
        with pytest.raises(Failure) as caught:
            write_pack(snapshot, loaded, case, "UTC", out)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert "File too large" in caught.value.message
    assert not list(tmp_path.glob("*.zip")) + list(tmp_path.glob(".*.part"))
    assert not list((loaded.root / "scratch").glob("pack-*"))


def test_an_interrupted_pack_leaves_nothing(snapshot: Snapshot, loaded: Workspace, tmp_path: Path) -> None:
    def interrupt(step: Step) -> None:
        if step.stage == "packing":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_pack(snapshot, loaded, case_of(snapshot), "UTC", tmp_path / "pack.zip", interrupt)
    assert not list(tmp_path.glob("*.zip"))
    assert not list((loaded.root / "scratch").glob("pack-*"))


def test_the_name_of_a_pack() -> None:
    assert pack_name(Case("case-001")) == "lasthop-case-001.zip"
    assert pack_name(Case("../../etc/passwd")) == "lasthop-passwd.zip"


def test_more_messages_than_are_told_one_by_one(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lasthop.pack.readme.IN_FULL", 2)
    rows = [activity(n, "delivered", n) for n in range(1, 6)]
    load(workspace, tmp_path / "files", [("a.csv", table(ACTIVITY, rows).encode())])
    pack = packed(workspace)
    page = readme_of(pack)
    assert page.count("\n### ") == 2
    assert "3 more messages: see `messages.csv`." in page
    assert len(rows_of(pack, "messages.csv")) == 5


@pytest.mark.slow
def test_a_batch_says_what_each_dossier_says_alone(
    samples_workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    with look(samples_workspace) as snapshot:
        every = every_message(snapshot)
        together = list(dossiers(snapshot, every))
        assert len(together) == len(every) > 500
        monkeypatch.setattr("lasthop.trace.message.BATCH", 20)
        assert list(dossiers(snapshot, every)) == together
        monkeypatch.undo()
        for known in together[:: len(every) // 60]:  # each alone takes a minute
            assert known == dossier(snapshot, known.message.message, hints=False)


def test_how_much_is_held_at_once_does_not_change_a_pack(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Citations are held in sorted files that are merged; two lists, and one source without its lines."""
    rows = [activity(n, event, n) for n in range(1, 40) for event in ("processed", "delivered")]
    logs = [mail_log(n, n) for n in range(1, 40)]
    lists = [("5.1.1", REPLY, f"user{n}@mail.example", "1793620804") for n in range(1, 40, 3)]
    files = [
        ("activity.csv", table(ACTIVITY, rows[::-1]).encode()),
        ("mail_log.csv", table(MAIL_LOG, logs).encode("cp932")),
        ("suppression_bounces.csv", table(BOUNCES, lists).encode()),
        ("hook.json", json.dumps([webhook(n, "dropped", n, reason="Bounced Address") for n in range(50, 60)]).encode()),
    ]
    load(workspace, tmp_path / "files", files)
    masked = Redaction(Level.MASKED)

    def made() -> list[bytes]:
        with look(workspace) as snapshot:
            case = case_of(snapshot)
            return [build_pack(snapshot, workspace, case, "UTC", redaction=each) for each in (Redaction(), masked)]

    whole = made()
    monkeypatch.setattr("lasthop.pack.citations.HELD", 3)
    monkeypatch.setattr("lasthop.pack.citations.FILES", 4)
    monkeypatch.setattr("lasthop.pack.rawfiles.VALUES_AT_ONCE", 2)
    monkeypatch.setattr("lasthop.pack.excerpt.FAR", 2)
    monkeypatch.setattr("lasthop.pack.excerpt.BLOCK", 7)
    monkeypatch.setattr("lasthop.trace.message.BATCH", 5)
    assert made() == whole
