"""What leaves at each level: packs of real exports, looked through byte by byte for every address that is in them."""

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from lasthop.app.uploads import sample_files
from lasthop.load import load_files
from lasthop.pack import Case, attach, build_pack, save_case
from lasthop.pack.case import Check
from lasthop.pack.redact import Level, Redaction
from lasthop.pack.verify import verify
from lasthop.store import Workspace
from lasthop.trace import look
from tests.pack.leaking import leaks
from tests.pack.reading import manifest_of, readme_of, rows_of

MASKED, METADATA = Redaction(Level.MASKED), Redaction(Level.METADATA)
Packs = dict[Redaction, bytes]
EVERY = (MASKED, Redaction(Level.MASKED, keep_domains=True), METADATA)


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder = tmp_path_factory.mktemp("levels")
    (folder / "scratch").mkdir()
    workspace = Workspace(folder / "workspace")
    load_files(workspace, sample_files(), folder / "scratch")
    return workspace


@pytest.fixture(scope="module")
def case(samples: Workspace) -> Case:
    """Some messages of every outcome, with an address in every text that somebody may type."""
    with look(samples) as snapshot:
        found = snapshot.rows(
            "SELECT message, recipient FROM messages WHERE recipient IS NOT NULL "
            "QUALIFY row_number() OVER (PARTITION BY outcome ORDER BY message) <= 4 ORDER BY message"
        )
    who = found[0]["recipient"]
    saved = save_case(
        samples,
        Case(
            "levels",
            title=f"Nothing comes to {who}",
            question=f"Where is the mail to <{who}>?",
            asks=f"{who} asks us",
            notes=f"{who.split('@')[0]} called",
            messages=tuple(row["message"] for row in found),
            ticket={"header": f"From: Shop <shop@sender.example>\nTo: {who}\n\n", "reference": "12"},
            checks=(Check("Spam folder", f"{who} looked", who, "today"),),
        ),
    )
    original = f"Received: from a by b for <{who}>\r\nTo: {who}\r\n\r\nDear {who}\r\n".encode()
    attached = attach(samples, saved.id, f"{who}.eml", original)
    return replace(attached, id="levels")


def made(samples: Workspace, case: Case, redaction: Redaction) -> bytes:
    with look(samples) as snapshot:
        return build_pack(snapshot, samples, case, "Asia/Tokyo", redaction=redaction)


@pytest.fixture(scope="module")
def packs(samples: Workspace, case: Case) -> Packs:
    """The pack of each level, made once."""
    return {redaction: made(samples, case, redaction) for redaction in (Redaction(), *EVERY)}


def opened(packs: Packs, redaction: Redaction) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(packs[redaction]))


def addresses_of(samples: Workspace, case: Case) -> list[str]:
    with look(samples) as snapshot:
        rows = snapshot.rows(
            "SELECT DISTINCT recipient FROM messages WHERE message IN (SELECT unnest(?))", [list(case.messages)]
        )
    return [row["recipient"] for row in rows]


def members_of(pack: zipfile.ZipFile) -> dict[str, bytes]:
    return {name: pack.read(name) for name in pack.namelist()}


def test_in_full_every_address_is_found(samples: Workspace, case: Case, packs: Packs) -> None:
    """Else the tests below would find nothing whatever leaves."""
    members = members_of(opened(packs, Redaction()))
    for address in addresses_of(samples, case):
        assert leaks(members, [address]), address


@pytest.mark.parametrize("redaction", EVERY, ids=["masked", "domains kept", "metadata"])
def test_no_address_leaves(samples: Workspace, case: Case, packs: Packs, redaction: Redaction) -> None:
    assert leaks(members_of(opened(packs, redaction)), addresses_of(samples, case)) == []


@pytest.mark.parametrize("redaction", EVERY, ids=["masked", "domains kept", "metadata"])
def test_no_address_is_in_the_name_of_a_member(
    samples: Workspace, case: Case, packs: Packs, redaction: Redaction
) -> None:
    names = {name: b"" for name in opened(packs, redaction).namelist()}
    assert leaks({"names": "\n".join(names).encode()}, addresses_of(samples, case)) == []


def test_a_mask_is_the_same_in_every_member(samples: Workspace, case: Case, packs: Packs) -> None:
    pack = opened(packs, MASKED)
    masks = {row["recipient"] for row in rows_of(pack, "messages.csv")}
    assert len(masks) == len(addresses_of(samples, case))
    raw = b"".join(pack.read(name) for name in pack.namelist() if name.startswith("raw/0")).decode("utf-8", "replace")
    told = [mask for mask in masks if mask in raw]
    assert len(told) > len(masks) // 2  # some sources of the samples are in other encodings
    assert all(mask in readme_of(pack) for mask in masks)


def test_the_level_stands_on_the_cover_and_in_the_manifest(packs: Packs) -> None:
    for redaction in (Redaction(), *EVERY):
        pack = opened(packs, redaction)
        assert f"- Redaction level: **{redaction.level}**" in readme_of(pack)
        assert manifest_of(pack)["redaction"] == redaction.level
        assert manifest_of(pack)["domains_kept"] == (redaction.level == "full" or redaction.keep_domains)


def test_metadata_has_no_text_of_others(packs: Packs) -> None:
    pack = opened(packs, METADATA)
    assert {row["subject"] for row in rows_of(pack, "messages.csv")} == {""}
    assert {row["reply"] for row in rows_of(pack, "timeline.csv")} == {""}
    assert not [name for name in pack.namelist() if name.startswith(("raw/0", "attached/"))]
    assert {row["raw_file"] for row in rows_of(pack, "raw/index.csv")} == {""}
    assert "this level lets none leave" in pack.read("checks.md").decode()


def test_masked_lines_stand_where_the_index_says(packs: Packs) -> None:
    full, masked = opened(packs, Redaction()), opened(packs, MASKED)
    places = [[(row["event_id"], row["raw_line"]) for row in rows_of(one, "raw/index.csv")] for one in (full, masked)]
    assert places[0] == places[1]
    for one, other in zip(
        sorted(name for name in full.namelist() if name.startswith("raw/0")),
        sorted(name for name in masked.namelist() if name.startswith("raw/0")),
        strict=True,
    ):
        assert full.read(one).count(b"\n") == masked.read(other).count(b"\n"), one


@pytest.mark.parametrize("redaction", EVERY, ids=["masked", "domains kept", "metadata"])
def test_a_masked_pack_is_whole_and_always_the_same(
    samples: Workspace, case: Case, packs: Packs, redaction: Redaction, tmp_path: Path
) -> None:
    assert made(samples, case, redaction) == packs[redaction]
    (tmp_path / "a.zip").write_bytes(packs[redaction])
    assert verify(tmp_path / "a.zip").problems == []


def test_a_name_that_only_an_attached_header_gives_is_masked_everywhere(samples: Workspace, case: Case) -> None:
    header = b"From: Hanako Yamadera <hanako@private.example>\r\nTo: a@b.example\r\n\r\n"
    named = attach(
        samples, save_case(samples, replace(case, id="named", revision=0, attachments=())).id, "a.eml", header
    )
    named = replace(named, notes="Hanako Yamadera called twice")
    pack = zipfile.ZipFile(io.BytesIO(made(samples, named, MASKED)))
    assert not [name for name in pack.namelist() if b"Yamadera" in pack.read(name)]
    full = zipfile.ZipFile(io.BytesIO(made(samples, named, Redaction())))
    assert b"Yamadera" in full.read("README.md")
