"""SendGrid's suppression lists: five headers for six lists, and addresses as dirty as people type them."""

from pathlib import Path

import pytest

from lasthop.errors import UnreadableFile
from lasthop.read import Member, sniff
from tests.read.taking import lines, take

BOUNCES = lines(
    "status,reason,email,created", '5.1.1,"550 5.1.1 The account does not exist, sorry",User@Gmail.com,1781500000'
)


@pytest.mark.parametrize(
    ("name", "format"),
    [
        ("suppression_bounces.csv", "sendgrid_bounces"),
        ("suppression_bounces (1).csv", "sendgrid_bounces"),
        ("Suppression_Blocks.csv", "sendgrid_blocks"),
    ],
)
def test_bounces_and_blocks_are_told_apart_by_the_files_name(name: str, format: str) -> None:
    taken = take(BOUNCES, name)

    event = taken.event
    assert taken.sniffed.format == format
    assert (event["kind"], event["stop_list"]) == ("listed", format.removeprefix("sendgrid_"))
    assert (event["recipient"], event["time_ms"]) == ("user@gmail.com", 1_781_500_000_000)
    assert (event["time_basis"], event["vantage"]) == ("explicit", "provider")
    assert (event["reply_code"], event["enhanced_code"]) == ("550", "5.1.1")
    assert event["reply"] == "550 5.1.1 The account does not exist, sorry"


def test_without_a_telling_name_a_person_has_to_say(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text(BOUNCES)

    sniffed = sniff(Member("export.csv", path))
    assert sniffed.format is None
    assert sniffed.candidates == ("sendgrid_bounces", "sendgrid_blocks")
    assert sniff(Member("export.csv", path), format="sendgrid_blocks").format == "sendgrid_blocks"


@pytest.mark.parametrize(
    ("text", "name", "stop_list"),
    [
        (lines("reason,email,created", "unknown domain,a@x.jp,1781500000"), "e.csv", "invalid_emails"),
        (lines("ip,email,created", "10.0.0.1,a@x.jp,1781500000"), "e.csv", "spam_reports"),
        (lines("email,created", "a@x.jp,2026-06-15 05:06:40"), "e.csv", "unsubscribes"),
        (lines("email,created", "a@x.jp,1781500000"), "asm_groups_7_suppressions.csv", "group_unsubscribes"),
    ],
)
def test_the_other_lists_are_known_by_their_header(text: str, name: str, stop_list: str) -> None:
    event = take(text, name).event

    assert (event["stop_list"], event["time_ms"]) == (stop_list, 1_781_500_000_000)


def test_the_address_that_complained_keeps_the_ip() -> None:
    assert take(lines("ip,email,created", "10.0.0.1,a@x.jp,1781500000"), "e.csv").event["ip"] == "10.0.0.1"


def test_a_list_of_addresses_without_header() -> None:
    taken = take(lines("a@x.jp", "", "B@x.jp", "#02232014", "8/27/2015"), "asm_groups_12_suppressions.csv")

    assert taken.sniffed.header_line == 0
    assert taken.rejects == []
    assert [(e["source_line"], e["recipient"], e["time_ms"]) for e in taken.events] == [
        (1, "a@x.jp", None),
        (3, "b@x.jp", None),
        (4, "#02232014", None),
        (5, "8/27/2015", None),
    ]


@pytest.mark.parametrize("text", [lines("a@x.jp", "b@x.jp"), lines("email", "a@x.jp")])
def test_a_list_of_addresses_that_could_be_either(text: str, tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_text(text)

    sniffed = sniff(Member("list.txt", path))
    assert sniffed.format is None
    assert set(sniffed.candidates) == {"sendgrid_group_unsubscribes", "sendgrid_unsubscribes"}


def test_a_status_that_is_no_enhanced_code() -> None:
    text = lines("status,reason,email,created", "550,no,a@x.jp,1781500000", "???,no,b@x.jp,1781500000")
    plain, odd = take(text, "blocks.csv").events

    assert (plain["reply_code"], plain["enhanced_code"]) == ("550", None)
    assert odd["extra"] == '{"status":"???"}'


def test_an_entry_without_address_is_rejected() -> None:
    taken = take(lines("email,created", ",1781500000", "a@x.jp,"), "unsubscribes.csv")

    assert taken.reject["reason"] == "no recipient"
    assert taken.event["time_ms"] is None


def test_a_strangers_table_with_an_address_is_no_stop_list() -> None:
    with pytest.raises(UnreadableFile, match="none of the formats"):
        take(lines("id,name,email,created", "1,x,a@x.jp,1781500000"), "users.csv")
