"""How wide the trouble of a case is, counted by hand."""

import csv
from pathlib import Path

import pytest

from lasthop.pack.scope import MEMBERS, Scope, write_scope
from lasthop.store import Workspace
from lasthop.trace import look
from tests.pack.exports import ACTIVITY, REPLY, activity, load, table


def asked(workspace: Workspace, folder: Path, outcomes: str, case: int) -> Scope:
    """The scope of the first ``case`` messages; ``outcomes``: b bounced or d delivered, one message a letter."""
    rows = []
    for number, outcome in enumerate(outcomes):
        rows.append(activity(number, "processed", number))
        event, reason = ("bounce", REPLY) if outcome == "b" else ("delivered", "250 ok")
        rows.append(activity(number, event, number + 1, reason=reason, type="bounce" if outcome == "b" else ""))
    load(workspace, folder / "files", [("activity.csv", table(ACTIVITY, rows).encode())])
    with look(workspace) as snapshot:
        ids = snapshot.rows("SELECT message FROM messages ORDER BY sent_ms LIMIT ?", [case])
        found = write_scope(folder, snapshot, [row["message"] for row in ids])
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("outcomes", "said"),
    [
        (
            "b" + "d" * 20,
            "Only this address: 1 failed; of the 20 to others at mail.example that were settled, none failed.",
        ),
        ("b" * 25, "Everything fails: 25 of the 25 that were settled failed (100 %)."),
        ("b" + "d" * 3, "Cannot be told: too few were settled. Only 4 in these days (1 failed); 20 are needed."),
        (
            "bb" + "d" * 20,
            "Others at mail.example failed too: 1 of the 21 that were settled (4.8 %); to the addresses of the case 1 of 1.",
        ),
        (
            "d" + "b" * 3 + "d" * 20,
            "Nothing failed to the addresses of the case. In these days 3 of the 24 that were settled failed.",
        ),
    ],
)
def test_the_sentence_says_no_more_than_the_counts(
    workspace: Workspace, tmp_path: Path, outcomes: str, said: str
) -> None:
    days = " (Mail sent 2026-10-26 to 2026-11-02 UTC, that of the case too.)"
    assert asked(workspace, tmp_path, outcomes, 1).sentence == said + days


def test_the_rows_are_counted_and_small_ones_have_no_share(workspace: Workspace, tmp_path: Path) -> None:
    found = asked(workspace, tmp_path, "bbb" + "d" * 21, 1)
    first = {name: kind.first[0] for name, kind in found.kinds.items()}
    assert list(first) == ["recipient", "domain", "receiver", "sender", "everything"], "no message has a template"
    one, domain = first["recipient"], first["domain"]
    assert (one.counts["messages"], one.counts["accepted"], one.counts["failed"], one.rate.share) == (1, 0, 1, None)
    assert (domain.name, *(domain.counts[name] for name in ("messages", "accepted", "failed"))) == (
        "mail.example",
        24,
        21,
        3,
    )
    assert domain.rate.share == 3 / 24
    assert first["everything"].counts["failed_bounced"] == 3
    assert found.until_ms - found.from_ms + 1 == 8 * 86_400_000
    (alike,) = found.alike.to_dict("records")
    assert (alike["n"], alike["recipients"]) == (2, 2)


def test_shares_are_written_with_four_decimals(workspace: Workspace, tmp_path: Path) -> None:
    asked(workspace, tmp_path, "bbb" + "d" * 21, 1)
    with (tmp_path / "scope.csv").open(encoding="utf-8-sig", newline="") as lines:
        rows = {row["cohort"]: row for row in csv.DictReader(lines)}
    assert (rows["domain"]["failed_share"], rows["recipient"]["failed_share"]) == ("0.125", "")
    assert max(len(rows["everything"][name]) for name in ("failed_low", "failed_high")) == len("0.1234")


def test_a_case_without_messages_has_none(workspace: Workspace, tmp_path: Path) -> None:
    asked(workspace, tmp_path, "bd", 1)
    with look(workspace) as snapshot:
        assert write_scope(tmp_path, snapshot, ["p0000000000000000"]) is None
    assert [len((tmp_path / name).read_text(encoding="utf-8-sig").splitlines()) for name in MEMBERS] == [1, 1]
