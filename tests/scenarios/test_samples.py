"""The samples as a whole: every message has the outcome and the link that a perfect reader would give it."""

import csv
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from lasthop.cli import run
from lasthop.store import Workspace
from lasthop.trace import look

TRUTH = Path(__file__).parents[1] / "samples_truth.csv"
DOUBTFUL = {"line\ufffdbreak@example.com", "=1+1", '"<script>alert(1)</script>"@evil.example'}
"""Recipients of hostile.csv that may be addresses or not; the truth does not speak of them."""
CONFIDENCES = {
    "exact": {"exact"},
    "heuristic": {"high", "medium"},
    "ambiguous": {"ambiguous"},
    "none": {"none"},
}
Found = dict[str, Any]


@pytest.fixture(scope="module")
def found(samples_workspace: Workspace) -> list[Found]:
    """The messages as the command line lists them, with the application's request id beside."""
    out = StringIO()
    with redirect_stdout(out):
        assert run(["messages", "--jsonl", "--workspace", str(samples_workspace.root)]) == 0
    with look(samples_workspace) as snapshot:
        requests = {
            row["message"]: row["request_id"] for row in snapshot.rows("SELECT message, request_id FROM messages")
        }
    messages = [json.loads(line) for line in out.getvalue().splitlines()]
    return [{**message, "request_id": requests[message["message"]]} for message in messages]


@pytest.fixture(scope="module")
def truth() -> list[dict[str, str]]:
    with TRUTH.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def pairs(found: list[Found], truth: list[dict[str, str]]) -> list[tuple[dict[str, str], Found]]:
    """Each line of the truth with its message: the same X-Message-Id and recipient, else request id and recipient."""
    by_id = {(m["x_message_id"], m["recipient"]): m for m in found if m["x_message_id"]}
    by_request = {(m["request_id"], m["recipient"]): m for m in found if not m["x_message_id"]}
    matched = []
    for line in truth:
        recipient = line["recipient"].lower()  # the truth keeps the capitals of the application
        if line["x_message_id"]:
            message = by_id.get((line["x_message_id"], recipient))
        else:
            message = by_request.get((line["request_id"], recipient))
        assert message, line
        matched.append((line, message))
    return matched


def test_every_message_is_there_once_and_three_doubtful_ones(
    found: list[Found], pairs: list[tuple[dict[str, str], Found]]
) -> None:
    known = Counter(message["message"] for _, message in pairs)
    assert max(known.values()) == 1
    more = [message for message in found if message["message"] not in known]
    assert {message["recipient"] for message in more} == DOUBTFUL
    assert len(more) == 3


def wrong(pairs: list[tuple[dict[str, str], Found]], name: str) -> Iterator[tuple[str, str, Any]]:
    """Story, truth and what was found, for each message whose field differs."""
    for line, message in pairs:
        if message[name] != line[name]:
            yield line["story"], line[name], message[name]


def test_every_outcome_is_the_true_one(pairs: list[tuple[dict[str, str], Found]]) -> None:
    assert list(wrong(pairs, "outcome")) == []


def test_every_subject_is_the_true_one(pairs: list[tuple[dict[str, str], Found]]) -> None:
    assert list(wrong(pairs, "subject")) == []


def test_every_message_was_sent_when_the_truth_says(pairs: list[tuple[dict[str, str], Found]]) -> None:
    """An ambiguous message has no row of its own: its time is the provider's."""
    differ = [
        (line["story"], line["sent_utc"], message["sent"])
        for line, message in pairs
        if line["link"] != "ambiguous" and message["sent"][:19] != line["sent_utc"][:19]
    ]
    assert differ == []


def test_links_are_of_the_true_kind(pairs: list[tuple[dict[str, str], Found]]) -> None:
    differ = [
        (line["story"], line["link"], message["link"])
        for line, message in pairs
        if message["link"]["confidence"] not in CONFIDENCES[line["link"]]
    ]
    assert differ == []


def test_a_link_leads_to_the_true_row_and_none_is_claimed_where_there_is_none(
    pairs: list[tuple[dict[str, str], Found]],
) -> None:
    for line, message in pairs:
        if line["link"] in ("exact", "heuristic"):
            assert message["request_id"] == line["request_id"], line
        elif line["link"] == "ambiguous" or line["x_message_id"]:
            assert message["request_id"] is None, line
        else:  # an application row alone is its own message
            assert message["request_id"] == line["request_id"], line
