"""``lasthop remove``: a source goes, and can come back."""

from pathlib import Path

from tests.cli.conftest import STORIES, Command


def test_a_removed_source_is_gone(lasthop: Command, tmp_path: Path) -> None:
    own, file = tmp_path / "own", STORIES / "accepted/sendgrid_activity.csv"
    lasthop("load", file, workspace=own)
    (sha256,) = [path.name for path in (own / "raw").iterdir() if len(path.name) == 64]
    assert lasthop("remove", sha256[:8], "--yes", workspace=own).code == 0
    assert lasthop("trace", "hanako@docomo.example", workspace=own).code == 2
    assert lasthop("remove", sha256[:8], "--yes", workspace=own).code == 2
