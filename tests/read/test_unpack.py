"""Containers, honest and hostile."""

import gzip
import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from lasthop.errors import UnreadableFile
from lasthop.read import Broken, Limits, Member, unpack

TEXT = b"processed,event,email\n2026-07-08 12:00:20,open,a@x.jp\n"
SMALL = Limits(unpacked_bytes=1_000_000, ratio=20, ratio_from=10_000, members=3)


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    folder = tmp_path / "scratch"
    folder.mkdir()
    return folder


def saved(tmp_path: Path, name: str, data: bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(data)
    return path


def zipped(entries: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return out.getvalue()


def only(path: Path, scratch: Path, limits: Limits = SMALL) -> Member | Broken:
    (one,) = unpack(path, scratch, limits=limits)
    return one


def test_two_containers_of_one_name_share_a_scratch_folder(tmp_path: Path, scratch: Path) -> None:
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder in folders:
        folder.mkdir()
    one, two = (only(saved(folder, "log.gz", gzip.compress(folder.name.encode())), scratch) for folder in folders)

    assert isinstance(one, Member)
    assert isinstance(two, Member)
    assert (one.path.read_bytes(), two.path.read_bytes()) == (b"a", b"b")


def test_a_plain_file_stays_where_it_is(tmp_path: Path, scratch: Path) -> None:
    path = saved(tmp_path, "a.csv", TEXT)

    assert list(unpack(path, scratch, "shown.csv")) == [Member("shown.csv", path, None)]
    assert list(scratch.iterdir()) == []


def test_a_gzip_is_known_by_its_bytes_not_by_its_name(tmp_path: Path, scratch: Path) -> None:
    member = only(saved(tmp_path, "a.csv", gzip.compress(TEXT)), scratch)

    assert isinstance(member, Member)
    assert (member.name, member.container, member.path.read_bytes()) == ("a.csv", "a.csv", TEXT)


def test_several_gzips_in_a_row_are_one_file(tmp_path: Path, scratch: Path) -> None:
    member = only(saved(tmp_path, "a.gz", gzip.compress(TEXT) + gzip.compress(TEXT)), scratch)

    assert isinstance(member, Member)
    assert member.path.read_bytes() == TEXT * 2


def test_every_file_of_a_zip_is_a_member(tmp_path: Path, scratch: Path) -> None:
    data = zipped({"part1.csv": TEXT, "sub/": b"", "sub/part2.csv": TEXT, "__MACOSX/._part1.csv": b"x"})
    members = list(unpack(saved(tmp_path, "export.zip", data), scratch))

    assert [one.name for one in members] == ["export.zip/part1.csv", "export.zip/sub/part2.csv"]
    assert all(isinstance(one, Member) and one.container == "export.zip" for one in members)


def test_a_bad_member_leaves_the_others(tmp_path: Path, scratch: Path) -> None:
    data = zipped({"a.csv": TEXT, "inner.zip": zipped({"x": b"y"}), "c.csv": TEXT})
    first, nested, last = unpack(saved(tmp_path, "export.zip", data), scratch)

    assert isinstance(first, Member)
    assert isinstance(last, Member)
    assert isinstance(nested, Broken)
    assert nested.error.title == "export.zip/inner.zip is packed twice."


def test_names_from_a_zip_never_become_paths(tmp_path: Path, scratch: Path) -> None:
    member = only(saved(tmp_path, "evil.zip", zipped({"../../evil.csv": TEXT})), scratch)

    assert isinstance(member, Member)
    assert member.path.is_relative_to(scratch)
    assert not (tmp_path.parent / "evil.csv").exists()


def test_japanese_names_of_windows_are_shown_as_they_were(tmp_path: Path, scratch: Path) -> None:
    data = zipped({"XXXX.csv": TEXT}).replace(b"XXXX.csv", "ログ.csv".encode("cp932"))

    assert only(saved(tmp_path, "e.zip", data), scratch).name == "e.zip/ログ.csv"


def test_a_member_whose_bytes_were_changed(tmp_path: Path, scratch: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a.csv", TEXT)
    one = only(saved(tmp_path, "e.zip", out.getvalue().replace(b"open", b"OPEN")), scratch)

    assert isinstance(one, Broken)
    assert "damaged" in one.error.title


def test_an_encrypted_member(tmp_path: Path, scratch: Path) -> None:
    data = bytearray(zipped({"a.csv": TEXT}))
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + at] |= 1
    one = only(saved(tmp_path, "e.zip", bytes(data)), scratch)

    assert isinstance(one, Broken)
    assert "encrypted" in one.error.title


BOMB = b"0" * 900_000


@pytest.mark.parametrize(
    ("name", "data", "title"),
    [
        ("a.csv", b"", "is empty"),
        ("a.gz", gzip.compress(b""), "is empty"),
        ("a.zip", zipped({}), "is empty"),
        ("a.zip", zipped({"only/": b""}), "is empty"),
        ("a.gz", gzip.compress(TEXT * 50)[:-12], "is damaged"),
        ("a.gz", gzip.compress(TEXT)[:20] + b"rubbish" * 9, "is damaged"),
        ("a.zip", zipped({"a.csv": TEXT})[:-30], "is damaged"),
        ("a.gz", gzip.compress(BOMB), "expands beyond what is allowed"),
        ("a.gz", gzip.compress(gzip.compress(TEXT)), "is packed twice"),
        ("a.zip", zipped({f"{n}.csv": TEXT for n in range(4)}), "holds too many files"),
        ("a.xlsx", zipped({"xl/workbook.xml": BOMB}), "expands beyond what is allowed"),
    ],
    ids=lambda value: "" if isinstance(value, bytes) else None,  # packed bytes hold the time of packing
)
def test_what_cannot_be_unpacked_is_said_in_one_sentence(
    name: str, data: bytes, title: str, tmp_path: Path, scratch: Path
) -> None:
    path = saved(tmp_path, name, data)
    with pytest.raises(UnreadableFile) as caught:
        list(unpack(path, scratch, limits=SMALL))

    assert caught.value.title == f"{name} {title}."
    assert caught.value.message
    assert caught.value.hint


def test_a_cut_download_is_called_so(tmp_path: Path, scratch: Path) -> None:
    with pytest.raises(UnreadableFile, match="cut off"):
        list(unpack(saved(tmp_path, "a.gz", gzip.compress(TEXT * 50)[:-12]), scratch))


def test_the_limit_counts_all_members_together(tmp_path: Path, scratch: Path) -> None:
    noise = bytes(range(256)) * 2_000
    limits = Limits(unpacked_bytes=1_000_000, ratio=10_000)
    data = zipped({"a.csv": noise, "b.csv": noise, "c.csv": TEXT})
    first, second, third = unpack(saved(tmp_path, "e.zip", data), scratch, limits=limits)

    assert isinstance(first, Member)
    assert isinstance(second, Broken)
    assert isinstance(third, Member)
    assert sum(path.stat().st_size for path in scratch.rglob("member-*")) <= limits.unpacked_bytes


def test_a_tar_is_not_taken_for_a_log(tmp_path: Path, scratch: Path) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        archive.addfile(tarfile.TarInfo("a.csv"))
    with pytest.raises(UnreadableFile, match="tar"):
        list(unpack(saved(tmp_path, "a.tgz", out.getvalue()), scratch))
