"""An original message in a case: its hops and its checks stand in the pack, at every level no more than may leave."""

import io
import re
import zipfile
from dataclasses import replace

import pytest

from lasthop.pack import Case, attach, build_pack, save_case
from lasthop.pack.case import change_case
from lasthop.pack.redact import Level, Redaction
from lasthop.store import Snapshot, Workspace
from tests.pack.exports import case_of
from tests.pack.leaking import leaks
from tests.pack.reading import manifest_of, readme_of, rows_of

ALICE = "alice.liddell@receiver.example"
BOUNCES = "bounces+1234567-ab12-alice.liddell=receiver.example@em7.shop.example"
HEADER = f"""Delivered-To: {ALICE}
Received: from o1.em7.shop.example (o1.em7.shop.example [192.0.2.25])
 by mx.receiver.example (Postfix) with ESMTPS id 4XyZ
 for <{ALICE}>; Tue, 19 Nov 2024 08:00:05 +0000 (UTC)
Authentication-Results: mx.receiver.example; spf=pass smtp.mailfrom="{BOUNCES}";
 dkim=pass header.d=shop.example header.s=s1; dmarc=pass header.from=shop.example
Received: by recvd-5f9ffdf494-9kc6l with SMTP id recvd-5f9ffdf494-9kc6l-1-673C4580-B
 2024-11-19 08:00:00.619427743 +0000 UTC m=+3415831.380000000
Received: from MTIzNDU2Nw (unknown) by geopod-ismtpd-1 (SG) with HTTP id AbCdEfGhIjKlMnOpQrStUv
 Tue, 19 Nov 2024 08:00:00.100 +0000 (UTC)
Message-ID: <AbCdEfGhIjKlMnOpQrStUv@geopod-ismtpd-1>
Date: Tue, 19 Nov 2024 08:00:00 +0000
From: Shop <news@shop.example>
To: Alice <{ALICE}>
Subject: Hello
"""
FORWARDED = HEADER.replace("4XyZ", "5AbC")
"""Of the same mail, as another server took it."""
OTHER = "Nov 19 08:00:00 mx postfix/smtpd[1]: connect from o1.em7.shop.example[192.0.2.25]\n" * 3


def packed(snapshot: Snapshot, workspace: Workspace, case: Case, level: Level = Level.FULL) -> zipfile.ZipFile:
    made = build_pack(snapshot, workspace, case, "Asia/Tokyo", redaction=Redaction(level))
    return zipfile.ZipFile(io.BytesIO(made))


@pytest.fixture
def case(snapshot: Snapshot, loaded: Workspace) -> Case:
    """A case with an original, a log that is none, and a header pasted into its ticket."""
    (path := loaded.root / "cases" / "with-original.toml").unlink(missing_ok=True)
    save_case(loaded, replace(case_of(snapshot), id="with-original", revision=0))
    attach(loaded, "with-original", "original.eml", HEADER.encode() + b"\nHello Alice\n")
    attach(loaded, "with-original", "postfix.log", OTHER.encode())
    assert path.exists()
    return change_case(loaded, "with-original", lambda found: replace(found, ticket={"header": FORWARDED}))


def test_every_hop_and_every_result_stands_in_a_table(snapshot: Snapshot, loaded: Workspace, case: Case) -> None:
    pack = packed(snapshot, loaded, case)
    hops = rows_of(pack, "hops.csv")
    assert {row["file"] for row in hops} == {"attached/01-original.eml", "the header of the ticket"}
    first, second, last = hops[:3]
    assert [row["hop"] for row in (first, second, last)] == ["1", "2", "3"], "the oldest first"
    assert (first["by"], first["with"], first["id"]) == ("geopod-ismtpd-1", "HTTP", "AbCdEfGhIjKlMnOpQrStUv")
    assert (second["utc"], second["local"]) == ("2024-11-19T08:00:00.619Z", "2024-11-19T17:00:00.619+09:00")
    assert (last["ptr"], last["ip"], last["tls"] != "", last["line"]) == (
        "o1.em7.shop.example",
        "192.0.2.25",
        True,
        "2",
    )
    assert float(last["delay_s"]) == pytest.approx(4.38, abs=0.01)
    checks = rows_of(pack, "authentication.csv")[:3]
    assert [(row["method"], row["result"], row["domain"], row["standing"]) for row in checks] == [
        ("spf", "pass", "em7.shop.example", "border"),
        ("dkim", "pass", "shop.example", "border"),
        ("dmarc", "pass", "shop.example", "border"),
    ]
    assert [row["aligned"] for row in checks] == ["relaxed", "strict", ""]


def test_the_pages_say_it_in_words_with_the_lines(snapshot: Snapshot, loaded: Workspace, case: Case) -> None:
    pack = packed(snapshot, loaded, case)
    page = re.sub(r"<[^>]+>", "", pack.read("index.html").decode())
    for text in (page, re.sub(r"[\\`]", "", readme_of(pack))):
        assert "3 servers noted taking it; it was on the way for 5 s, by the clocks that agree." in text
        assert re.search(r"made at the receiver's border, by mx\.receiver\.example\.", text.replace("&#39;", "'"))
        assert "Authentication-Results line 5" in text
    assert {one["name"]: one["made_by"] for one in manifest_of(pack)["members"]}["hops.csv"].startswith(
        "lasthop original FILE --jsonl"
    )


@pytest.mark.parametrize("level", [Level.MASKED, Level.METADATA])
def test_no_address_of_an_original_leaves_by_its_tables(
    snapshot: Snapshot, loaded: Workspace, case: Case, level: Level
) -> None:
    pack = packed(snapshot, loaded, case, level)
    hops = rows_of(pack, "hops.csv")
    assert len(hops) == (6 if level is Level.MASKED else 0)
    assert leaks({name: pack.read(name) for name in pack.namelist()}, [ALICE, "news@shop.example"]) == []


def test_a_case_without_an_original_has_empty_tables(snapshot: Snapshot, loaded: Workspace) -> None:
    pack = packed(snapshot, loaded, case_of(snapshot))
    assert rows_of(pack, "hops.csv") == rows_of(pack, "authentication.csv") == []
    assert "Original messages" not in readme_of(pack)


def test_what_domains_have_to_do_with_each_other_is_told_of_the_header_as_it_stood(
    snapshot: Snapshot, loaded: Workspace, case: Case
) -> None:
    """In a masked header the domain of From is no longer that of the signature: nothing may be concluded from it."""
    pack = packed(snapshot, loaded, case, Level.MASKED)
    said = readme_of(pack).replace("\\", "")
    assert "which is another domain" not in said
    assert re.search(r"DKIM passed: (masked-\w+\.invalid) signed .* That is the domain of From", said)
    checks = rows_of(pack, "authentication.csv")[:3]
    assert [row["aligned"] for row in checks] == ["relaxed", "strict", ""]
    sender = {row["domain"] for row in checks if row["method"] == "dkim"}
    assert sender == {row["domain"] for row in checks if row["method"] == "dmarc"}
    assert f"header.d={min(sender)}" in pack.read("attached/01-original.eml").decode()


def test_a_domain_that_is_not_kept_does_not_stand_alone_in_a_header(
    snapshot: Snapshot, loaded: Workspace, case: Case
) -> None:
    def header(redaction: Redaction) -> str:
        made = build_pack(snapshot, loaded, case, "Asia/Tokyo", redaction=redaction)
        return zipfile.ZipFile(io.BytesIO(made)).read("attached/01-original.eml").decode()

    assert not re.search(r"(?<![\w.-])(?:em7\.)?shop\.example", header(Redaction(Level.MASKED)))
    assert "by mx.receiver.example (Postfix)" in header(Redaction(Level.MASKED)), "servers stay"
    assert "header.d=shop.example" in header(Redaction(Level.MASKED, keep_domains=True))
