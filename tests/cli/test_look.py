"""``sources``, ``rejected``, ``events``, ``messages``: what was loaded and what was found."""

import re
from pathlib import Path

import pytest

from lasthop.model.columns import EVENT_COLUMNS
from lasthop.model.outcomes import Outcome
from tests.cli.conftest import SHOP, STORIES, Command
from tests.cli.test_load import SOURCE_KEYS

MESSAGE_KEYS = {
    "message", "recipient", "sender", "subject", "sent", "outcome", "final", "reason", "last_reply", "attempts",
    "first_event", "last_event", "provider_message_id", "x_message_id", "link",
}  # fmt: skip
EVENT_KEYS = {"time", *EVENT_COLUMNS} - {"time_ms", "batch"}
UTC_MS = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


@pytest.mark.parametrize(
    ("command", "out"),
    [
        (["sources", "--json"], '{\n  "sources": []\n}\n'),
        (["rejected", "--jsonl"], ""),
        (["events", "--jsonl"], ""),
        (["messages", "--jsonl"], ""),
    ],
)
def test_an_empty_workspace_answers_with_nothing(
    lasthop: Command, tmp_path: Path, command: list[str], out: str
) -> None:
    said = lasthop(*command, workspace=tmp_path / "w")
    assert (said.code, said.out, said.err) == (0, out, "")


@pytest.mark.parametrize("command", ["sources", "rejected", "events", "messages"])
def test_an_empty_workspace_is_no_error_for_people(lasthop: Command, tmp_path: Path, command: str) -> None:
    said = lasthop(command, workspace=tmp_path / "w")
    assert (said.code, said.err) == (0, "")


def test_sources_are_listed_with_their_range_and_counts(lasthop: Command, shop: Path) -> None:
    said = lasthop("sources", "--json", workspace=shop)
    assert said.code == 0
    assert said.err == ""
    sources = said.json["sources"]
    assert sorted(source["file"] for source in sources) == sorted(name.rpartition("/")[2] for name in SHOP)
    for source in sources:
        assert source.keys() >= SOURCE_KEYS
        assert source["rows"] == source["events"] + source["rejected"]
        assert source["events"] == source["added"] + source["duplicates"]
        assert UTC_MS.fullmatch(source["first"])
        assert source["first"] <= source["last"]
    plain = lasthop("sources", workspace=shop)
    assert all(source["sha256"][:12] in plain.out for source in sources)


def test_rejected_lines_of_one_source(lasthop: Command, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"suppression_bounces_{name}.csv").write_text(
            f"status,reason,email,created\n5.1.1,gone,{name}@mail.example,yesterday\n"
        )
    loaded = lasthop("load", *sorted(tmp_path.glob("*.csv")), "--json", workspace=tmp_path / "w").json
    one, two = (source["sha256"] for source in loaded["sources"])
    assert [line["file"] for line in lasthop("rejected", "--jsonl", workspace=tmp_path / "w").jsonl] == [
        "suppression_bounces_one.csv",
        "suppression_bounces_two.csv",
    ]
    (line,) = lasthop("rejected", "--source", two[:10], "--jsonl", workspace=tmp_path / "w").jsonl
    assert line == {
        "file": "suppression_bounces_two.csv",
        "line": 2,
        "reason": "a time that cannot be: yesterday",
        "text": "5.1.1,gone,two@mail.example,yesterday",
    }
    assert "yesterday" in lasthop("rejected", "--source", one, workspace=tmp_path / "w").out
    unknown = lasthop("rejected", "--source", "0000", workspace=tmp_path / "w")
    assert unknown.code == 2
    assert "'0000'" in unknown.err


def test_an_event_has_the_columns_of_the_model_and_an_instant(lasthop: Command, shop: Path) -> None:
    said = lasthop("events", "--jsonl", workspace=shop)
    assert (said.code, said.err) == (0, "")
    assert len(said.jsonl) == 13
    for event in said.jsonl:
        assert event.keys() >= EVENT_KEYS
        assert UTC_MS.fullmatch(event["time"])
    times = [event["time"] for event in said.jsonl]
    assert times == sorted(times)


def test_an_event_leads_back_to_file_and_line(lasthop: Command, shop: Path) -> None:
    (delivered,) = (
        event
        for event in lasthop("events", "--recipient", "hanako@docomo.example", "--jsonl", workspace=shop).jsonl
        if event["kind"] == "delivered"
    )
    (source,) = (
        source
        for source in lasthop("sources", "--json", workspace=shop).json["sources"]
        if source["sha256"] == delivered["source_id"]
    )
    assert source["file"] == "sendgrid_activity.csv"
    line = (STORIES / "accepted" / "sendgrid_activity.csv").read_text().splitlines()[delivered["source_line"] - 1]
    assert delivered["time_raw"] in line
    assert delivered["reply"] in line


def test_events_of_one_address_or_one_message(lasthop: Command, shop: Path) -> None:
    of_address = lasthop("events", "--recipient", " Hanako@DOCOMO.example ", "--jsonl", workspace=shop).jsonl
    assert [event["kind"] for event in of_address] == ["handed_over", "processed", "delivered"]
    (message,) = lasthop("messages", "--to", "hanako@docomo.example", "--jsonl", workspace=shop).jsonl
    of_message = lasthop("events", "--message", message["message"], "--jsonl", workspace=shop).jsonl
    assert [event["event_id"] for event in of_message] == [event["event_id"] for event in of_address]
    none = lasthop("events", "--message", "nobody@mail.example", "--jsonl", workspace=shop)
    assert none.code == 2
    assert "nobody@mail.example" in none.err
    assert lasthop("events", "--recipient", "nobody@mail.example", "--jsonl", workspace=shop).out == ""


def test_a_message_has_the_contracted_fields(lasthop: Command, shop: Path) -> None:
    said = lasthop("messages", "--jsonl", workspace=shop)
    assert (said.code, said.err) == (0, "")
    assert len(said.jsonl) == 6
    for message in said.jsonl:
        assert message.keys() >= MESSAGE_KEYS
        assert message["link"].keys() == {"key", "confidence"}
        assert message["outcome"] in set(Outcome)
        assert isinstance(message["final"], bool)
        assert isinstance(message["attempts"], int)
        for name in ("sent", "first_event", "last_event"):
            assert UTC_MS.fullmatch(message[name])
    assert [message["sent"] for message in said.jsonl] == sorted(message["sent"] for message in said.jsonl)


@pytest.mark.parametrize(
    ("options", "recipients"),
    [
        (["--to", "SUGI@gmail.example"], ["sugi@gmail.example"]),
        (["--to", "@gmail.example"], ["sugi@gmail.example", "wada@gmail.example"]),
        (["--to", "gmail.example"], []),
        (["--outcome", "blocked"], ["sugi@gmail.example"]),
        (["--outcome", "blocked", "--outcome", "suppressed"], ["sugi@gmail.example", "wada@gmail.example"]),
        (["--outcome", "expired"], []),
        (["--since", "2026-11-03"], ["noda@ezweb.example"]),
        (["--since", "2026-11-03T17:30:01+09:00"], ["noda@ezweb.example"]),
        (["--since", "2026-11-03T17:30:02+09:00"], []),
        (
            ["--until", "2026-11-02T01:15:01", "--to", "@docomo.example"],
            ["hanako@docomo.example", "kenta@docomo.example"],
        ),
        (["--since", "2026-11-02T01:14:59Z", "--until", "2026-11-02T01:15:00Z"], []),
    ],
)
def test_messages_are_narrowed(lasthop: Command, shop: Path, options: list[str], recipients: list[str]) -> None:
    said = lasthop("messages", *options, "--jsonl", workspace=shop)
    assert said.code == 0
    assert sorted(message["recipient"] for message in said.jsonl) == recipients


def test_messages_for_people_name_address_outcome_and_time(lasthop: Command, shop: Path) -> None:
    said = lasthop("messages", workspace=shop)
    (line,) = (line for line in said.out.splitlines() if "sugi@gmail.example" in line)
    assert "blocked" in line
    assert "2026-11-02T01:15:01.400Z" in line


@pytest.mark.parametrize("option", ["--since", "--until"])
def test_what_is_no_time_is_said(lasthop: Command, shop: Path, option: str) -> None:
    said = lasthop("messages", option, "yesterday", workspace=shop)
    assert said.code == 2
    assert said.out == ""
    (line,) = said.err.splitlines()
    assert "'yesterday'" in line
