"""One folder per story: the files somebody has, and the messages they must find in them, in whatever order they load.

``expected.jsonl`` holds the messages in the order of ``lasthop messages --jsonl``, each with the fields that the story
is about. ``load.toml`` says what a person answers about single files, where the defaults do not do.
"""

import itertools
import json
import random
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from lasthop.cli import run
from lasthop.load import LoadReport, load_files
from lasthop.model.outcomes import Outcome
from lasthop.store import Workspace

STORIES = sorted(path.parent for path in Path(__file__).parent.glob("*/story.md"))
BESIDE = {"story.md", "expected.jsonl", "load.toml"}
Expected = dict[str, Any]


def files_of(story: Path) -> list[Path]:
    return sorted(path for path in story.iterdir() if path.name not in BESIDE)


def orders_of(files: list[Path]) -> list[tuple[Path, ...]]:
    """Every order of up to four files; of more, the given one and five others that stay the same from run to run."""
    if len(files) <= 4:
        return list(itertools.permutations(files))
    shuffled = random.Random(72)
    return [tuple(files), *(tuple(shuffled.sample(files, len(files))) for _ in range(5))]


def expected_of(story: Path) -> list[Expected]:
    return [json.loads(line) for line in (story / "expected.jsonl").read_text(encoding="utf-8").splitlines()]


def answers_of(story: Path) -> dict[str, Any]:
    path = story / "load.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))["files"] if path.exists() else {}


def fill(workspace: Workspace, files: Sequence[Path], scratch: Path) -> None:
    """Load the files one after another, each with its own answers, as somebody does who finds one more every day."""
    answers = answers_of(files[0].parent)
    for file in files:
        check(load_files(workspace, [file], scratch, **answers.get(file.name, {})))


def fill_at_once(workspace: Workspace, files: Sequence[Path], scratch: Path) -> None:
    check(load_files(workspace, files, scratch))


def check(report: LoadReport) -> None:
    assert not report.failed, report.failed
    assert [source.rejected for source in report.sources] == [0] * len(report.sources)


def listed(workspace: Workspace, capsys: pytest.CaptureFixture[str]) -> list[Expected]:
    capsys.readouterr()
    assert run(["messages", "--jsonl", "--workspace", str(workspace.root)]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def told(found: Expected, expected: Expected) -> Expected:
    """The part of ``found`` that ``expected`` speaks of."""
    return {
        name: told(found[name], value) if isinstance(value, dict) else found[name] for name, value in expected.items()
    }


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_a_story_ends_as_told_in_every_order_of_its_files(
    story: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    expected = expected_of(story)
    first: list[Expected] | None = None
    for number, files in enumerate(orders_of(files_of(story))):
        together = number % 2 and not answers_of(story)
        order = (" + " if together else ", then ").join(file.name for file in files)
        workspace = Workspace(tmp_path / str(number))
        (fill_at_once if together else fill)(workspace, files, tmp_path)
        found = listed(workspace, capsys)
        assert len(found) == len(expected), order
        for message, wanted in zip(found, expected, strict=True):
            assert told(message, wanted) == wanted, order
        first = first or found
        assert found == first, f"{order}: more or less is known than in the first order"


def test_every_outcome_has_a_story() -> None:
    outcomes = {message["outcome"] for story in STORIES for message in expected_of(story) if "outcome" in message}
    assert outcomes == set(Outcome)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_a_story_is_short_and_has_input(story: Path) -> None:
    heading, blank, *text = (story / "story.md").read_text(encoding="utf-8").splitlines()
    assert heading.startswith("# ")
    assert blank == ""
    assert 1 <= len(text) <= 4
    files = files_of(story)
    assert files
    assert sum(file.stat().st_size for file in files) < 16_384
