"""Reasons on messages: which reply decides, and that asking once for many replies answers the same."""

import csv
import hashlib
import os
from pathlib import Path

import duckdb
import pytest

from lasthop.load import load_files
from lasthop.reply import Reply, builtin, classify, load_rules
from lasthop.store import Workspace
from lasthop.trace import look
from lasthop.trace.reasons import tell_reasons
from lasthop.trace.rules import rules_file

COLUMNS = ["processed", "message_id", "event", "api_key_name", "recv_message_id", "credential_id", "subject", "from",
           "email", "asm_group_id", "template_id", "originating_ip", "reason", "outbound_ip", "outbound_ip_type", "mx",
           "attempt", "url", "user_agent", "type", "is_unique", "username", "categories", "marketing_campaign_id",
           "marketing_campaign_name", "marketing_campaign_split_id", "marketing_campaign_version", "unique_args"]  # fmt: skip


def rows_of(*told: tuple[str, str, str, str, str]) -> list[dict[str, str]]:
    """Events of one message: time, event, type, reason, mx."""
    known = {"message_id": "AAAAAAAAAAAAAAAAAAAAAA.recvd-7c9f-1.0", "email": "hanako@mail.example", "subject": "Order"}
    return [
        {**known, "processed": time, "event": event, "type": kind, "reason": reason, "mx": mx}
        for time, event, kind, reason, mx in told
    ]


def loaded(root: Path, *told: tuple[str, str, str, str, str]) -> Workspace:
    path = root / "activity.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows_of(*told))
    workspace = Workspace(root / "workspace")
    report = load_files(workspace, [path], root)
    assert not report.failed
    return workspace


def only(workspace: Workspace) -> dict[str, str]:
    with look(workspace) as snapshot:
        (row,) = snapshot.rows(
            "SELECT m.outcome, m.reason, m.receiver, m.reply_form, e.kind AS decided_by, e.reply FROM messages m "
            "LEFT JOIN events e ON e.event_id = m.reason_event"
        )
    return row


FULL = "452 4.2.2 The email account that you tried to reach is over quota"


def test_the_refusal_names_the_reason_and_its_host_the_receiver(tmp_path: Path) -> None:
    found = only(loaded(
        tmp_path,
        ("2026-11-02 01:00:00", "processed", "", "", ""),
        ("2026-11-02 01:00:01", "bounce", "bounce", "550 5.1.1 No such user here", "aspmx.l.google.com"),
    ))  # fmt: skip
    assert (found["outcome"], found["reason"], found["receiver"]) == ("bounced", "invalid_recipient", "google")
    assert found["decided_by"] == "bounce_hard"


def test_an_expiry_that_only_tells_of_time_has_the_reason_of_the_last_deferral(tmp_path: Path) -> None:
    found = only(loaded(
        tmp_path,
        ("2026-11-02 01:00:00", "deferred", "", "421 4.7.0 Try again later, too many connections", ""),
        ("2026-11-02 09:00:00", "deferred", "", FULL, ""),
        ("2026-11-05 01:30:00", "bounce", "expired", "Message expired", ""),
    ))  # fmt: skip
    assert (found["outcome"], found["reason"], found["decided_by"]) == ("expired", "mailbox_full", "deferred")
    assert found["reply"] == FULL


def test_a_refusal_with_a_text_of_its_own_outweighs_earlier_deferrals(tmp_path: Path) -> None:
    found = only(loaded(
        tmp_path,
        ("2026-11-02 01:00:00", "deferred", "", FULL, ""),
        ("2026-11-02 09:00:00", "bounce", "blocked", "550 5.7.1 Message rejected as spam by content filter", ""),
    ))  # fmt: skip
    assert (found["reason"], found["decided_by"]) == ("spam_content", "bounce_blocked")


def test_a_refusal_without_a_text_is_not_explained_by_an_earlier_deferral(tmp_path: Path) -> None:
    found = only(loaded(
        tmp_path,
        ("2026-11-02 01:00:00", "deferred", "", "421 4.7.0 greylisted, try again", ""),
        ("2026-11-02 09:00:00", "bounce", "bounce", "", ""),
    ))  # fmt: skip
    assert (found["outcome"], found["reason"], found["decided_by"]) == ("bounced", None, None)


def test_a_drop_does_not_speak_for_a_bounce_without_a_text(tmp_path: Path) -> None:
    found = only(loaded(
        tmp_path,
        ("2026-11-02 01:00:00", "bounce", "bounce", "", ""),
        ("2026-11-02 02:00:00", "drop", "", "Bounced Address", ""),
    ))  # fmt: skip
    assert (found["outcome"], found["reason"]) == ("bounced", None)


@pytest.mark.parametrize(
    ("phrase", "reply"),
    [
        ("ticket 12345678", "550 see ticket 12345678"),
        ("198.51.100.7 is too fast", "550 client 198.51.100.7 is too fast"),
    ],
)
def test_a_rule_may_look_for_what_is_blanked_elsewhere(tmp_path: Path, phrase: str, reply: str) -> None:
    workspace = loaded(tmp_path, ("2026-11-02 01:00:00", "bounce", "blocked", reply, ""))
    rules_file(workspace).write_text(f'[[rule]]\nid = "own"\nlabel = "message_too_large"\nphrases = ["{phrase}"]\n')
    stored = only(workspace)["reason"]
    alone = classify(Reply(reply), load_rules(rules_file(workspace))).label
    assert stored == alone


def test_a_word_of_a_rule_is_no_id(tmp_path: Path) -> None:
    reply = "554 Remote host does not support 8BITMIME"
    assert (
        only(loaded(tmp_path, ("2026-11-02 01:00:00", "bounce", "blocked", reply, "")))["reason"]
        == classify(Reply(reply)).label
    )


@pytest.mark.parametrize(
    "content", [b"x = [[[[", b"[" * 3000, b"\xff\xfe", b'[[rule]]\nid = "a"\nlabel = "no such"\n', b"[[rules]]\n"]
)
def test_broken_rules_stop_nothing_and_are_said(tmp_path: Path, content: bytes) -> None:
    workspace = loaded(tmp_path, ("2026-11-02 01:00:00", "bounce", "bounce", "550 5.1.1 No such user here", ""))
    rules_file(workspace).write_bytes(content)
    assert only(workspace)["reason"] == "invalid_recipient"
    with look(workspace) as snapshot:
        assert snapshot.problem is not None
        assert "rules.toml" in str(snapshot.problem)


def test_a_folder_in_the_place_of_the_rules_is_said(tmp_path: Path) -> None:
    workspace = loaded(tmp_path, ("2026-11-02 01:00:00", "bounce", "bounce", "550 5.1.1 No such user here", ""))
    rules_file(workspace).mkdir()
    with look(workspace) as snapshot:
        assert "no file" in str(snapshot.problem)


def test_rules_of_the_same_moment_but_other_words_count(tmp_path: Path) -> None:
    workspace = loaded(tmp_path, ("2026-11-02 01:00:00", "bounce", "blocked", "550 the gate is shut today", ""))
    for label in ("rate_limited", "mailbox_full"):
        rules_file(workspace).write_text(f'[[rule]]\nid = "own"\nlabel = "{label}"\nphrases = ["gate is shut"]\n')
        os.utime(rules_file(workspace), (10**9, 10**9))
        assert only(workspace)["reason"] == label


def test_an_accepted_message_has_no_reason_although_it_was_put_off_before(tmp_path: Path) -> None:
    found = only(loaded(
        tmp_path,
        ("2026-11-02 01:00:00", "deferred", "", FULL, ""),
        ("2026-11-02 09:00:00", "delivered", "", "250 2.0.0 OK", ""),
    ))  # fmt: skip
    assert (found["outcome"], found["reason"], found["reply_form"]) == ("accepted", None, None)


def test_a_rule_of_the_workspace_changes_the_reasons_of_what_is_loaded_already(tmp_path: Path) -> None:
    workspace = loaded(tmp_path, ("2026-11-02 01:00:00", "bounce", "blocked", "550 the gate is shut today", ""))
    assert only(workspace)["reason"] == "unclassified"
    rules_file(workspace).write_text('[[rule]]\nid = "gate"\nlabel = "policy_related"\nphrases = ["gate is shut"]\n')
    assert only(workspace)["reason"] == "policy_related"
    rules_file(workspace).unlink()
    assert only(workspace)["reason"] == "unclassified"


def varied(example: str, number: int) -> str:
    """The same reply as another message would get it."""
    digest = hashlib.md5(str(number).encode(), usedforsecurity=False).hexdigest()
    return f"{example} <user{number}.x@mail{number}.example> [198.51.100.{number}] id 20261102{number:04d}AbC {digest}"


def told(replies: list[tuple[str, str | None, str | None]]) -> tuple[list[str], int]:
    """The reasons of replies as the messages get them, in order; and for how many texts the rules were asked."""
    con = duckdb.connect()
    con.execute(
        "CREATE TABLE scope (event_id VARCHAR, reply VARCHAR, reply_code VARCHAR, enhanced_code VARCHAR, host VARCHAR, "
        "recipient VARCHAR, vantage VARCHAR, kind VARCHAR)"
    )
    con.executemany(
        "INSERT INTO scope VALUES (?, ?, NULL, NULL, ?, ?, 'provider', 'bounce_hard')",
        [(f"{n:032d}", text, host, domain and f"a@{domain}") for n, (text, host, domain) in enumerate(replies)],
    )
    con.execute(
        "CREATE VIEW provider_message AS "
        "SELECT event_id AS refusal, NULL AS put_off, 'bounced' AS settled, host, recipient FROM scope"
    )
    tell_reasons(con, builtin())
    rows = con.execute("SELECT reason FROM telling ORDER BY event_id").fetchall()
    (asked,) = con.execute("SELECT count(*) FROM answer").fetchall()[0]
    con.close()
    return [reason for (reason,) in rows], asked


def test_asking_once_for_replies_of_one_kind_gives_each_its_own_reason() -> None:
    examples = [rule.example for rule in builtin().rules if rule.example.get("reply")]
    replies = [
        (varied(given["reply"], number), given.get("remote_host"), given.get("recipient_domain"))
        for given in examples
        for number in (1, 7, 11)
    ]
    reasons, asked = told(replies)
    alone = [classify(Reply(text, remote_host=host, recipient_domain=domain)).label for text, host, domain in replies]
    assert [pair for pair in zip(replies, reasons, alone, strict=True) if pair[1] != pair[2]] == []
    assert asked <= len(examples) + 5


@pytest.mark.parametrize("text", ["", " ", "550", "@", "a@b", "\ud83d", "1.2.3.4", "5" * 40, "x@" + "y." * 300])
def test_odd_texts_have_a_reason_too(text: str) -> None:
    assert len(told([(text.encode("utf-8", "replace").decode(), None, None)])[0]) == 1
