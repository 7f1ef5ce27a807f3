"""Event Webhook dumps, in every way that people keep them."""

import json
from typing import Any

import pytest

from lasthop.errors import UnreadableFile
from lasthop.read.json_stream import OBJECT_LIMIT
from tests.read.taking import lines, take


def event(number: int = 1, **entries: Any) -> dict[str, Any]:
    return {
        "email": f"user{number}@x.jp",
        "event": "delivered",
        "timestamp": 1783512020 + number,
        "smtp-id": "<abc@geopod-ismtpd-1>",
        "response": "250 2.0.0 OK",
        **entries,
    }


ONE, TWO = json.dumps(event(1)), json.dumps(event(2))
WRAPPED = {"received_at": "2026-07-08T12:00:00Z", "source": "s3"}


@pytest.mark.parametrize(
    ("text", "places"),
    [
        (f"[{ONE},{TWO}]", [1, 1]),
        (f"[{ONE},\r\n{TWO}]\r\n", [1, 2]),
        (f"[{ONE}][{TWO}]", [1, 1]),
        (f"[{ONE}]\n[{TWO}]\n", [1, 2]),
        (f"{ONE}\n{TWO}\n", [1, 2]),
        (f"{ONE}\n\n{TWO}", [1, 3]),
        (json.dumps([event(1), event(2)], indent=2), [2, 9]),
        (lines(*(json.dumps(WRAPPED | {"raw_event": event(n)}) for n in (1, 2))), [1, 2]),
        (lines(*(json.dumps(WRAPPED | {"body": json.dumps([event(n)])}) for n in (1, 2))), [1, 2]),
        (json.dumps(WRAPPED | {"events": [event(1), event(2)]}), [1, 1]),
        (f"\ufeff[{ONE},{TWO}]", [1, 1]),
    ],
    ids=lambda value: "" if isinstance(value, list) else None,
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le"])
def test_the_same_two_events_in_every_layout(text: str, places: list[int], encoding: str) -> None:
    taken = take(text.encode(encoding), "dump.json")

    assert taken.sniffed.format == "sendgrid_webhook"
    assert [e["recipient"] for e in taken.events] == ["user1@x.jp", "user2@x.jp"]
    assert [e["source_line"] for e in taken.events] == places
    assert taken.rejects == []


def test_entries_become_fields_and_the_rest_is_kept() -> None:
    bounce = event(
        event="bounce",
        type="blocked",
        status="4.7.1",
        reason="451 4.7.1 later",
        response=None,
        ip="198.51.100.1",
        category=["a", "b"],
        attempt="3",
        tls=1,
        magazine_id="5",
        pool={"name": "x", "id": 7},
        sg_machine_open=False,
        template_id="t",
        sg_template_id="u",
    )
    got = take(json.dumps(bounce), "dump.json").event

    assert (got["kind"], got["kind_raw"]) == ("bounce_blocked", "bounce/blocked")
    assert (got["reply"], got["reply_code"], got["enhanced_code"]) == ("451 4.7.1 later", "451", "4.7.1")
    assert (got["attempt"], got["ip"], got["category"]) == (3, "198.51.100.1", '["a","b"]')
    assert got["template"] == "t"
    assert json.loads(got["extra"]) == {
        "tls": "1",
        "magazine_id": "5",
        "pool": '{"name":"x","id":7}',
        "sg_machine_open": "false",
        "sg_template_id": "u",
    }


@pytest.mark.parametrize("stamp", [1783512020, 1783512020000, "1783512020", "1783512020000", 1783512020.0])
def test_timestamps_in_seconds_milliseconds_or_text(stamp: object) -> None:
    got = take(json.dumps([event(timestamp=stamp)]), "dump.json").event

    assert (got["time_ms"], got["time_basis"]) == (1_783_512_020_000, "explicit")


@pytest.mark.parametrize("email", [5, 5.5, True, ["a@x.jp"]])
def test_an_address_that_is_no_text_names_nobody(email: object) -> None:
    taken = take(json.dumps([event(1, email=email), event(2)]), "dump.json")

    assert [each["recipient"] for each in taken.events] == ["user2@x.jp"]
    assert [reject["reason"] for reject in taken.rejects] == ["no recipient"]
    assert json.dumps(email) in taken.rejects[0]["text"].replace(",", ", ")


def test_what_the_wrapper_says_is_kept_beside_the_event() -> None:
    got = take(json.dumps(WRAPPED | {"raw_event": event()}), "dump.json").event

    assert json.loads(got["extra"]) == WRAPPED


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ('{"email":"x@x.jp","event":"open","timestamp":}', "not valid JSON (Expecting value)"),
        ('{"email":"x@x.jp","event":"open"', "not valid JSON (Expecting ',' delimiter)"),
        ('{"email":"x@x.jp', "not valid JSON (Invalid control character at)"),
        ('{"email":"x@x.jp"}', "an object without event"),
        ('"just text"', "not an object"),
        ("1234", "not an object"),
        ('{"event":7}', "an object without event"),
        ('{"a":' * 5_000, "not valid JSON (nested too deeply)"),
        ('{"event":"open","email":"x@x.jp","timestamp":' + "9" * 5_000 + "}", "not valid JSON (a number)"),
    ],
)
def test_a_broken_line_costs_that_line_only(broken: str, reason: str) -> None:
    taken = take(lines(ONE, broken, TWO), "dump.json")

    assert [e["recipient"] for e in taken.events] == ["user1@x.jp", "user2@x.jp"]
    assert (taken.reject["line"], taken.reject["reason"]) == (2, reason)
    assert taken.reject["text"] == broken[:2000]


def test_a_broken_object_inside_one_long_line() -> None:
    taken = take(f'[{ONE}, {{"event": "open", oops}}, {TWO}]', "dump.json")

    assert len(taken.events) == 2
    assert taken.reject["text"].startswith('{"event": "open", oops}')


def test_a_dump_that_was_cut_off_keeps_what_came_before() -> None:
    taken = take(f"[{ONE},{TWO[:-20]}", "dump.json")

    assert len(taken.events) == 1
    assert taken.reject["line"] == 1


def test_bytes_that_are_no_text_cost_that_object_only() -> None:
    content = f"{ONE}\n".encode() + b'{"event":"open","email":"\xff@x.jp","timestamp":1783512020}\n' + TWO.encode()
    taken = take(content, "dump.json")

    assert len(taken.events) == 2
    assert taken.reject["reason"] == "bytes that cannot be decoded"


def test_half_a_surrogate_pair_does_no_harm() -> None:
    got = take(ONE[:-1] + ', "note": "\\ud83d", "\\ud83e": "x"}', "dump.json").event

    assert json.loads(got["extra"])["note"] == "\ufffd"


def test_events_about_no_single_message_need_no_recipient() -> None:
    taken = take(
        json.dumps(
            [
                event(event="account_status_change", email=None, type="compliance_suspend"),
                event(event="received", email=None, recv_msgid="XBg2anf2TqCy6WXKQFhieQ"),
                event(event="dropped", email=""),
            ]
        ),
        "dump.json",
    )

    assert [e["kind"] for e in taken.events] == ["account_status_change", "received"]
    assert taken.events[1]["x_message_id"] == "XBg2anf2TqCy6WXKQFhieQ"
    assert taken.reject["reason"] == "no recipient"


@pytest.mark.parametrize("text", ["[]", "{}", '{"messages": [{"msg_id": "x"}]}', "[1, 2, 3]", "[[[["])
def test_json_without_events_is_refused(text: str) -> None:
    with pytest.raises(UnreadableFile, match="JSON without events"):
        take(text, "dump.json")


def test_objects_larger_than_what_is_read_at_once() -> None:
    padded = [json.dumps(event(n, note="ü" * 300_000)) for n in (1, 2, 3)]
    taken = take("[" + ",\n".join(padded) + "]", "dump.json")

    assert [e["source_line"] for e in taken.events] == [1, 2, 3]


def test_an_object_that_never_ends_is_given_up() -> None:
    taken = take(lines(ONE, '{"event": "open", "note": "' + "x" * (OBJECT_LIMIT + 1), TWO), "dump.json")

    assert len(taken.events) == 2
    assert taken.reject["reason"] == "an object larger than 16 MiB"
    assert len(taken.reject["text"]) == 2000
