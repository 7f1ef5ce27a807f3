"""Authentication-Results as they are written: every shape that has been seen, and any text at all."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lasthop.original.received_spf import received_spf
from lasthop.original.results import authentication_results, read_results
from tests.original.growth import LINEAR, growth
from tests.original.headers import field, header

SHAPES = [
    # value, authserv, method=result, some properties
    (
        "mx.example.net; spf=pass smtp.mailfrom=a@example.com",
        "mx.example.net",
        "spf=pass",
        "smtp.mailfrom=a@example.com",
    ),
    # RFC 8601 §2.2: a version after the id, comments and a version of the method
    (
        "mx.example.net 1; (old) spf/1 = pass (ok) smtp.mailfrom = example.com",
        "mx.example.net",
        "spf=pass",
        "smtp.mailfrom=example.com",
    ),
    ("mx.example.net; none", "mx.example.net", "", ""),
    ("mx.example.net 1; none", "mx.example.net", "", ""),
    (
        'mx.example.net (amavisd-new); dkim=pass (2048-bit key) header.d=example.com header.b="Begu"; dkim=pass header.d=example.org',
        "mx.example.net",
        "dkim=pass dkim=pass",
        "header.d=example.com header.b=Begu header.d=example.org",
    ),
    # Gmail
    (
        'mx.google.com; dkim=pass header.i=@example.com header.s=s1 header.b=abc=; spf=pass (google.com: domain of b@em.example.com designates 192.0.2.1 as permitted sender) smtp.mailfrom="b+x=y@em.example.com"; dmarc=pass (p=NONE sp=NONE dis=NONE) header.from=example.com',
        "mx.google.com",
        "dkim=pass spf=pass dmarc=pass",
        "header.i=@example.com header.s=s1 header.b=abc= smtp.mailfrom=b+x=y@em.example.com header.from=example.com",
    ),
    (
        "mx.google.com; spf=neutral (google.com: 192.0.2.1 is neither permitted nor denied by domain of x@example.com) smtp.mail=x@example.com",
        "mx.google.com",
        "spf=neutral",
        "smtp.mail=x@example.com",
    ),
    # Microsoft: no id, a folded stray domain, no blank after a semicolon, action and reason
    (
        "spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=example.com; dkim=pass (signature was verified) header.d=example.com;dmarc=pass action=none header.from=example.com;compauth=pass reason=100",
        None,
        "spf=pass dkim=pass dmarc=pass compauth=pass",
        "smtp.mailfrom=example.com header.d=example.com action=none header.from=example.com reason=100",
    ),
    (
        "spf=softfail (sender IP is 192.0.2.1) smtp.mailfrom=example.com; example.net; dkim=fail (signature did not verify) header.d=example.com;example.net; dmarc=fail action=oreject header.from=example.com;",
        None,
        "spf=softfail dkim=fail dmarc=fail",
        "smtp.mailfrom=example.com header.d=example.com action=oreject header.from=example.com",
    ),
    (
        "dkim=none (message not signed) header.d=none;dmarc=none action=none header.from=example.com;",
        None,
        "dkim=none dmarc=none",
        "header.d=none action=none header.from=example.com",
    ),
    (
        "i=1; mx.microsoft.com 1; spf=none; dmarc=none action=none header.from=example.com; dkim=none (message not signed); arc=none",
        "mx.microsoft.com",
        "spf=none dmarc=none dkim=none arc=none",
        "action=none header.from=example.com",
    ),
    ("spf=none (sender IP is ) smtp.mailfrom=<>; ", None, "spf=none", "smtp.mailfrom=<>"),
    (
        "mx.example.net; spf=pass smtp.mailfrom=; dmarc=fail header.from=example.com header.policy=none; ",
        "mx.example.net",
        "spf=pass dmarc=fail",
        "smtp.mailfrom= header.from=example.com header.policy=none",
    ),
    # encoded words, whole and in part
    (
        "=?utf-8?q?spf=3Dpass_(sender_IP_is_192.0.2.1)?= smtp.mailfrom=example.com; dkim=none header.d=none",
        None,
        "spf=pass dkim=none",
        "smtp.mailfrom=example.com header.d=none",
    ),
    (
        'mx.example.net; dmarc=fail header.from="=?utf-8?B?44GC?=.example"',
        "mx.example.net",
        "dmarc=fail",
        "header.from=あ.example",
    ),
    # Yahoo, old: no semicolon after the id, properties first
    (
        "mta1.mail.example.net  from=example.com; domainkeys=neutral (no sig);  from=example.com; dkim=pass (ok)",
        "mta1.mail.example.net",
        "domainkeys=neutral dkim=pass",
        "",
    ),
    (
        "mx.example.net; header.From=a@example.com; dkim=pass (\n message from example.com verified; );",
        "mx.example.net",
        "dkim=pass",
        "",
    ),
    # Fastmail: methods of its own
    (
        "mx.example.net; x-csa=none; x-me-sender=fail; x-ptr=pass smtp.helo=mail.example.com policy.ptr=mail.example.com; bimi=pass header.d=example.com header.selector=default",
        "mx.example.net",
        "x-csa=none x-me-sender=fail x-ptr=pass bimi=pass",
        "smtp.helo=mail.example.com policy.ptr=mail.example.com header.d=example.com header.selector=default",
    ),
    (
        'mx.example.net; dkim=fail (body hash did not verify) header.d=example.com; dmarc=fail reason="SPF not aligned (relaxed), DKIM not aligned; relaxed" header.from=example.com (policy=none)',
        "mx.example.net",
        "dkim=fail dmarc=fail",
        "header.d=example.com reason=SPF not aligned (relaxed), DKIM not aligned; relaxed header.from=example.com",
    ),
    # no semicolon between results; a parenthesis that never closes; nothing
    (
        "mx.example.net; spf=pass smtp.mailfrom=example.com dkim=pass header.d=example.com",
        "mx.example.net",
        "spf=pass dkim=pass",
        "smtp.mailfrom=example.com header.d=example.com",
    ),
    (
        "mx.example.net; spf=pass (domain of x designates smtp.mailfrom=example.com; dkim=pass header.d=example.com",
        "mx.example.net",
        "spf=pass dkim=pass",
        "smtp.mailfrom=example.com header.d=example.com",
    ),
    ("", None, "", ""),
]


@pytest.mark.parametrize(("value", "authserv", "results", "properties"), SHAPES)
def test_a_field_gives_who_says_what(value: str, authserv: str | None, results: str, properties: str) -> None:
    read = read_results(field("Authentication-Results", value))
    assert read.authserv == authserv
    assert " ".join(f"{each.method}={each.result}" for each in read.results) == results
    assert " ".join(f"{name}={value}" for each in read.results for name, value in each.properties) == properties


def test_results_are_in_lower_case_and_comments_belong_to_theirs() -> None:
    read = read_results(
        field(
            "Authentication-Results",
            "mx.example.net; SPF=Pass (one) smtp.MailFrom=A@Example.com (two); dkim=fail (three)",
        )
    )
    assert [(each.method, each.result, each.comments) for each in read.results] == [
        ("spf", "pass", ("one", "two")),
        ("dkim", "fail", ("three",)),
    ]
    assert read.results[0].value("smtp.mailfrom") == "A@Example.com"
    assert read.results[0].value("smtp.helo") is None


def test_properties_before_any_result_and_bare_domains_are_kept_apart() -> None:
    read = read_results(field("Authentication-Results", "spf=pass smtp.helo=a.example; example.net; dkim=none"))
    assert read.stray == ("example.net",)
    early = read_results(field("Authentication-Results", "mx.example.net; header.from=a@example.com; dkim=pass"))
    assert early.loose == (("header.from", "a@example.com"),)


def test_a_field_that_nobody_signs_is_a_defect() -> None:
    codes = [
        defect.code for defect in read_results(field("Authentication-Results", "spf=pass (a smtp.mailfrom=b")).defects
    ]
    assert codes == ["unbalanced_comment", "no_authserv_id"]


def test_the_fields_of_a_header_come_in_order_with_their_arc_number() -> None:
    found = authentication_results(
        header(
            ("Authentication-Results", "mx.example.net; spf=pass"),
            ("X-Authentication-Results", "mx.example.net; spf=fail"),
            ("ARC-Authentication-Results", "i=2; mx.example.org; dkim=pass"),
            ("Authentication-Results-Original", "smtp.example.com; spf=none"),
        )
    )
    assert [(each.field.line, each.instance, each.authserv) for each in found] == [
        (1, None, "mx.example.net"),
        (3, 2, "mx.example.org"),
        (4, None, "smtp.example.com"),
    ]


def test_received_spf_is_read_with_its_pairs() -> None:
    value = 'Pass (mx.example.net: domain of a@example.com designates 192.0.2.1 as permitted sender) receiver=mx.example.net; client-ip=192.0.2.1; helo=mail.example.com; envelope-from="a@example.com";'
    (spf,) = received_spf(header(("Received-SPF", value)))
    assert spf.result == "pass"
    assert spf.comment and spf.comment.startswith("mx.example.net: domain of")
    assert (spf.value("client-ip"), spf.value("envelope-from"), spf.value("identity")) == (
        "192.0.2.1",
        "a@example.com",
        None,
    )
    (empty,) = received_spf(header(("Received-SPF", "client-ip=192.0.2.1")))
    assert empty.result == "" and empty.comment is None


@pytest.mark.parametrize(
    "piece", ["spf=pass (", "=?utf-8?q?a?= ", "a=b ", "((", "; ", "dkim=pass header.d=example.com;", '"', "=", " "]
)
def test_of_a_field_of_ten_megabytes_the_beginning_is_read(piece: str) -> None:
    value = piece * (10_000_000 // len(piece))
    read = read_results(field("Authentication-Results", value))
    assert "too_long" in {defect.code for defect in read.defects}
    received_spf(header(("Received-SPF", value)))


@pytest.mark.parametrize("piece", ["spf=pass (", "((", "; ", "dkim=pass header.d=example.com;", '"'])
def test_the_time_is_linear_in_the_field(piece: str) -> None:
    def of(size: int) -> Callable[[], object]:
        value = piece * (size // len(piece))
        return lambda: (
            read_results(field("Authentication-Results", value)),
            received_spf(header(("Received-SPF", value))),
        )

    assert growth(of, 4_000) < LINEAR


@given(st.text(alphabet=st.sampled_from('abi=;.()"\\ \t/?-<>@\udc80あ01'), max_size=120) | st.text(max_size=60))
def test_any_text_gives_a_result(value: str) -> None:
    read = read_results(field("Authentication-Results", value))
    assert all(each.method == each.method.lower() for each in read.results)
    received_spf(header(("Received-SPF", value)))
