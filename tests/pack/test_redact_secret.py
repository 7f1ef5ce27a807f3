"""The secret that masks are made with: one for a workspace, made once, for its owner alone."""

import multiprocessing
import os
import stat
from pathlib import Path

import pytest

from lasthop.errors import InputError
from lasthop.pack.redact import workspace_secret


def test_the_secret_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    first = workspace_secret(tmp_path)
    assert len(first) == 32
    assert workspace_secret(tmp_path) == first
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["secret"]
    (tmp_path / "secret").write_bytes(b"short")
    with pytest.raises(InputError):
        workspace_secret(tmp_path)


def test_the_secret_is_one_where_two_processes_make_it_at_once(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        for number in range(3):
            root = tmp_path / str(number)
            assert len(set(pool.map(workspace_secret, [root] * 4, chunksize=1))) == 1


def test_the_secret_is_made_on_a_volume_without_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_: object) -> None:
        raise PermissionError("no links here")

    monkeypatch.setattr(os, "link", no_links)
    first = workspace_secret(tmp_path)
    assert workspace_secret(tmp_path) == first
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["secret"]
