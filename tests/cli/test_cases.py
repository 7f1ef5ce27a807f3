"""``lasthop case``: cases from the command line, and the pack of one."""

from pathlib import Path

from tests.cli.conftest import STORIES, Command


def test_a_case_from_new_to_pack(lasthop: Command, tmp_path: Path) -> None:
    own = tmp_path / "own"
    assert lasthop("load", STORIES / "accepted/sendgrid_activity.csv", workspace=own).code == 0
    case = lasthop("case", "new", "--title", "../../etc/passwd", "--json", workspace=own).json["id"]
    none = lasthop("pack", "--case", case, "--out", tmp_path / "x.zip", workspace=own)
    assert none.code == 2
    assert "holds no messages" in none.err
    assert lasthop("case", "add", case, "hanako@docomo.example", "--json", workspace=own).json["messages"]
    assert lasthop("case", "show", case, "--json", workspace=own).json["missing"]
    packed = lasthop("pack", "--case", case, "--out", tmp_path / "x.zip", "--json", workspace=own)
    assert packed.json.keys() >= {"file", "sha256", "members", "addresses"}
    assert lasthop("verify", tmp_path / "x.zip", "--json").json["ok"] is True
    assert lasthop("case", "copy", case, workspace=own).code == 0
    assert lasthop("case", "close", case, "--json", workspace=own).json["state"] == "closed"
    assert len(lasthop("case", "list", "--json", workspace=own).json["cases"]) == 2


def test_a_case_that_is_not_there(lasthop: Command, tmp_path: Path) -> None:
    said = lasthop("case", "show", "nope", workspace=tmp_path)
    assert said.code == 2
    assert "There is no case" in said.err
