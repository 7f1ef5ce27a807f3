import zipfile
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from lasthop.pack import Case
from lasthop.store import Workspace
from lasthop.trace import look
from tests.pack.exports import ACTIVITY, activity, every_message, load, table
from tests.pack.reading import packed, readme_of, rows_of

ATTACKS = (
    "![x](http://phish.example/p.png)",
    "[invoice](javascript:alert(1))",
    "<script>alert(1)</script> <img src=x onerror=y>",
    "``` \n# heading\n\n- item\n<b>bold</b>",
    "` closes `` and ``` too",
    '=HYPERLINK("http://phish.example")',
    "../../etc/passwd",
    "**bold** <https://phish.example>",
    "\x1b[31mred \u202egpj.exe",
)


@pytest.fixture
def hostile(workspace: Workspace, tmp_path: Path) -> zipfile.ZipFile:
    rows = [
        activity(n, "bounce", n, subject=text, reason=f"550 {text}", mx=text.split()[0], type="bounce")
        for n, text in enumerate(ATTACKS, 1)
    ]
    name = "[a](b) `c` <b>.csv"
    load(workspace, tmp_path / "files", [(name, table(ACTIVITY, rows).encode())])
    texts = {"title": ATTACKS[3], "question": ATTACKS[0], "asks": ATTACKS[1], "notes": ATTACKS[3]}
    ticket = {"reference": ATTACKS[2], "header": f"From: {ATTACKS[2]}\n```\n# x", "number:x": ATTACKS[0]}
    with look(workspace) as snapshot:
        case = Case("case-001", messages=every_message(snapshot), ticket=ticket, **texts)
    return packed(workspace, case)


def test_nothing_that_a_stranger_wrote_is_markup(hostile: zipfile.ZipFile) -> None:
    tokens = MarkdownIt("commonmark", {"html": True}).parse(readme_of(hostile))
    kinds = {token.type for token in tokens}
    assert "html_block" not in kinds
    inline = {child.type for token in tokens for child in token.children or []}
    assert inline <= {"text", "softbreak", "code_inline", "strong_open", "strong_close", "text_special"}
    headings = [tokens[n + 1].content for n, token in enumerate(tokens) if token.type == "heading_open"]
    assert headings[:2] == ["Evidence pack `case-001`", "Messages"]
    assert headings[2:-5] == [f"{n}. To `user{n}@mail.example`" for n in range(1, len(ATTACKS) + 1)]
    assert headings[-5:] == ["For the ticket", "Stop lists", "What was looked at", "What is not in here", "Files"]


def test_controls_do_not_act(hostile: zipfile.ZipFile) -> None:
    for name in ("README.md", "messages.csv", "timeline.csv", "manifest.json"):
        assert b"\x1b" not in hostile.read(name)
    assert "\u202e" not in readme_of(hostile)


def test_no_cell_of_any_table_is_a_formula(hostile: zipfile.ZipFile) -> None:
    for name in (name for name in hostile.namelist() if name.endswith(".csv")):
        for row in rows_of(hostile, name):
            assert not [value for value in row.values() if value.lstrip()[:1] in ("=", "+", "-", "@") and value]
    assert '\'=HYPERLINK("http://phish.example")' in {row["subject"] for row in rows_of(hostile, "messages.csv")}


def test_names_of_members_come_from_us(hostile: zipfile.ZipFile) -> None:
    assert [name for name in hostile.namelist() if name.startswith("raw/0")] == ["raw/001-a_b_c_b_.csv.txt"]


def test_the_page_says_what_a_desk_needs(pack: zipfile.ZipFile) -> None:
    page = readme_of(pack)
    for sentence in (
        "- Time zone: `Asia/Tokyo`",
        "- Period: 2026-11-02 21:00:00 JST (UTC+09:00) to 2026-11-02 21:01:30 JST (UTC+09:00)",
        "- Redaction level: **full**",
        "- Made by: lasthop ",
        "### 1. To `user1@mail.example`",
        "**Bounced.** `The receiving server mx.mail.example refused the address",
        "- Confidence: certain",
        "`activity.csv` line 3",
        "- Last reply: `550 5.1.1 No such user␊see https://mx.example/help, thank you`",
        "Loaded, so asked: bounces. Not loaded, so not asked: blocks, invalid_emails",
        "No log of the receiving server is loaded",
        "The time zone of `mail_log.csv`: the file does not state it. Asia/Tokyo is assumed",
        "Stop lists that were not loaded, so not asked: blocks,",
        "Still missing:",
    ):
        assert sentence in page, sentence


def test_what_is_not_loaded_is_not_said_not_to_have_happened(workspace: Workspace, tmp_path: Path) -> None:
    load(workspace, tmp_path / "files", [("a.csv", table(ACTIVITY, [activity(1, "delivered", 1)]).encode())])
    page = readme_of(packed(workspace))
    assert "No log of the sending application is loaded" in page
    assert "Loaded, so asked: none." in page
    assert "No data of the e-mail service" not in page


def test_records_that_could_not_be_read_are_counted(workspace: Workspace, tmp_path: Path) -> None:
    rows = [activity(1, "delivered", 1), activity(2, "delivered", 2, processed="yesterday")]
    load(workspace, tmp_path / "files", [("a.csv", table(ACTIVITY, rows).encode())])
    assert "1 record of `a.csv`, which could not be read." in readme_of(packed(workspace))


def test_the_ticket_is_filled_in(loaded: Workspace) -> None:
    with look(loaded) as snapshot:
        ids = every_message(snapshot)
    ticket = {
        "reference": "https://aozora.g.kuroco-mng.app/management/inquiry/inquiry_edit/inquiry_id=12",
        f"number:{ids[0]}": "4711",
        "header": "Received: from a\r\nMessage-ID: <1@x>\r\n",
    }
    pack = packed(loaded, Case("c", messages=ids, ticket=ticket))
    page = readme_of(pack)
    assert "(`form 12 on the site aozora`)" in page
    assert f"`{ids[0]}`: No. `4711`, From `Shop <no-reply@shop.example>`, To `user1@mail.example`" in page
    assert "```text\nReceived: from a\nMessage-ID: <1@x>\n```" in page
    assert rows_of(pack, "messages.csv")[0]["inquiry_no"] == "4711"
