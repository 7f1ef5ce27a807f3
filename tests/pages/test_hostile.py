"""Nothing that a stranger wrote is ever markup: on any page, for any of the hostile messages."""

from pathlib import Path

import pytest

from lasthop.app.uploads import sample_files
from lasthop.app.verdict_band import verdict_html
from lasthop.explain import Clause, Entry, Step, Verdict
from lasthop.load import load_files
from lasthop.model.outcomes import Outcome
from lasthop.pack.case import Case, save_case
from lasthop.store import Workspace
from lasthop.trace import look
from tests.pages.opening import Opener, figures_of, fine, html_of, markdown_of, select, tags_of

MARKS = (
    "](http", "![", "<script", "<img", ":red[", " :material/mail:", "**bold**", "`code`", "$x$",
    "phish.example/", "javascript:",
    "DROP TABLE", "{{7*7}}", "=HYPERLINK", "\u202e", "\x1b",
)  # fmt: skip
OUR_TAGS = {
    "div",
    "div style",
    "span",
    "span style",
    "p",
    "p style",
    "ol",
    "ol style",
    "li",
    "li style",
    "br",
    "span lang",
    "span title",
    "div aria-label",
    "div role",
}
EVIL_NAME = "![x](http://phish.example/p.png) :red[**bold**] $x$ <script>alert(1)</script> `code`.csv"


def harmless(at):
    markdown = markdown_of(at)
    assert [mark for mark in MARKS if mark in markdown] == []
    assert tags_of(html_of(at)) <= OUR_TAGS
    assert not [mark for mark in ("<script", "<img", "<a ", "<td") if mark in figures_of(at)]
    return at


@pytest.fixture(scope="module")
def victims(samples: Path) -> list[str]:
    with look(Workspace(samples)) as snapshot:
        rows = snapshot.rows(
            "SELECT DISTINCT m.message FROM messages m JOIN events e ON e.recipient = m.recipient "
            "WHERE e.source_id IN (SELECT source_id FROM events WHERE subject LIKE '%phish.example%') "
            "ORDER BY 1"
        )
    return [row["message"] for row in rows]


def test_the_hostile_messages_are_there(victims: list[str]) -> None:
    assert len(victims) > 20


def test_overview(opened: Opener, samples: Path) -> None:
    harmless(opened(samples))


@pytest.mark.parametrize(
    "q", ["phish", ":red[x]", "<script>alert(1)</script>", "**bold**", "![x](http://phish.example/p.png)"]
)
def test_messages(opened: Opener, samples: Path, q: str) -> None:
    harmless(opened(samples, "pages/messages.py", q=q))


def test_each_hostile_message(opened: Opener, samples: Path, victims: list[str]) -> None:
    for message in victims:
        harmless(opened(samples, "pages/message.py", message=message))


@pytest.mark.parametrize(
    "asked", ["![x](http://phish.example/p.png)", "<img src=x onerror=alert(1)>", ":red[x]", "a" * 5000]
)
def test_a_hostile_id_in_the_address(opened: Opener, samples: Path, asked: str) -> None:
    harmless(opened(samples, "pages/message.py", message=asked))


def test_several_messages_to_a_hostile_address(opened: Opener, empty: Path, tmp_path: Path) -> None:
    address = "![x]_**bold**_:red[x]@md.example"
    export = tmp_path / "activity.csv"
    rows = [f'"2026-11-02 1{n}:00:00.000","delivered","{address}","{n}"' for n in range(2)]
    export.write_text("\n".join(['"processed","event","email","recv_message_id"', *rows]), encoding="utf-8")
    workspace = Workspace(empty)
    load_files(workspace, [export], workspace.folder("scratch"))
    at = harmless(opened(empty, "pages/message.py", message=address))
    assert "2 messages have this" in at.subheader[0].value


def test_the_verdict_is_escaped() -> None:
    evil = "<script>alert(1)</script><img src=x>"
    verdict = Verdict(
        outcome=Outcome.WAITING, entry=Entry.WAITING, cause=evil, cause_id=evil, reason=None, confidence=evil, who=evil, final=True,
        sentence=evil, clauses=(Clause(evil, ("e",)),), next_steps=(Step(evil, evil, evil, evil),), evidence=("e",),
        limits=(evil,),
    )  # fmt: skip
    shown = verdict_html(verdict, {"e": 1}, 0.5)
    assert tags_of(shown) <= OUR_TAGS
    assert "<script" not in shown


def test_case(opened: Opener, own_samples: Path, victims: list[str]) -> None:
    ticket = {"reference": "![x](http://phish.example/)", "header": "<script>alert(1)</script>"}
    evil = Case(
        "case-001", title="**bold**", question=":red[x]", messages=(*victims, "![x](http://phish.example/p.png)")
    )
    save_case(Workspace(own_samples), Case(**{**vars(evil), "ticket": ticket}))
    harmless(opened(own_samples, "pages/case.py"))


def test_uploaded_names(opened: Opener, empty: Path) -> None:
    hostile = next(path for path in sample_files() if path.name == "hostile.csv")
    at = opened(empty, "pages/sources.py")
    at.file_uploader[0].upload(EVIL_NAME, hostile.read_bytes())
    at.file_uploader[0].upload(EVIL_NAME.replace(".csv", ".png"), b"\x89PNG\r\n\x1a\n" + bytes(99))
    at.file_uploader[0].upload(EVIL_NAME.replace(".csv", ".txt"), b"![x](http://phish.example/p.png),b\n1,2\n")
    harmless(fine(at.run()))
    at.button(key="load").click()
    harmless(fine(at.run()))
    at = select(at, "sources_table", rows=(0,))
    harmless(at)
    at.button(key="ask_removal").click()
    harmless(fine(at.run()))
