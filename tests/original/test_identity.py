"""Who sent it: the address in angle brackets, never the name; and everybody else who is named."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lasthop.original.mailboxes import read_mailboxes
from tests.original.growth import LINEAR, growth
from tests.original.headers import evidence, field

ONE = [
    ("a@example.com", "", "a@example.com"),
    ("Ann <a@example.com>", "Ann", "a@example.com"),
    ('"Ann, of Shop" <a@example.com>', "Ann, of Shop", "a@example.com"),
    ('"He said \\"hi\\"" <a@example.com>', 'He said "hi"', "a@example.com"),
    ("a@example.com (Ann)", "Ann", "a@example.com"),
    ("support@bank.example <evil@attacker.example>", "support@bank.example", "evil@attacker.example"),
    ('"support@bank.example" <evil@attacker.example>', "support@bank.example", "evil@attacker.example"),
    ("<support@bank.example> <evil@attacker.example>", "<support@bank.example>", "evil@attacker.example"),
    ("Russell (Shop) Example <r@example.com>", "Russell (Shop) Example", "r@example.com"),
    ("Doe, John <j@example.com>", "Doe, John", "j@example.com"),
    ("=?utf-8?B?44GC?= =?utf-8?B?44GE?= <a@example.jp>", "あい", "a@example.jp"),
    ("=?iso-2022-jp?B?GyRCLSEbKEI=?= <a@example.jp>", "①", "a@example.jp"),
    ('"=?utf-8?Q?Ann=2C_Shop?=" <a@example.com>', "Ann, Shop", "a@example.com"),
    ("<@relay.example:a@example.com>", "", "a@example.com"),
    ("<>", "", ""),
    ("Nobody", "Nobody", ""),
    (".a@example.com.", "", ".a@example.com."),
]


@pytest.mark.parametrize(("value", "name", "address"), ONE)
def test_one_mailbox_is_read(value: str, name: str, address: str) -> None:
    assert [(each.name, each.address) for each in read_mailboxes(field("From", value))] == [(name, address)]


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("a@example.com, Ann <b@example.com>", ["a@example.com", "b@example.com"]),
        ("Team: a@example.com, b@example.com;", ["a@example.com", "b@example.com"]),
        ("undisclosed-recipients:;", []),
        ("unlisted-recipients:; (no To-header on input)", [""]),
        ("", []),
        (",,;", []),
        ("Re: hello <a@example.com>", ["a@example.com"]),
    ],
)
def test_several_mailboxes_are_read_in_order(value: str, wanted: list[str]) -> None:
    assert [each.address for each in read_mailboxes(field("To", value))] == wanted


def test_an_address_in_the_name_is_seen() -> None:
    who = evidence(("From", '"Bank support@bank.example" <evil@attacker.example>')).identity
    assert who.author is not None and who.author.in_name == ("support@bank.example",)
    same = evidence(("From", '"a@example.com" <A@Example.com>')).identity
    assert same.author is not None and same.author.in_name == ()


def test_everybody_who_is_named_is_told() -> None:
    who = evidence(
        ("Return-Path", "<bounces@em1.example.com>"),
        ("DKIM-Signature", "v=1; d=example.com; s=s1"),
        ("DKIM-Signature", "v=1; d=sendgrid.info; s=smtpapi"),
        ("DKIM-Signature", "v=1; d=example.com; s=s2"),
        ("From", "Shop <shop@example.com>"),
        ("Sender", "robot@example.com"),
        ("Reply-To", "help@example.org, help@example.com"),
    ).identity
    assert who.author_domain == "example.com"
    assert who.sender is not None and who.sender.address == "robot@example.com"
    assert [each.address for each in who.reply_to] == ["help@example.org", "help@example.com"]
    assert who.return_path is not None and who.return_path.address == "bounces@em1.example.com"
    assert who.signed_by == ("example.com", "sendgrid.info")
    assert who.defects == ()


@pytest.mark.parametrize(
    ("fields", "codes"),
    [
        ([("To", "a@example.com")], ["no_from"]),
        ([("From", "Nobody")], ["no_from_address"]),
        ([("From", "a@example.com"), ("From", "b@example.com")], ["several_from_fields"]),
        ([("From", "a@example.com, b@example.com")], ["several_authors"]),
        ([("From", "<a@b@example.com>")], ["odd_address"]),
    ],
)
def test_what_is_odd_about_from_is_said(fields: list[tuple[str, str]], codes: list[str]) -> None:
    assert [defect.code for defect in evidence(*fields, ("Subject", "x")).identity.defects] == codes


@pytest.mark.parametrize("piece", ["a@example.com, ", "<", '"', "(", "a,", ":", "@", "=?utf-8?B?44GC?= "])
def test_the_time_of_a_huge_field_is_linear(piece: str) -> None:
    def of(size: int) -> Callable[[], object]:
        value = field("From", piece * (size // len(piece)))
        return lambda: read_mailboxes(value)

    assert growth(of, 1_250_000) < LINEAR


@given(st.text(alphabet=st.sampled_from('ab@.,:;<>"()\\ =?q\udc80あ'), max_size=80))
def test_any_text_gives_mailboxes(value: str) -> None:
    for each in read_mailboxes(field("From", value)):
        assert isinstance(each.in_name, tuple)
    evidence(("From", value), ("Sender", value), ("Reply-To", value), ("Return-Path", value))
