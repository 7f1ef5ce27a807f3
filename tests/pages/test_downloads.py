"""What a user gets from a page: files with their notes, the data health on every page, shares that are withheld."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from lasthop.app import downloads
from lasthop.app.uploads import sample_files
from lasthop.cli import run
from lasthop.draw import draw_rhythm, draw_timeline, with_footnote
from lasthop.load import load_files
from lasthop.measure import health
from lasthop.measure.overlap import overlaps
from lasthop.store import Workspace
from lasthop.store.sources import sources
from lasthop.trace import look
from tests.pages.opening import PAGES, Opener, fine, texts_of
from tests.pages.test_case import put
from tests.pages.test_sources import ACTIVITY, upload

Files = dict[str, Callable[[], bytes]]


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> Files:
    """The files that the buttons of the page hand out, by their names."""
    found: Files = {}

    def kept(label: str, data: object, file_name: str, **_: object) -> None:
        found[file_name] = data if callable(data) else lambda: data  # type: ignore[assignment, return-value]

    monkeypatch.setattr(downloads.st, "download_button", kept)
    return found


def read(made: Callable[[], bytes]) -> tuple[list[dict[str, str]], dict[str, str]]:
    """The rows of a CSV file, and the notes below them."""
    lines = made().decode("utf-8-sig").split("\r\n")
    notes = dict(line[2:].split(": ", 1) for line in lines if line.startswith("# "))
    table = "\r\n".join(line for line in lines if not line.startswith("# "))
    return list(csv.DictReader(io.StringIO(table, newline=""))), notes


def message_with_a_tie(samples: Path) -> str:
    with look(Workspace(samples)) as snapshot:
        return str(snapshot.value("SELECT message FROM messages WHERE outcome = 'bounced' AND link_key IS NOT NULL"))


def test_every_table_and_picture_can_be_had_with_its_notes(opened: Opener, samples: Path, files: Files) -> None:
    message = message_with_a_tie(samples)
    pages = {
        "app.py": ({}, {"outcomes_by_day.csv", "shares.csv", "failing_now.csv", "rhythm.csv"}),
        "pages/messages.py": ({}, {"messages.csv"}),
        "pages/message.py": ({"message": message}, {"timeline.csv", "ties.csv", "raw_rows.csv"}),
        "pages/reasons.py": ({}, {"reason_map.csv", "reason_days.csv", "reasons.csv"}),
        "pages/compare.py": ({}, {"comparison.csv"}),
        "pages/recipient.py": ({}, {"stop_lists.csv"}),
        "pages/sources.py": ({}, {"sources.csv"}),
    }
    for page, (address, names) in pages.items():
        files.clear()
        opened(samples, page, **address)
        assert names <= set(files), page
        for name in names:
            rows, notes = read(files[name])
            assert rows, name
            assert notes["zone"] == "Asia/Tokyo", name


def test_the_tables_of_an_original_and_of_a_bounce_mail_can_be_had(opened: Opener, empty: Path, files: Files) -> None:
    by_name = {path.name: path.read_text(encoding="utf-8") for path in sample_files() if path.suffix == ".eml"}
    expected = {"original.eml": {"hops.csv", "original_checks.csv", "original_header.csv"},
                "bounce_mail.eml": {"bounce_mail.csv"}}  # fmt: skip
    for name, names in expected.items():
        files.clear()
        at = opened(empty, "pages/original.py")
        at.text_area[0].set_value(by_name[name])
        fine(next(one for one in at.button if one.label == "Read it").click().run())
        assert names <= set(files), name
        for each in names:
            rows, notes = read(files[each])
            assert rows, each
            assert notes["n"], each


def test_the_tables_of_a_load_and_of_the_formats_can_be_had(opened: Opener, empty: Path, files: Files) -> None:
    at = upload(opened, empty, **{"picture.png": b"\x89PNG\r\n\x1a\n" + bytes(99), "activity.csv": ACTIVITY})
    fine(at.button(key="load").click().run())
    loaded, notes = read(files["files_loaded.csv"])
    assert [row["file"] for row in loaded] == ["activity.csv"]
    assert notes["n"] == "1 file"
    failed, _ = read(files["files_not_loaded.csv"])
    assert [row["File"] for row in failed] == ["picture.png"]
    opened(empty.parent / "another", "pages/sources.py")
    formats, notes = read(files["formats.csv"])
    assert notes["n"] == f"{len(formats)} formats"


def test_the_messages_of_a_case_can_be_had(opened: Opener, own_samples: Path, files: Files) -> None:
    put(own_samples, "outcome = 'bounced'")
    opened(own_samples, "pages/case.py")
    rows, notes = read(files["case_messages.csv"])
    assert {row["outcome"] for row in rows} == {"bounced"}
    assert notes["n"].endswith("in the case, the oldest first")


def test_the_messages_file_says_what_was_asked(opened: Opener, samples: Path, files: Files) -> None:
    at = opened(samples, "pages/messages.py", domain="docomo.example", outcome="bounced")
    rows, notes = read(files["messages.csv"])
    assert len(rows) == len(at.dataframe[0].value)
    assert {row["outcome"] for row in rows} == {"bounced"}
    assert notes["filter"] == "domain docomo.example, outcome bounced"
    assert notes["n"] == f"{len(rows)} of {len(rows)} messages that fit, the newest first"
    assert notes["sent"] == "at any time"
    assert notes["as of"].startswith("2026-11-20 17:00:00 JST")


def test_the_file_of_a_page_and_the_command_line_give_the_same_numbers(
    opened: Opener, samples: Path, files: Files, capsys: pytest.CaptureFixture[str]
) -> None:
    opened(samples, days="all")
    rows, _ = read(files["outcomes_by_day.csv"])
    assert run(["outcomes", "--timezone", "Asia/Tokyo", "--json", "--workspace", str(samples)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert len(rows) == len(told) > 30
    for row, said in zip(rows, told, strict=True):
        assert row.pop("key").strip("'") == said.pop("key")
        assert (row.pop("mature") == "true") is said.pop("mature")
        assert {name: float(text) if text else None for name, text in row.items()} == said


def test_the_days_file_counts_what_the_picture_shows(opened: Opener, samples: Path, files: Files) -> None:
    at = opened(samples, days="all")
    rows, notes = read(files["outcomes_by_day.csv"])
    assert notes["n"] == f"{sum(int(row['n']) for row in rows):,} messages, one per recipient"
    assert any(name.startswith("formula of ") for name in notes)
    chart = next(chart for chart in at.get("plotly_chart") if "outcomes_by_day" in chart.proto.id)
    footnote = json.loads(chart.proto.spec)["layout"]["title"]["text"].replace("<br>", " ")
    words = "".join(part.split(">")[-1] for part in footnote.split("<"))
    assert f"n = {notes['n']}" in words
    assert f"formula {notes['formula']}" in words
    config = json.loads(chart.proto.config)
    assert config["toImageButtonOptions"] == {"format": "png", "filename": "outcomes_by_day", "scale": 2}


def test_the_format_of_a_picture_is_chosen_once_for_all(opened: Opener, samples: Path) -> None:
    at = opened(samples)
    choice = next(each for each in at.get("segmented_control") if each.key == "picture_format_rhythm")
    choice.set_value("svg")
    fine(at.run())
    formats = {json.loads(c.proto.config)["toImageButtonOptions"]["format"] for c in at.get("plotly_chart")}
    assert formats == {"svg"}


@pytest.mark.parametrize("page", PAGES)
def test_each_page_begins_with_the_data_health(opened: Opener, own_samples: Path, page: str) -> None:
    put(own_samples, "outcome = 'bounced'")
    at = opened(own_samples, page)
    strips = [each.label for each in at.expander if each.label.startswith("Data: ")]
    assert strips == [at.expander[0].label]
    assert strips[0].startswith("Data: 16 sources · 2026-10-16 to 2026-11-20 · as of 2026-11-20")


@pytest.mark.parametrize("page", PAGES)
def test_without_data_there_is_no_data_health(opened: Opener, empty: Path, page: str) -> None:
    assert not [each for each in opened(empty, page).expander if each.label.startswith("Data: ")]


def test_the_strip_opens_to_sources_ranges_and_gaps(opened: Opener, samples: Path, files: Files) -> None:
    at = opened(samples, "pages/messages.py")
    at.session_state["data_health"] = True
    at = fine(at.run())
    assert {"data_health.csv", "source_ranges.csv"} <= set(files)
    facts, _ = read(files["data_health.csv"])
    assert {
        "Days without data (UTC)", "Sources that overlap", "Duplicates", "Rejected lines", "Unlinked application rows",
        "Orphan events", "Assumed clocks",
    } <= {row["What"] for row in facts}  # fmt: skip
    ranges, _ = read(files["source_ranges.csv"])
    by_name = {row["source"]: row for row in ranges}
    assert len(by_name) == 16
    assert "sendgrid_webhook_2026-11.ndjson.gz" in by_name["sendgrid_activity_2026-11.csv"]["overlaps"]
    assert by_name["suppression_bounces.csv"]["overlaps"] == ""
    assert at.title[0].value == "Messages"


def test_health_is_asked_once_for_a_version_of_the_workspace(
    opened: Opener, own_samples: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[int] = []

    def counting(*given: object) -> object:
        asked.append(1)
        return health(*given)  # type: ignore[arg-type]

    monkeypatch.setattr("lasthop.app.data_health.health", counting)
    opened(own_samples, "pages/messages.py")
    opened(own_samples, "pages/reasons.py")
    assert len(asked) == 1
    again = tmp_path / "again.csv"
    again.write_bytes(
        next(p for p in sample_files() if p.name == "suppression_spam_reports.csv").read_bytes() + b"\r\n"
    )
    workspace = Workspace(own_samples)
    assert not load_files(workspace, [again], tmp_path).failed
    at = opened(own_samples, "pages/messages.py")
    assert at.expander[0].label.startswith(f"Data: {len(sources(workspace))} sources")


def test_sources_of_one_system_overlap_where_their_times_do(samples: Path) -> None:
    loaded = sources(Workspace(samples))
    names = {source.sha256: source.file for source in loaded}
    found = {names[sha256]: {other.file for other in others} for sha256, others in overlaps(loaded).items()}
    assert "kuroco_mail_log_old.csv" in found["kuroco_mail_log_2026-10.csv"]
    assert not any("sendgrid_activity" in other for other in found["kuroco_mail_log_2026-10.csv"])
    assert all(name in found[other] for name, others in found.items() for other in others)


def with_a_missing_day(empty: Path, tmp_path: Path) -> None:
    """Thirty messages a day to two domains; SendGrid's data lacks 3 November, on which the application sent too."""
    rows = []
    for day in (1, 2, 4, 5):
        for n in range(30):
            event, kind, reply = (
                ("bounce", "bounce", "550 5.1.1 no such user") if n < 4 else ("delivered", "", "250 OK")
            )
            to = f"u{day}{n}@{'x' if n % 2 else 'y'}.example"
            rows.append(f'"2026-11-{day:02d} 10:00:00.000","{event}","{to}","{day * 100 + n}","{kind}","{reply}"')
    export = tmp_path / "activity.csv"
    export.write_text("\n".join(['"processed","event","email","recv_message_id","type","reason"', *rows]), "utf-8")
    log = tmp_path / "log.csv"
    head = "ログ日時,宛先メールアドレス,HTTPレスポンスコード,レスポンス,件名"
    sent = [f"2026-11-03 12:00:00,u@{name}.example,202,202 Accepted,Hi" for name in "xy"]
    log.write_text("\n".join([head, *sent]), encoding="utf-8")
    assert not load_files(Workspace(empty), [export, log], tmp_path, timezone="UTC").failed


SENTENCE = "SendGrid's data has no event on 1 day (UTC) of these, the first 2026-11-03"


def warned(at: AppTest) -> str:
    return "\n".join(each.value for each in at.warning)


def test_the_overview_and_its_file_withhold_the_accepted_share(
    opened: Opener, empty: Path, tmp_path: Path, files: Files
) -> None:
    with_a_missing_day(empty, tmp_path)
    at = opened(empty, days="all", zone="UTC")
    assert SENTENCE in warned(at)
    assert "attempted and finished" not in texts_of(at)
    rows, notes = read(files["shares.csv"])
    assert {row["Share"] for row in rows if row["Is"] == "withheld"} == {"Accepted", "Accepted and kept"}
    assert SENTENCE in notes["withheld"]


def test_the_comparison_withholds_accepted_shares_of_such_days(
    opened: Opener, empty: Path, tmp_path: Path, files: Files
) -> None:
    with_a_missing_day(empty, tmp_path)
    at = opened(empty, "pages/compare.py", zone="UTC")
    assert SENTENCE in warned(at)
    rows, notes = read(files["comparison.csv"])
    assert rows
    assert not [row for row in rows if row["Share"].startswith("Accepted")]
    assert SENTENCE in notes["withheld"]


def test_the_neighbours_of_an_address_are_counted_without_a_share(opened: Opener, empty: Path, tmp_path: Path) -> None:
    with_a_missing_day(empty, tmp_path)
    at = opened(empty, "pages/recipient.py", recipient="u10@y.example")
    assert SENTENCE in warned(at)
    assert "were settled" in texts_of(at)
    assert "%" not in texts_of(at)


def test_nothing_is_withheld_from_whole_data(opened: Opener, samples: Path) -> None:
    assert not opened(samples, days="all").warning
    at = opened(samples, "pages/compare.py")
    assert not at.warning


@pytest.mark.parametrize("text", ["<b>x</b> & y", "long " * 200])
def test_a_footnote_is_text_in_short_lines_and_makes_room_for_itself(text: str) -> None:
    empty_days = pd.DataFrame({"weekday": [0], "hour": [9], "n": [1], "attempted": [1], "taken": [1]})
    for draw in (lambda: draw_rhythm(empty_days), lambda: draw_timeline([], "UTC")):
        before, after = draw().layout, with_footnote(draw(), text).layout
        lines = after.title.text.split("<br>")
        assert len(lines) <= 10
        assert all(len(line) < 150 for line in lines)
        assert "<b>x" not in after.title.text
        assert after.height - before.height == after.margin.b - before.margin.b > 13 * len(lines)
