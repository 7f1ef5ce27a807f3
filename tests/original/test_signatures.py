"""DKIM-Signature: its tags, its clocks, and the body hash made again without a key."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lasthop.original.body import body_hash, check_bodies
from lasthop.original.signatures import read_signature, signatures
from tests.original.growth import LINEAR, growth
from tests.original.headers import field, header

WHOLE = "v=1; a=rsa-sha256; c=relaxed/relaxed; d=Example.COM; h=From:To:\n Subject; i=@mail.example.com; q=dns/txt; s=s1;\n t=1729579670; x=1729666070; bh=AbC\n dEf=; b=a\n b="
BODY = b"Hello,  you\r\n\r\nSecond \t line\t\r\n\r\n\r\n"


def signed(body: bytes, form: str = "relaxed", kind: str = "sha256", tail: str = "") -> str:
    return (
        f"v=1; a=rsa-{kind}; c=relaxed/{form}; d=example.com; s=s1; h=from; bh={body_hash(body, form, kind)}; b=x{tail}"
    )


def test_every_tag_is_read() -> None:
    read = read_signature(field("DKIM-Signature", WHOLE))
    assert (read.domain, read.selector, read.algorithm, read.identity) == (
        "example.com",
        "s1",
        "rsa-sha256",
        "@mail.example.com",
    )
    assert (read.canonical, read.body_hash, read.signed, read.length) == (
        "relaxed/relaxed",
        "AbCdEf=",
        ("from", "to", "subject"),
        None,
    )
    assert (read.time, read.expires) == (
        datetime(2024, 10, 22, 6, 47, 50, tzinfo=UTC),
        datetime(2024, 10, 23, 6, 47, 50, tzinfo=UTC),
    )
    assert read.defects == ()


@pytest.mark.parametrize(
    ("value", "codes"),
    [
        ("v=1; a=rsa-sha256; d=example.com; s=s1; h=to; bh=x; b=y", ["from_not_signed"]),
        ("d=example.com; s=s1", ["missing_tag"]),
        (WHOLE.replace("x=1729666070", "x=1"), ["expires_before_time"]),
        ("", ["missing_tag"]),
    ],
)
def test_what_a_signature_lacks_is_said(value: str, codes: list[str]) -> None:
    assert [defect.code for defect in read_signature(field("DKIM-Signature", value)).defects] == codes


def test_a_time_that_is_no_number_is_not_invented() -> None:
    read = read_signature(field("DKIM-Signature", "v=1; t=soon; x=99999999999999; l=ten"))
    assert (read.time, read.expires, read.length, read.domain) == (None, None, None, None)


def outcomes(value: str, body: bytes, *fields: tuple[str, str]) -> list[tuple[str, int]]:
    given = header(("DKIM-Signature", value), *fields, body=body)
    return [(check.outcome, check.unsigned) for check in check_bodies(given, signatures(given))]


@pytest.mark.parametrize("form", ["simple", "relaxed"])
@pytest.mark.parametrize("kind", ["sha256", "sha1"])
@pytest.mark.parametrize("ends", [b"\r\n", b"\n", b"\r"])
def test_the_body_that_was_signed_is_known_again(form: str, kind: str, ends: bytes) -> None:
    assert outcomes(signed(BODY, form, kind), BODY.replace(b"\r\n", ends)) == [("whole", 0)]


def test_relaxed_forgives_blanks_and_simple_does_not() -> None:
    touched = BODY.replace(b"  you", b" you").replace(b"line\t\r\n", b"line\r\n")
    assert outcomes(signed(BODY, "relaxed"), touched) == [("whole", 0)]
    assert outcomes(signed(BODY, "simple"), touched) == [("changed", 0)]


def test_a_footer_shows_as_a_change_and_beyond_the_signed_length_as_unsigned() -> None:
    longer = BODY.rstrip() + b"\r\n-- \r\nlist footer\r\n"
    assert outcomes(signed(BODY), longer) == [("changed", 0)]
    kept = b"Hello, you\r\n\r\nSecond line\r\n"
    assert outcomes(signed(kept, tail=f"; l={len(kept)}"), longer) == [("whole", len(b"--\r\nlist footer\r\n"))]


def test_a_body_that_was_not_given_whole_is_no_changed_one() -> None:
    body = b"--b1\r\nContent-Type: text/plain\r\n\r\nHello\r\n--b1--\r\n"
    kind = ("Content-Type", 'multipart/mixed; boundary="b1"')
    assert outcomes(signed(body), body, kind) == [("whole", 0)]
    assert outcomes(signed(body), body[:-9], kind) == [("cut", 0)]
    assert outcomes(signed(body, tail="; l=500"), body[:-9]) == [("cut", 0)]


def test_without_a_body_nothing_is_said_unless_an_empty_one_was_signed() -> None:
    assert outcomes(signed(BODY), b"") == [("not_given", 0)]
    assert outcomes(
        "v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.com; bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", b""
    ) == [("whole", 0)]


@pytest.mark.parametrize(
    "value", ["a=rsa-sha256; bh=*; b=x", "a=ed25519-md5; bh=aGVsbG8=", "a=rsa-sha256; c=relaxed/odd; bh=aGVsbG8=", ""]
)
def test_what_cannot_be_checked_is_not_judged(value: str) -> None:
    assert outcomes(value, BODY) == [("not_checked", 0)]


def test_two_signatures_are_judged_each_for_itself() -> None:
    given = header(("DKIM-Signature", signed(BODY)), ("DKIM-Signature", signed(b"other\r\n")), body=BODY)
    assert [check.outcome for check in check_bodies(given, signatures(given))] == ["whole", "changed"]


@pytest.mark.parametrize("piece", [b" ", b"\t \r", b"\r\n", b"a ", b"\0"])
def test_the_time_is_linear_in_the_body(piece: bytes) -> None:
    def of(size: int) -> Callable[[], object]:
        body = piece * (size // len(piece)) + b"x"
        return lambda: (outcomes(signed(BODY), body), outcomes(signed(BODY, "simple"), body))

    assert growth(of, 125_000) < LINEAR


@given(st.text(alphabet=st.sampled_from("vabhdlstx=; :/\n1\udc80あ"), max_size=80), st.binary(max_size=60))
def test_any_text_gives_a_result(value: str, body: bytes) -> None:
    assert len(outcomes(value, body)) == 1
