"""Every notebook runs from top to bottom, and is committed as a newcomer should find it: titled and without outputs."""

import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

FOLDER = Path(__file__).parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
MACHINE_PATH = re.compile(r"""(?:^|[\s"'(=])(?:/(?!/)[\w.-]+/|~/|[A-Za-z]:\\|\\\\)""", re.MULTILINE)


def opened(path: Path) -> nbformat.NotebookNode:
    notebook: nbformat.NotebookNode = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    nbformat.validate(notebook)
    return notebook


@pytest.mark.notebook
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_from_top_to_bottom(path: Path) -> None:
    notebook = opened(path)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(path.parent)}}).execute()
    codes = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in codes] == list(range(1, len(codes) + 1))
    said = [output for cell in codes for output in cell.outputs if output.get("name") == "stderr"]
    assert said == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_begins_with_a_title_and_ends_with_a_proof(path: Path) -> None:
    cells = opened(path).cells
    assert cells[0].cell_type == "markdown"
    assert re.match(r"# \S.*\n", cells[0].source)
    assert cells[-1].cell_type == "code"
    assert re.search(r"^assert ", cells[-1].source, re.MULTILINE)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_committed_without_outputs(path: Path) -> None:
    for cell in opened(path).cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None
            assert "execution" not in cell.metadata


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_names_no_place_of_one_machine(path: Path) -> None:
    for cell in opened(path).cells:
        assert not MACHINE_PATH.search(cell.source), cell.source


@pytest.mark.parametrize("text", ['open("/home/someone/data.csv")', "Path('C:\\data')", "cd ~/mail", "see /tmp/x"])
def test_a_place_of_one_machine_would_be_seen(text: str) -> None:
    assert MACHINE_PATH.search(text)


def test_there_is_a_notebook() -> None:
    assert NOTEBOOKS
