"""Opening pages without a browser, and reading what they show."""

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict
from streamlit.testing.v1 import AppTest

from lasthop.app.frame import ONE_WAY_OUT

ROOT = Path(__file__).parents[2]
PAGES = (
    "app.py", "pages/messages.py", "pages/message.py", "pages/reasons.py", "pages/compare.py", "pages/recipient.py",
    "pages/original.py", "pages/case.py", "pages/sources.py",
)  # fmt: skip

SHOWS_TEXT_AS_IT_IS = {"arrow_data_frame", "code", "text", "json", "plotly_chart", "html", "text_input", "text_area"}
SHOWN_AS_IT_IS = {("selectbox", "options"), ("selectbox", "rawValue")}
"""What is to be chosen is text; the title of the choice is Markdown."""


class Opener:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.monkeypatch = monkeypatch

    def __call__(self, workspace: Path, page: str = "app.py", **address: str) -> AppTest:
        self.monkeypatch.setenv("LASTHOP_WORKSPACE", str(workspace))
        at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        if page == "app.py":
            at.query_params.update(address)
            return fine(at.run())
        at.switch_page(page)
        for name, value in address.items():
            at.query_params[name] = value
        return fine(at.run())


def fine(at: AppTest) -> AppTest:
    """The page was drawn to its end without an error."""
    assert not at.exception, at.exception[0].value
    assert not at.error, at.error[0].value
    return at


def elements(at: AppTest) -> Iterator[Any]:
    """Every element of the page and its sidebar."""
    todo = [at.main, at.sidebar]
    while todo:
        node = todo.pop()
        if hasattr(node, "children"):
            todo.extend(node.children.values())
        if getattr(node, "proto", None) is not None:
            yield node


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from strings(each)


def markdown_of(at: AppTest) -> str:
    """All text of elements that render Markdown, code spans left out: nothing in those is markup."""
    found = [
        text
        for element in elements(at)
        if element.type not in SHOWS_TEXT_AS_IT_IS
        for name, value in MessageToDict(element.proto).items()
        if (element.type, name) not in SHOWN_AS_IT_IS
        for text in strings(value)
    ]
    return "\n".join(re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", text) for text in found)


def html_of(at: AppTest) -> str:
    """What pages write as HTML, without the style of the frame."""
    told = [element.proto.body for element in elements(at) if element.type == "html"]
    return "".join(body for body in told if body != ONE_WAY_OUT)


def figures_of(at: AppTest) -> str:
    return json.dumps([json.loads(chart.proto.spec) for chart in at.get("plotly_chart")])


def texts_of(at: AppTest) -> str:
    """What is shown as plain text."""
    return "\n".join([*(each.value for each in at.text), *(each.value for each in at.code)])


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen |= {tag, *(f"{tag} {name}" for name, _ in attrs)}


def tags_of(html: str) -> set[str]:
    """The tags of a text, and their attributes."""
    parser = _Tags()
    parser.feed(html)
    return parser.seen


def pick(at: AppTest, key: str, *pairs: tuple[Any, Any]) -> AppTest:
    """Click a mark of a picture, or draw a box around several: the marks carry these pairs."""
    points = [{"customdata": list(pair)} for pair in pairs]
    at.session_state[key] = {"selection": {"points": points, "box": [], "lasso": []}}
    return fine(at.run())


def marks_of(at: AppTest, key: str) -> list[list[Any]]:
    """What the marks of a picture carry."""
    chart = next(chart for chart in at.get("plotly_chart") if key in chart.proto.id)
    traces = json.loads(chart.proto.spec)["data"]
    return [pair for trace in traces for pair in trace.get("customdata", []) if len(pair) == 2]


def select(at: AppTest, key: str, *, rows: tuple[int, ...] = (), cell: tuple[int, str] | None = None) -> AppTest:
    """Tick rows of a table, or click a cell."""
    cells = [list(cell)] if cell else []
    key = next((each.key for each in at.dataframe if (each.key or "").startswith(key)), key)
    at.session_state[key] = {"selection": {"rows": list(rows), "columns": [], "cells": cells}}
    return fine(at.run())
