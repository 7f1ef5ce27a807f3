import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from lasthop.pack import Case, compose, readme
from lasthop.store import Workspace
from lasthop.trace import look
from tests.pack.exports import ACTIVITY, MAIL_LOG, activity, every_message, load, mail_log, table
from tests.pack.reading import cells_of, manifest_of, packed, pages_of, readme_of, rows_of

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
    assert headings[2:-4] == [f"{n}. To `user{n}@mail.example`" for n in range(1, len(ATTACKS) + 1)]
    assert headings[-4:] == ["For the ticket", "One address, or more?", "Stop lists", "Files"]


def test_nothing_that_a_stranger_wrote_is_markup_in_the_checks(hostile: zipfile.ZipFile) -> None:
    tokens = MarkdownIt("commonmark", {"html": True}).parse(hostile.read("checks.md").decode())
    assert "html_block" not in {token.type for token in tokens}
    inline = {child.type for token in tokens for child in token.children or []}
    assert inline <= {"text", "softbreak", "code_inline", "text_special"}
    headings = [tokens[n + 1].content for n, token in enumerate(tokens) if token.type == "heading_open"]
    assert headings == [
        "Checks", "Done by people", "Done by lasthop", "What was looked at", "Not possible, and not in here",
    ]  # fmt: skip


def test_controls_do_not_act(hostile: zipfile.ZipFile) -> None:
    for name in ("README.md", "messages.csv", "timeline.csv", "manifest.json"):
        assert b"\x1b" not in hostile.read(name)
    assert "\u202e" not in readme_of(hostile)


def test_no_cell_of_any_table_is_a_formula(hostile: zipfile.ZipFile) -> None:
    for name in (name for name in hostile.namelist() if name.endswith(".csv")):
        for row in cells_of(hostile, name):
            assert not [value for value in row.values() if value.lstrip()[:1] in ("=", "+", "-", "@") and value]
    assert '\'=HYPERLINK("http://phish.example")' in {row["subject"] for row in cells_of(hostile, "messages.csv")}


def test_names_of_members_come_from_us(hostile: zipfile.ZipFile) -> None:
    assert [name for name in hostile.namelist() if name.startswith("raw/0")] == ["raw/001-a_b_c_b_.csv.txt"]


def test_the_page_says_what_a_desk_needs(pack: zipfile.ZipFile) -> None:
    page = pages_of(pack)
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
        "the clock of `mail_log.csv` was read as Asia/Tokyo: chosen, the log does not tell it",
        "- State as of: 2026-11-02 21:01:30 JST (UTC+09:00), the newest event of the service that was loaded",
        "- Contents: 3 messages, 4 addresses of senders and recipients",
        "  - `mail_log.csv` line 2, high: ",
        "are SendGrid's own and begin at 0",
        "Stop lists that were not loaded, so not asked: blocks,",
        "Not supplied: form or notification; header of the message as it was received; Inquiry no. of messages m",
    ):
        assert sentence in page, sentence


def test_what_is_not_loaded_is_not_said_not_to_have_happened(workspace: Workspace, tmp_path: Path) -> None:
    load(workspace, tmp_path / "files", [("a.csv", table(ACTIVITY, [activity(1, "delivered", 1)]).encode())])
    page = pages_of(packed(workspace))
    assert "No log of the sending application is loaded" in page
    assert "Loaded, so asked: none." in page
    assert "No data of the e-mail service" not in page


def test_records_that_could_not_be_read_are_counted(workspace: Workspace, tmp_path: Path) -> None:
    rows = [activity(1, "delivered", 1), activity(2, "delivered", 2, processed="yesterday")]
    load(workspace, tmp_path / "files", [("a.csv", table(ACTIVITY, rows).encode())])
    assert "1 record of `a.csv`, which could not be read." in pages_of(packed(workspace))


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


def test_the_reader_is_not_told_what_the_sender_should_do(pack: zipfile.ZipFile) -> None:
    page = pages_of(pack)
    for words in ("Still missing", "Show original", "Open the form", "(not known)", "Question:", "Who asks whom:"):
        assert words not in page, words
    assert page.count("the clock of `mail_log.csv`") == 1
    assert "the clock of `activity.csv`" not in page


def test_no_header_is_looked_for_where_nothing_was_accepted(loaded: Workspace) -> None:
    with look(loaded) as snapshot:
        bounced = every_message(snapshot)[0]
    page = readme_of(packed(loaded, Case("c", messages=(bounced,))))
    assert f"Not supplied: form or notification; Inquiry no. of message {bounced}." in page
    assert "as it was received" not in page
    assert "- Contents: 1 message, 2 addresses of" in page


def test_how_sure_an_instant_is_stands_beside_it(pack: zipfile.ZipFile) -> None:
    basis = {row["file"]: (row["time_basis"], row["time_raw"]) for row in rows_of(pack, "timeline.csv")[:2]}
    assert basis["mail_log.csv"] == ("assumed", "2026-11-02 21:00:00")
    assert basis["activity.csv"][0] != "assumed"
    told = {source["file"]: source["timezone_assumed"] for source in manifest_of(pack)["sources"]}
    assert told == {"activity.csv": False, "mail_log.csv": True, "suppression_bounces.csv": False}


def test_without_the_service_there_is_no_state_of_it(workspace: Workspace, tmp_path: Path) -> None:
    load(workspace, tmp_path / "files", [("mail_log.csv", table(MAIL_LOG, [mail_log(1, 0)]).encode())])
    pack = packed(workspace)
    assert "- No event of the e-mail service is loaded\n" in readme_of(pack)
    assert "State as of" not in readme_of(pack)
    assert manifest_of(pack)["as_of"] is None


def test_a_message_without_events_has_no_story(loaded: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    real = compose.dossiers
    monkeypatch.setattr(
        compose, "dossiers", lambda *given, **how: (replace(known, timeline=[]) for known in real(*given, **how))
    )
    pack = packed(loaded)
    page = readme_of(pack)
    assert page.count("No event of this message is there: nothing can be said of what became of it.") == 3
    for words in ("Bounced", "Confidence", "Next steps", "550 5.1.1"):
        assert words not in page, words
    row = rows_of(pack, "messages.csv")[0]
    assert (row["outcome"], row["cause"], row["last_reply"], row["final"]) == ("", "", "", "")
    assert row["sentence"].startswith("No event of this message")


def test_long_evidence_and_a_long_header_are_cut_and_counted(
    loaded: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readme, "CITED", 0)
    monkeypatch.setattr(readme, "HEADER", 10)
    with look(loaded) as snapshot:
        case = Case("c", messages=every_message(snapshot), ticket={"header": "Received: from a by b"})
    page = readme_of(packed(loaded, case))
    assert "and 1 more event, see timeline.csv" in page
    assert "```text\nReceived: \n```" in page
    assert "Of 21 characters the first 10." in page
