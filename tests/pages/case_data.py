"""Cases that the tests of the Case page begin with, and typing into its tables."""

from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from lasthop.pack.case import Case, save_case
from lasthop.store import Workspace
from lasthop.trace import look


def put(root: Path, where: str, count: int = 1, case_id: str = "case-001", title: str = "") -> list[str]:
    """Save a case with the first messages that satisfy ``where``."""
    workspace = Workspace(root)
    with look(workspace) as snapshot:
        rows = snapshot.rows(f"SELECT message FROM messages WHERE {where} ORDER BY message LIMIT {count}")
    ids = [row["message"] for row in rows]
    save_case(workspace, Case(case_id, title=title, messages=tuple(ids)))
    return ids


def field(at: AppTest, label: str) -> Any:
    """The text field whose label begins so."""
    return next(each for each in (*at.text_input, *at.text_area) if each.label.startswith(label))


def edit(at: AppTest, key: str, row: int, **cells: object) -> None:
    """Type into the table whose key begins so; it counts with the next run."""
    which = next(each.key for each in at.data_editor if each.key and each.key.startswith(key))
    at.session_state[which] = {"edited_rows": {row: cells}, "added_rows": [], "deleted_rows": []}


def case_of(at: AppTest) -> str:
    """The case that the address of the page names."""
    (told,) = [
        value if isinstance(value, str) else value[0] for name, value in at.query_params.items() if name == "case"
    ]
    return told


def read(markdown: str) -> str:
    """Escaped text as a reader sees it."""
    return markdown.replace("\\", "").replace("\u2060", "")
