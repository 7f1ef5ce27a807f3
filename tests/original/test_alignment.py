"""Alignment: the domain that SPF or DKIM speaks of against that of From, by registered domain."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lasthop.original.alignment import aligned
from lasthop.original.domains import domain_of, plain_domain, registered_domain
from tests.original.headers import evidence


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("mail.example.com", "example.com"),
        ("EXAMPLE.COM.", "example.com"),
        ("a.b.example.co.jp", "example.co.jp"),
        (
            "shop.example.kawasaki.jp",
            "shop.example.kawasaki.jp",
        ),  # the wildcard *.kawasaki.jp: example.kawasaki.jp is a suffix
        ("co.jp", None),
        ("例え.example.jp", "example.jp"),
        ("192.0.2.1", None),
        ("2001:db8::1", None),
        ("localhost", None),
        ("", None),
        (None, None),
        ("a..b.example", None),
        ("x" * 300 + ".example", None),
    ],
)
def test_a_name_has_its_registered_domain(name: str | None, wanted: str | None) -> None:
    assert registered_domain(name) == wanted


@pytest.mark.parametrize(
    ("address", "wanted"),
    [("<a@Example.com>", "example.com"), ("@example.com", "example.com"), ("example.com", "example.com"), ("<>", None), ("", None), ("a@b@example.com", "example.com")],
)  # fmt: skip
def test_an_address_has_its_domain(address: str, wanted: str | None) -> None:
    assert domain_of(address) == wanted


@pytest.mark.parametrize(
    ("domain", "author", "wanted"),
    [
        ("example.com", "Example.com", "strict"),
        ("em123.example.com", "example.com", "relaxed"),
        ("example.com", "news.example.com", "relaxed"),
        ("example.org", "example.com", "no"),
        ("a.co.jp", "b.co.jp", "no"),
        ("sendgrid.net", "example.com", "no"),
        (None, "example.com", "unknown"),
        ("example.com", None, "unknown"),
        ("localhost", "example.com", "unknown"),
    ],
)
def test_alignment_is_strict_relaxed_or_none(domain: str | None, author: str | None, wanted: str) -> None:
    assert aligned(domain, author) == wanted


def test_each_check_is_held_against_from() -> None:
    found = evidence(
        (
            "Authentication-Results",
            "mx.example.net; spf=pass smtp.mailfrom=bounces@em1.example.com; dkim=pass header.i=@sendgrid.net; dkim=pass header.d=example.com; dkim=fail header.d=example.com; dkim=none header.d=none",
        ),
        ("From", "shop@example.com"),
    ).checks
    assert [(check.method, check.result, check.domain, check.aligned, check.counts) for check in found] == [
        ("spf", "pass", "em1.example.com", "relaxed", True),
        ("dkim", "pass", "sendgrid.net", "no", False),
        ("dkim", "pass", "example.com", "strict", True),
        ("dkim", "fail", "example.com", "strict", False),
        ("dkim", "none", None, "unknown", False),
    ]


@pytest.mark.parametrize(
    ("result", "path", "wanted"),
    [
        ("spf=pass smtp.helo=mail.example.com", "<>", "mail.example.com"),
        ("spf=pass smtp.mailfrom=<> smtp.helo=mail.example.com", "<>", "mail.example.com"),
        ("spf=pass smtp.mail=a@example.com", "<b@example.org>", "example.com"),
        ("spf=pass", "<b@example.org>", "example.org"),
        ("spf=pass smtp.mailfrom=", "<b@example.org>", None),
        ("spf=pass", "", None),
    ],
)
def test_the_domain_of_spf_is_taken_from_the_result_first(result: str, path: str, wanted: str | None) -> None:
    (check,) = evidence(
        ("Return-Path", path), ("Authentication-Results", f"mx.example.net; {result}"), ("From", "a@example.com")
    ).checks
    assert check.domain == wanted


@given(st.text(max_size=40))
def test_any_text_gives_an_answer(name: str) -> None:
    registered_domain(name)
    domain_of(name)
    assert aligned(name, name) in ("strict", "unknown")
    assert plain_domain(name) is None or "\n" not in name.strip()
