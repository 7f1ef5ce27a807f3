"""``lasthop trace``: any id of any system finds the message; several candidates are listed."""

from pathlib import Path
from typing import Any

import pytest

from lasthop.model.outcomes import Outcome
from tests.cli.conftest import Command
from tests.cli.test_look import EVENT_KEYS, MESSAGE_KEYS

VERDICT_KEYS = {
    "outcome", "cause", "reason", "confidence", "who", "final", "sentence", "next_steps", "evidence", "limits",
}  # fmt: skip


@pytest.fixture
def accepted(lasthop: Command, shop: Path) -> dict[str, Any]:
    """The trace of the accepted order mail."""
    document: dict[str, Any] = lasthop("trace", "hanako@docomo.example", "--json", workspace=shop).json
    return document


def test_a_trace_has_the_contracted_fields(accepted: dict[str, Any]) -> None:
    assert accepted.keys() >= {"message", "verdict", "timeline", "links", "suppressions", "typo"}
    verdict = accepted["verdict"]
    assert verdict.keys() >= VERDICT_KEYS
    assert verdict["outcome"] in set(Outcome)
    assert verdict["final"] is True
    assert all(step.keys() >= {"text", "source"} and step["source"] for step in verdict["next_steps"])
    assert verdict["next_steps"]
    assert all(event.keys() >= {*EVENT_KEYS, "tie"} for event in accepted["timeline"])
    (link,) = accepted["links"]
    assert link.keys() >= {"key", "confidence", "for", "against"}
    assert (link["key"], link["confidence"]) == ("recipient+subject+time", "high")
    assert link["for"]
    assert link["against"] == []


def test_a_verdict_cites_events_of_its_timeline(accepted: dict[str, Any]) -> None:
    kinds = {event["event_id"]: event["kind"] for event in accepted["timeline"]}
    assert list(kinds.values()) == ["handed_over", "processed", "delivered"]
    assert [kinds[event_id] for event_id in accepted["verdict"]["evidence"]] == ["delivered"]
    assert "2026-11-02 01:15:04 UTC" in accepted["verdict"]["sentence"]


def names_of(lasthop: Command, shop: Path, name: str) -> list[str]:
    """The ways to call one message by the id ``name``."""
    (message,) = lasthop("messages", "--to", "hanako@docomo.example", "--jsonl", workspace=shop).jsonl
    timeline = lasthop("trace", message["message"], "--json", workspace=shop).json["timeline"]
    ids = {
        "message": [message["message"]],
        "X-Message-Id": [message["x_message_id"]],
        "sg_message_id": [message["provider_message_id"]],
        "request id": [timeline[0]["request_id"]],
        "event id": [event["event_id"] for event in timeline],
        "address": ["hanako@docomo.example", "Hanako@Docomo.Example"],
    }[name]
    return [*ids, *(f"<{one}>" for one in ids), *(f" {one}\n" for one in ids)]


@pytest.mark.parametrize("name", ["message", "X-Message-Id", "sg_message_id", "request id", "event id", "address"])
def test_every_id_finds_its_message(lasthop: Command, shop: Path, accepted: dict[str, Any], name: str) -> None:
    for text in names_of(lasthop, shop, name):
        said = lasthop("trace", text, "--json", workspace=shop)
        assert said.code == 0, text
        assert said.json["message"] == accepted["message"], text


def test_ids_of_the_webhook_find_their_message(lasthop: Command, shop: Path) -> None:
    first, second = lasthop("messages", "--to", "noda@ezweb.example", "--jsonl", workspace=shop).jsonl
    assert first["x_message_id"] != second["x_message_id"]
    for message in (first, second):
        processed = lasthop("events", "--message", message["message"], "--jsonl", workspace=shop).jsonl[0]
        header = processed["message_id_header"]
        assert header.startswith("<")
        for text in (header, header.strip("<>"), processed["provider_event_id"], message["provider_message_id"]):
            found = lasthop("trace", text, "--json", workspace=shop)
            assert found.json["message"] == message["message"], text


def test_an_address_with_several_messages_lists_them(lasthop: Command, shop: Path) -> None:
    said = lasthop("trace", "noda@ezweb.example", "--json", workspace=shop)
    assert said.code == 0
    assert [message["recipient"] for message in said.json["candidates"]] == ["noda@ezweb.example"] * 2
    assert all(message.keys() >= MESSAGE_KEYS for message in said.json["candidates"])
    plain = lasthop("trace", "noda@ezweb.example", workspace=shop)
    assert plain.code == 0
    assert all(message["message"] in plain.out for message in said.json["candidates"])


def test_a_bounce_that_may_be_either_message_is_shown_with_both_and_decides_neither(
    lasthop: Command, shop: Path
) -> None:
    bounces = set()
    for candidate in lasthop("trace", "noda@ezweb.example", "--json", workspace=shop).json["candidates"]:
        document = lasthop("trace", candidate["message"], "--json", workspace=shop).json
        assert document["verdict"]["outcome"] == "accepted"
        (bounce,) = (event for event in document["timeline"] if event["kind"] == "bounce_hard")
        assert bounce["tie"] == "ambiguous"
        assert bounce["event_id"] not in document["verdict"]["evidence"]
        (link,) = (link for link in document["links"] if link["confidence"] == "ambiguous")
        assert link["against"]
        bounces.add(bounce["event_id"])
    assert len(bounces) == 1
    found = lasthop("trace", bounces.pop(), "--json", workspace=shop)
    assert len(found.json["candidates"]) == 2


def test_the_stop_list_of_the_address_stands_beside_the_verdict(lasthop: Command, shop: Path) -> None:
    document = lasthop("trace", "wada@gmail.example", "--json", workspace=shop).json
    assert document["verdict"]["outcome"] == "suppressed"
    (entry,) = document["suppressions"]
    assert (entry["stop_list"], entry["time"]) == ("bounces", "2026-09-08T00:00:00.000Z")


def test_an_app_row_without_a_provider_is_traced_by_its_request_id(lasthop: Command, shop: Path) -> None:
    (row,) = lasthop("events", "--recipient", "kenta@docomo.example", "--jsonl", workspace=shop).jsonl
    for text in (row["request_id"], row["event_id"], "kenta@docomo.example"):
        document = lasthop("trace", text, "--json", workspace=shop).json
        assert document["verdict"]["outcome"] == "not_handed_over"
        assert document["verdict"]["evidence"] == [row["event_id"]]
        assert document["links"] == []


def test_people_read_the_verdict_first_then_the_timeline_and_what_to_do(lasthop: Command, shop: Path) -> None:
    said = lasthop("trace", "sugi@gmail.example", workspace=shop)
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("Blocked: ")
    timeline, steps = said.out.index("bounce_blocked"), said.out.index("Next: ")
    assert 0 < timeline < steps


def test_times_in_sentences_are_in_the_zone_that_is_asked_for(lasthop: Command, shop: Path) -> None:
    options = ("trace", "hanako@docomo.example", "--timezone", "Asia/Tokyo")
    assert "2026-11-02 10:15:04 JST (UTC+09:00)" in lasthop(*options, workspace=shop).out
    document = lasthop(*options, "--json", workspace=shop).json
    assert "2026-11-02 10:15:04 JST (UTC+09:00)" in document["verdict"]["sentence"]
    assert document["timeline"][0]["time"] == "2026-11-02T01:15:00.000Z"


def test_a_zone_that_does_not_exist_is_wrong_use(lasthop: Command, shop: Path) -> None:
    said = lasthop("trace", "hanako@docomo.example", "--timezone", "Asia/Atlantis", workspace=shop)
    assert said.code == 2
    (line,) = said.err.splitlines()
    assert "Asia/Atlantis" in line


@pytest.mark.parametrize(
    "text",
    ["nobody@mail.example", "<k2ynMg3XS1qDPmHIqsFJFA@geopod-ismtpd-1>", "hanako", "%", "_", "'", "''", "m", '"', "[1]"],
)
def test_what_nobody_answers_to_is_said(lasthop: Command, shop: Path, text: str) -> None:
    said = lasthop("trace", text, "--json", workspace=shop)
    assert said.code == 2
    assert said.out == ""
    (line,) = said.err.splitlines()
    assert "lasthop sources" in line


def test_a_trigger_address_is_said_to_be_no_mail(lasthop: Command, shop: Path) -> None:
    said = lasthop("trace", "General@Slack.r-cms.jp", workspace=shop)
    assert said.code == 2
    (line,) = said.err.splitlines()
    assert "never leaves as mail" in line


@pytest.mark.parametrize("text", ["", " ", "<>"])
def test_no_id_at_all_finds_nothing(lasthop: Command, shop: Path, text: str) -> None:
    assert lasthop("trace", text, workspace=shop).code == 2


def test_an_empty_workspace_answers_to_nothing(lasthop: Command, tmp_path: Path) -> None:
    said = lasthop("trace", "hanako@docomo.example", workspace=tmp_path / "w")
    assert said.code == 2
    assert len(said.err.splitlines()) == 1
