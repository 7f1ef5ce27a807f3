import importlib
import io
import json
import warnings
import zipfile
from pathlib import Path

import pytest

from lasthop.errors import NotFound
from lasthop.pack import sha256_of, verify
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


def test_a_pack_that_another_tool_wrote_again_holds(content: bytes, path: Path) -> None:
    assert problems(rewritten(content, path, {})) == []


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


def test_every_flipped_byte_is_found_or_harmless(content: bytes, path: Path) -> None:
    """A byte may be one of those that only describe (times, attributes); the members are then still what they were."""
    good = {name: member(content, name) for name in zipfile.ZipFile(io.BytesIO(content)).namelist()}
    for place in range(0, len(content), 37):
        changed = bytearray(content)
        changed[place] ^= 0xFF
        path.write_bytes(changed)
        if verify(path).ok:
            with zipfile.ZipFile(path) as archive:
                assert {name: archive.read(name) for name in archive.namelist()} == good


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
    (problem,) = problems(bomb(path, zipfile.ZIP_DEFLATED, 80))
    assert problem == "manifest.json expands beyond what is allowed; it was not read to its end."


def test_a_bomb_beside_a_good_manifest(content: bytes, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "RATIO_FROM", 1 << 20)
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, bytes(4 << 20) if name == NAME else source.read(name))
    assert f"{NAME} expands beyond what is allowed; it was not read to its end." in problems(path)


def test_packing_that_no_pack_uses(path: Path) -> None:
    assert "packed in a way that no pack uses" in problems(bomb(path, zipfile.ZIP_LZMA, 1))[0]


def test_too_many_members(content: bytes, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.write_bytes(content)
    monkeypatch.setattr(checking, "MEMBERS", 3)
    assert "more than 3 are not looked at" in problems(path)[0]


def test_nothing_is_written(content: bytes, path: Path) -> None:
    rewritten(content, path, {}, (("../evil.txt", b"x"),))
    verify(path)
    assert [one.name for one in path.parent.iterdir()] == ["pack.zip"]
    assert not (path.parent.parent / "evil.txt").exists()
