"""`lasthop classify`: the reasons of replies, for scripts and for people."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Command

KEYS = [
    "label", "permanence", "who", "next_step", "matched", "rule", "confidence", "conflict", "enhanced_code", "reply_code",
    "attributes",
]  # fmt: skip


def test_each_line_gets_its_reason_in_order(lasthop: Command, tmp_path: Path) -> None:
    path = tmp_path / "replies.txt"
    lines = [
        "550 5.1.1 <taro@shop.example>: Recipient address rejected: User unknown",
        json.dumps({"reply": "the mailbox is full", "enhanced_code": "4.2.2", "reply_code": 452}),
        "{not JSON",
        json.dumps({"reply": None}),
        "",
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")

    said = lasthop("classify", path, "--jsonl")

    assert (said.code, said.err) == (0, "")
    assert [list(reason) for reason in said.jsonl] == [KEYS] * 5
    labels = [reason["label"] for reason in said.jsonl]
    assert labels == ["invalid_recipient", "mailbox_full", "unclassified", "unclassified", "unclassified"]
    assert said.jsonl[1]["reply_code"] == "452"


def test_bytes_that_are_no_text_are_no_error(lasthop: Command, tmp_path: Path) -> None:
    path = tmp_path / "replies.bin"
    path.write_bytes(bytes(range(256)) + b"\n550 5.1.1 no such user\n")

    said = lasthop("classify", path, "--jsonl")

    assert said.code == 0
    assert said.jsonl[-1]["label"] == "invalid_recipient"


def test_what_no_rule_decides_is_a_queue_with_counts(lasthop: Command, tmp_path: Path) -> None:
    path = tmp_path / "replies.txt"
    path.write_text("quux frobnicated at 12\nquux frobnicated at 13\n550 5.1.1 no such user\n")

    (row,) = lasthop("classify", path, "--unclassified", "--jsonl").jsonl

    assert row["count"] == 2
    assert "quux frobnicated" in row["text"]


def test_a_rules_file_that_is_none_is_wrong_use(lasthop: Command, tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_text("[[rule]\n")
    said = lasthop("classify", path, "--rules", path)
    assert said.code == 2
    assert "rules.toml" in said.err


@pytest.mark.parametrize("words", [[], ["--jsonl"]])
def test_people_and_machines_are_told_without_escape_sequences(
    lasthop: Command, tmp_path: Path, words: list[str]
) -> None:
    path = tmp_path / "replies.txt"
    path.write_text("550 5.1.1 \x1b[31muser unknown\n")
    said = lasthop("classify", path, *words)
    assert said.code == 0
    assert "\x1b" not in said.out


def test_the_own_rules_of_the_workspace_come_first(lasthop: Command, tmp_path: Path) -> None:
    replies = tmp_path / "replies.txt"
    replies.write_text("550 the parrot is resting\n", encoding="utf-8")
    rules = tmp_path / "workspace" / "rules.toml"
    rules.parent.mkdir()
    rules.write_text(
        '[[rule]]\nid = "own-1"\nlabel = "mailbox_full"\nphrases = ["parrot is resting"]\n', encoding="utf-8"
    )

    said = lasthop("classify", replies, "--jsonl", workspace=rules.parent)

    assert (said.code, said.err) == (0, "")
    assert [(reason["label"], reason["rule"]) for reason in said.jsonl] == [("mailbox_full", "own-1")]
