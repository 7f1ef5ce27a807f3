import importlib
import io
import json
import warnings
import zipfile
from pathlib import Path

import pytest

from lasthop.errors import NotFound
from lasthop.pack import sha256_of, shape, verify
from tests.pack.reading import rewritten

NAME = "messages.csv"
checking = importlib.import_module("lasthop.pack.verify")
"""The module: the package exports the function under the same name."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "pack.zip"


def problems(path: Path) -> list[str]:
    result = verify(path)
    assert result.ok == (not result.problems)
    assert result.sha256 == sha256_of(path.read_bytes())
    return result.problems


def member(content: bytes, name: str) -> bytes:
    return zipfile.ZipFile(io.BytesIO(content)).read(name)


def with_manifest(content: bytes, path: Path, **changes: object) -> Path:
    told = json.loads(member(content, "manifest.json")) | changes
    return rewritten(content, path, {"manifest.json": json.dumps(told).encode()})


def test_a_good_pack_holds(content: bytes, path: Path) -> None:
    path.write_bytes(content)
    result = verify(path)
    assert (result.ok, result.problems) == (True, [])
    assert result.members == zipfile.ZipFile(path).namelist()


def test_a_pack_that_was_written_again_in_its_way_holds(content: bytes, path: Path) -> None:
    assert problems(rewritten(content, path, {})) == []


def test_a_pack_that_another_tool_wrote_again_does_not_hold(content: bytes, path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(path, "w") as target:
        for name in reversed(source.namelist()):
            target.writestr(name, source.read(name))
    found = problems(path)
    assert len(found) == 5  # stored, date, attributes, order, headers: once for all members
    assert found[0].endswith("more): it is not packed as members of a pack are (deflated).")
    assert found[1].endswith("more): the date is not 1980-01-01 00:00:00, which every member of a pack has.")
    assert "The members are not in the order in which lasthop writes them." in found


def test_bytes_around_a_pack(content: bytes, path: Path) -> None:
    path.write_bytes(b"MZ hidden" + content)
    assert problems(path) == ["Bytes stand before the first member that belong to no member, or members overlap."]
    path.write_bytes(content + b"hidden")
    assert problems(path) == ["Bytes stand behind the end of the ZIP; a pack has none there."]
    path.write_bytes(content[:-2] + b"\x06\x00hidden")
    assert problems(path) == ["The ZIP has a comment; a pack has none."]


def test_bytes_between_members_and_in_the_directory(content: bytes, path: Path) -> None:
    infos = zipfile.ZipFile(io.BytesIO(content)).infolist()
    first, start = infos[1].header_offset, content.rindex(b"PK\5\6")
    directory = content.index(b"PK\1\2")
    moved = bytearray(content[:first] + b"hidden" + content[first:])
    place = directory + 6
    for info in infos:
        offset = info.header_offset + (6 if info.header_offset >= first else 0)
        moved[place + 42 : place + 46] = offset.to_bytes(4, "little")
        place += 46 + len(info.filename)
    moved[start + 6 + 16 : start + 6 + 20] = (directory + 6).to_bytes(4, "little")
    path.write_bytes(moved)
    assert problems(path) == [f"Bytes stand before {infos[1].filename} that belong to no member, or members overlap."]
    changed = bytearray(content)
    changed[directory + 4] ^= 1  # the version that made it
    path.write_bytes(changed)
    assert problems(path) == ["The directory at the end of the ZIP is not as lasthop writes it."]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"comment": b"x"}, "messages.csv: a comment stands at it; members of a pack have none."),
        ({"extra": b"\x99\x99\x01\x00x"}, "messages.csv: an extra field stands at it; members of a pack have none."),
        ({"date_time": (1999, 1, 1, 0, 0, 0)}, "messages.csv: the date is not 1980-01-01 00:00:00, which every"),
        ({"external_attr": 0o104755 << 16}, "messages.csv: the attributes are not those of a member of a pack."),
        ({"create_system": 0}, "messages.csv: the attributes are not those of a member of a pack."),
        ({"internal_attr": 1}, "messages.csv: the attributes are not those of a member of a pack."),
    ],
)
def test_what_is_said_of_a_member(content: bytes, path: Path, change: dict[str, object], sentence: str) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(path, "w") as target:
        for info in source.infolist():
            text = source.read(info)
            if info.filename == NAME:
                for field, value in change.items():
                    setattr(info, field, value)
            target.writestr(info, text)
    assert problems(path)[0].startswith(sentence)


def test_members_that_are_large_have_the_long_form_and_no_other(
    content: bytes, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.write_bytes(content)
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 400)
    monkeypatch.setattr(shape, "_LARGE", 400)
    assert problems(path)
    assert problems(rewritten(content, path, {})) == []


def test_a_manifest_that_contradicts_its_members(content: bytes, path: Path) -> None:
    told = json.loads(member(content, "manifest.json"))
    fewer = {**told["query"], "messages": told["query"]["messages"][:1]}
    assert problems(with_manifest(content, path, query=fewer)) == [
        "messages.csv holds 3 messages that are not the 1 that manifest.json names."
    ]
    assert problems(with_manifest(content, path, period={"first": None, "last": "x"})) == [
        "The period that manifest.json names is not the one that messages.csv spans."
    ]
    assert "cannot be compared" in problems(with_manifest(content, path, query=5))[0]


def test_every_member_is_guarded(content: bytes, path: Path) -> None:
    for name in zipfile.ZipFile(io.BytesIO(content)).namelist():
        if name == "manifest.json":
            continue
        old = member(content, name)
        assert problems(rewritten(content, path, {name: old + b" "})) == [
            f"{name} was changed: it is not what the manifest says."
        ]
        same_size = bytes([old[0] ^ 1]) + old[1:]
        assert len(problems(rewritten(content, path, {name: same_size}))) == 1
        assert problems(rewritten(content, path, {name: None})) == [f"{name} is missing."]


def test_a_member_too_many(content: bytes, path: Path) -> None:
    assert problems(rewritten(content, path, {}, (("more.csv", b"x"),))) == [
        "more.csv was added: the manifest does not list it."
    ]


def test_a_member_under_another_name(content: bytes, path: Path) -> None:
    moved = rewritten(content, path, {NAME: None}, (("message.csv", member(content, NAME)),))
    assert problems(moved) == ["messages.csv was renamed to message.csv."]


@pytest.mark.parametrize("again", [b"x", None])
def test_a_member_twice(content: bytes, path: Path, again: bytes | None) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # zipfile warns of the second one
        rewritten(content, path, {}, ((NAME, again or member(content, NAME)),))
    assert f"{NAME} is in it 2 times." in problems(path)


@pytest.mark.parametrize(
    "name",
    ["../evil.txt", "/etc/passwd", "raw/../../x", "C:\\x", "raw\\x", "a\nb", ".hidden", "raw/", "raw/a/b", "注文.csv"],
)
def test_a_name_that_leads_out(content: bytes, path: Path, name: str) -> None:
    found = problems(rewritten(content, path, {}, ((name, b""),)))
    assert any("is a name that no pack has" in problem for problem in found)
    assert all("\n" not in problem for problem in found)


def test_no_manifest_and_broken_ones(content: bytes, path: Path) -> None:
    assert problems(rewritten(content, path, {"manifest.json": None})) == [
        "manifest.json is missing: it cannot be told what should be in it."
    ]
    broken = (
        b"", b"[]", b"null", b"5", b"\xff", b"{", b'{"lasthop_pack": 1}', b'{"lasthop_pack": 1, "members": 5}',
        b'{"lasthop_pack": 1, "members": [5]}', b'{"lasthop_pack": 1, "members": [{"name": "a"}]}',
        b'{"lasthop_pack": 1, "members": [], "members": []}', b"[" * 100_000,
        b'{"lasthop_pack": 1, "members": [{"name": "a", "size": Infinity, "sha256": "x"}]}',
    )  # fmt: skip
    for text in broken:
        (problem,) = problems(rewritten(content, path, {"manifest.json": text}))
        assert problem.startswith("manifest.json is malformed")


def test_a_manifest_that_lists_a_member_twice_or_itself(content: bytes, path: Path) -> None:
    members = json.loads(member(content, "manifest.json"))["members"]
    assert "malformed" in problems(with_manifest(content, path, members=[*members, members[0]]))[0]
    itself = {"name": "manifest.json", "size": 1, "sha256": ""}
    assert "malformed" in problems(with_manifest(content, path, members=[*members, itself]))[0]


def test_a_pack_of_a_later_format(content: bytes, path: Path) -> None:
    assert "It is a pack of format 2" in problems(with_manifest(content, path, lasthop_pack=2))[0]


def test_what_is_no_zip(content: bytes, path: Path) -> None:
    for text in (b"", b"hello", content[: len(content) // 2], content[:-10], content[200:]):
        path.write_bytes(text)
        assert problems(path)


def test_every_flipped_byte_is_found(content: bytes, path: Path) -> None:
    for place in range(0, len(content), 37):
        assert not verify(flipped(content, path, place, 0xFF)).ok, place


def flipped(content: bytes, path: Path, place: int, bits: int) -> Path:
    changed = bytearray(content)
    changed[place] ^= bits
    path.write_bytes(changed)
    return path


def ends(content: bytes) -> dict[str, int]:
    """Name -> where the packed bytes of the member end."""
    infos = zipfile.ZipFile(io.BytesIO(content)).infolist()
    return {info.filename: info.header_offset + 30 + len(info.filename) + info.compress_size for info in infos}


def test_every_bit_is_guarded_where_a_member_ends(content: bytes, path: Path) -> None:
    for name, end in ends(content).items():
        for bit in range(8):
            assert not verify(flipped(content, path, end - 1, 1 << bit)).ok, (name, bit)


def test_every_byte_of_a_header_and_of_the_end_is_guarded(content: bytes, path: Path) -> None:
    infos = zipfile.ZipFile(io.BytesIO(content)).infolist()
    directory, end = content.index(b"PK\1\2"), content.rindex(b"PK\5\6")
    first_entry = range(directory, directory + 46 + len(infos[0].filename))
    second = range(infos[1].header_offset, infos[1].header_offset + 30 + len(infos[1].filename))
    for place in (*range(30 + len(infos[0].filename)), *second, *first_entry, *range(end, len(content))):
        for bits in (1, 0x80):
            assert not verify(flipped(content, path, place, bits)).ok, (place, bits)


@pytest.mark.parametrize("name", [NAME, "manifest.json", "raw/index.csv"])
@pytest.mark.parametrize("hidden", [b"\0", b"hidden behind the end"])
def test_bytes_behind_the_end_of_a_member(content: bytes, path: Path, name: str, hidden: bytes) -> None:
    """They belong to the member by its sizes, and no reader ever sees them."""
    infos, more = zipfile.ZipFile(io.BytesIO(content)).infolist(), len(hidden)
    end, directory = ends(content)[name], content.index(b"PK\1\2")
    changed, place = bytearray(content), directory
    for info in infos:
        size, offset = info.compress_size, info.header_offset
        if info.filename == name:
            changed[offset + 18 : offset + 22] = (size + more).to_bytes(4, "little")
            changed[place + 20 : place + 24] = (size + more).to_bytes(4, "little")
        elif offset >= end:
            changed[place + 42 : place + 46] = (offset + more).to_bytes(4, "little")
        place += 46 + len(info.filename)
    changed[place + 16 : place + 20] = (directory + more).to_bytes(4, "little")
    path.write_bytes(changed[:end] + hidden + changed[end:])
    assert problems(path) == [f"{name}: its packed bytes go on behind the end of what they hold."]


def test_no_file(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.zip", tmp_path):
        with pytest.raises(NotFound):
            verify(path)


def bomb(path: Path, method: int, mib: int) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive, archive.open("manifest.json", "w") as out:
        for _ in range(mib):
            out.write(bytes(1 << 20))
    return path


def test_a_bomb_is_not_read_to_its_end(path: Path) -> None:
    found = problems(bomb(path, zipfile.ZIP_DEFLATED, 80))
    assert found[-1] == "manifest.json expands beyond what is allowed; it was not read to its end."


def test_a_bomb_beside_a_good_manifest(content: bytes, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "RATIO_FROM", 1 << 20)
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, bytes(4 << 20) if name == NAME else source.read(name))
    assert f"{NAME} expands beyond what is allowed; it was not read to its end." in problems(path)


def test_packing_that_no_pack_uses(path: Path) -> None:
    assert "packed in a way that no pack uses" in problems(bomb(path, zipfile.ZIP_LZMA, 1))[-1]


def test_too_many_members(content: bytes, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.write_bytes(content)
    monkeypatch.setattr(checking, "MEMBERS", 3)
    assert "more than 3 are not looked at" in problems(path)[0]


def test_nothing_is_written(content: bytes, path: Path) -> None:
    rewritten(content, path, {}, (("../evil.txt", b"x"),))
    verify(path)
    assert [one.name for one in path.parent.iterdir()] == ["pack.zip"]
    assert not (path.parent.parent / "evil.txt").exists()


def test_a_pack_whose_members_are_packed_otherwise_does_not_hold(content: bytes, tmp_path: Path) -> None:
    """Though each is what the manifest says: the file is not the one that was made."""
    path = tmp_path / "stored.zip"
    with zipfile.ZipFile(io.BytesIO(content)) as made, zipfile.ZipFile(path, "w") as stored:
        for info in made.infolist():
            again = zipfile.ZipInfo(info.filename, info.date_time)
            again.create_system, again.external_attr = info.create_system, info.external_attr
            stored.writestr(again, made.read(info))
    (problem,) = verify(path).problems
    assert problem.endswith("it is not packed as members of a pack are (deflated).")
