"""Mails that were loaded as sources: their headers are the lines of a pack, and are read for their way and checks."""

import io
import zipfile
from pathlib import Path

import pytest

from lasthop.pack import build_pack
from lasthop.pack.redact import Level, Redaction
from lasthop.store import Workspace
from lasthop.trace import look
from tests.pack.exports import ACTIVITY, activity, case_of, load, table, x_id
from tests.pack.leaking import leaks
from tests.pack.reading import manifest_of, pages_of, readme_of, rows_of

IN_FULL = Redaction()
PEOPLE = ("user1@mail.example", "user2@mail.example", "hanako.yamada@private.example", "no-reply@shop.example")


def original(number: int, ends: str = "\n") -> str:
    """The original of message ``number``, as ``mx.mail.example`` holds it."""
    return f"""\
Return-Path: <bounces+4711-ab12-user{number}=mail.example@em.shop.example>
Received: from o1.em.shop.example (o1.em.shop.example [192.0.2.25])
 by mx.mail.example (Postfix) with ESMTPS id 4XyZ{number}
 for <user{number}@
 mail.example>; Mon, 02 Nov 2026 21:0{number}:05 +0900
Authentication-Results: mx.mail.example; dkim=pass header.d=shop.example
Received: from MTIzNDU2Nw (unknown) by geopod-ismtpd-1 (SG) with HTTP id {x_id(number)}
 Mon, 02 Nov 2026 12:0{number}:00.100 +0000 (UTC)
Message-ID: <{x_id(number)}@geopod-ismtpd-1>
From: Shop <no-reply@shop.example>
To: user{number}@mail.example
Cc: Yamada Hanako <hanako.yamada@private.example>
Subject: Order {number}
X-Note: Yamada Hanako asked

The body names hanako.yamada@private.example
""".replace("\n", ends)


def report(number: int) -> str:
    """A bounce mail about message ``number``."""
    return f"""\
Return-Path: <>
From: MAILER-DAEMON@mx.mail.example
To: no-reply@shop.example
Date: Mon, 02 Nov 2026 21:10:00 +0900
Message-ID: <b{number}@mx.mail.example>
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.mail.example

Final-Recipient: rfc822; user{number}@mail.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <user{number}@mail.example>: User unknown

--b
Content-Type: text/rfc822-headers

{original(number).partition(chr(10) * 2)[0]}

--b--
"""


def packed(workspace: Workspace, folder: Path, mail: str, redaction: Redaction = IN_FULL) -> zipfile.ZipFile:
    rows = [
        activity(n, kind, n * 60 + second) for n in (1, 2) for second, kind in enumerate(("processed", "delivered"))
    ]
    load(workspace, folder / "files", [("a.csv", table(ACTIVITY, rows).encode()), ("mail.eml", mail.encode())])
    with look(workspace) as snapshot:
        made = build_pack(snapshot, workspace, case_of(snapshot), "Asia/Tokyo", redaction=redaction)
    return zipfile.ZipFile(io.BytesIO(made))


def raw_of(pack: zipfile.ZipFile) -> str:
    (name,) = [name for name in pack.namelist() if name.endswith("mail.eml.txt")]
    return pack.read(name).decode()


@pytest.mark.parametrize("ends", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_the_header_of_a_loaded_original_is_in_the_pack_byte_for_byte(
    workspace: Workspace, tmp_path: Path, ends: str
) -> None:
    mail = original(1, ends)
    pack = packed(workspace, tmp_path, mail)
    assert raw_of(pack) == mail.partition(ends * 2)[0] + ends
    index = {row["event_id"]: row for row in rows_of(pack, "raw/index.csv")}
    hops = [row for row in rows_of(pack, "timeline.csv") if row["kind"] == "hop"]
    assert [(row["line"], index[row["event_id"]]["raw_line"]) for row in hops] == [("7", "7"), ("2", "2")]
    assert {index[row["event_id"]]["form"] for row in hops} == {"lines"}
    assert "The body names" not in pages_of(pack)


def test_its_way_and_its_checks_are_told(workspace: Workspace, tmp_path: Path) -> None:
    pack = packed(workspace, tmp_path, original(1))
    (name,) = {row["file"] for row in rows_of(pack, "hops.csv")}
    assert name.endswith("-mail.eml.txt")
    assert [row["by"] for row in rows_of(pack, "hops.csv")] == ["geopod-ismtpd-1", "mx.mail.example"]
    assert [row["method"] for row in rows_of(pack, "authentication.csv")] == ["dkim"]
    assert "2 servers noted taking it" in readme_of(pack)


def test_of_an_mbox_each_mail_is_read_by_itself(workspace: Workspace, tmp_path: Path) -> None:
    start = "From x Mon Nov  2 21:00:00 2026\n"
    mbox = "\n".join(f"{start}{original(n)}" for n in (1, 2))
    pack = packed(workspace, tmp_path, mbox)
    hops, raw = rows_of(pack, "hops.csv"), raw_of(pack).split("\n")
    assert [row["id"] for row in hops] == [x_id(1), "4XyZ1", x_id(2), "4XyZ2"]
    lines = [raw[int(row["line"]) - 1] for row in hops]
    assert [line.partition(":")[0] for line in lines] == ["Received"] * 4
    for row in (row for row in rows_of(pack, "raw/index.csv") if row["source_file"] == "mail.eml"):
        assert raw[int(row["raw_line"]) - 1] == mbox.split("\n")[int(row["source_line"]) - 1]


@pytest.mark.parametrize("level", [Level.MASKED, Level.METADATA])
@pytest.mark.parametrize("mail", [original(1), original(1, "\r\n"), report(1)], ids=["original", "CRLF", "report"])
def test_nobody_that_a_loaded_mail_names_leaves_masked(
    workspace: Workspace, tmp_path: Path, mail: str, level: Level
) -> None:
    pack = packed(workspace, tmp_path, mail, Redaction(level))
    assert leaks({name: pack.read(name) for name in pack.namelist()}, PEOPLE) == []
    everything = "".join(pack.read(name).decode("utf-8", "replace") for name in pack.namelist())
    assert "Hanako" not in everything
    if level is Level.MASKED:
        index = [row for row in rows_of(pack, "raw/index.csv") if row["source_file"] == "mail.eml"]
        raw = raw_of(pack).split("\n")
        began = ["Final-Rec"] if mail == report(1) else ["Received:"] * 2
        assert [raw[int(row["raw_line"]) - 1][:9] for row in index] == began
        assert "masked-" in raw_of(pack)


def test_of_a_bounce_mail_in_free_words_the_values_stand_there_and_why(workspace: Workspace, tmp_path: Path) -> None:
    words = (
        "This message was created automatically by mail delivery software.\n\nA message that you sent could not be "
        "delivered:\n\n  user1@mail.example\n    550 5.1.1 User unknown\n"
    )
    begin, _, rest = report(1).partition("Content-Type: message/delivery-status\n")
    mail = f"{begin}Content-Type: text/plain\n\n{words}\n--b\n{rest.partition('--b' + chr(10))[2]}"
    pack = packed(workspace, tmp_path, mail)
    assert '"reply": ' in raw_of(pack)
    (source,) = [one for one in manifest_of(pack)["sources"] if one["file"] == "mail.eml"]
    assert "in the body of a mail" in source["raw"]["why"]
    (row,) = [row for row in rows_of(pack, "timeline.csv") if row["file"] == "mail.eml"]
    assert (row["system"], row["kind"]) == ("receiver", "bounce_hard")


def test_a_header_without_an_end_is_not_copied(workspace: Workspace, tmp_path: Path) -> None:
    head = original(1).partition("\n\n")[0]
    pack = packed(workspace, tmp_path, f"{head}\nX-Long: a\n{' b' * 40}\n" + " b\n" * 600_000)
    assert '"kind": "hop"' in raw_of(pack)
    assert "its header has more than 1,048,576 bytes" in pages_of(pack)
