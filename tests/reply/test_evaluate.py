"""The tool that scores labelled cases."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

TOOL = Path(__file__).resolve().parents[2] / "tools" / "evaluate.py"


def run(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, TOOL, folder], capture_output=True, text=True, check=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rows = [
        {"reply": "550 user unknown", "label": "invalid_recipient", "accept": ["invalid_recipient"]},
        {"reply": "552 mailbox full", "label": "inactive_mailbox", "accept": ["inactive_mailbox", "mailbox_full"]},
        {"reply": "450 hm", "label": "greylisted"},
        {"event": {"reason": "Bounced Address", "status": "5.0.0", "email": "a@example.com"}, "label": "suppressed"},
        {"reply": "550 left out", "label": "no_such_label"},
    ]
    (tmp_path / "replies").mkdir()
    text = "\n".join(json.dumps(row) for row in rows)
    (tmp_path / "replies" / "some.jsonl").write_text(text, encoding="utf-8")
    return tmp_path


def test_scores_and_confusions_are_printed(folder: Path):
    done = run(folder)
    assert done.returncode == 0, done.stderr
    assert "50.0%" in done.stdout  # exact: two of four
    assert "75.0%" in done.stdout  # compatible: three of four
    assert "greylisted taken for receiver_system_error: 1" in done.stdout


def test_replies_that_speak_of_a_block_list_are_counted(tmp_path: Path):
    rows = [
        {"reply": "554 blocked using zen.spamhaus.org", "label": "reputation_block"},
        {"reply": "554 on a blacklist of ours", "label": "reputation_block"},
        {"reply": "552 mailbox full", "label": "mailbox_full"},
    ]
    (tmp_path / "some.jsonl").write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    said = "2 replies speak of a block list: 100.0% reputation_block, 50.0% with the list's own name"
    assert said in run(tmp_path).stdout


def test_a_folder_without_cases_is_wrong_use(tmp_path: Path):
    done = run(tmp_path)
    assert done.returncode == 2
    assert "no labelled cases" in done.stderr
