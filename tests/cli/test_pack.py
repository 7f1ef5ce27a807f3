"""``lasthop pack`` and ``verify``: what they print, and their exit codes."""

from pathlib import Path

from tests.cli.conftest import Command


def test_a_pack_holds_until_it_is_changed(lasthop: Command, shop: Path, tmp_path: Path) -> None:
    file = tmp_path / "x.zip"
    packed = lasthop("pack", "hanako@docomo.example", "--out", file, "--json", workspace=shop).json
    assert lasthop("verify", file, "--json").json["sha256"] == packed["sha256"]
    file.write_bytes(file.read_bytes()[:-40])
    assert lasthop("verify", file).code == 1


def test_wrong_use_is_told(lasthop: Command, shop: Path, tmp_path: Path) -> None:
    assert "No message is named" in lasthop("pack", "--out", tmp_path / "x.zip", workspace=shop).err
    said = lasthop("pack", "m1", "--case", "c", "--out", tmp_path / "x.zip", workspace=shop)
    assert said.code == 2
    assert not (tmp_path / "x.zip").exists()
