"""ARC sets: in order, whole or with their gaps named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lasthop.original.arc import arc_chain
from lasthop.original.field import Header
from lasthop.original.results import authentication_results
from tests.original.headers import header


def arc_set(number: int, domain: str, validity: str) -> list[tuple[str, str]]:
    return [
        ("ARC-Seal", f"i={number}; a=rsa-sha256; t=172957967{number}; cv={validity}; d={domain}; s=arc; b=x"),
        ("ARC-Message-Signature", f"i={number}; a=rsa-sha256; c=relaxed/relaxed; d={domain}; s=arc; h=from; bh=x; b=y"),
        ("ARC-Authentication-Results", f"i={number}; mx.{domain}; spf=pass smtp.mailfrom=example.com; dkim=pass"),
    ]


def codes(given: Header) -> list[str]:
    return [defect.code for defect in arc_chain(given, authentication_results(given)).defects]


def test_the_sets_come_oldest_first() -> None:
    given = header(*arc_set(2, "list.example.org", "pass"), *arc_set(1, "example.net", "none"))
    chain = arc_chain(given, authentication_results(given))
    assert [(each.instance, each.sealer) for each in chain.sets] == [(1, "example.net"), (2, "list.example.org")]
    first = chain.sets[0]
    assert first.seal is not None and first.seal.validity == "none" and first.seal.time is not None
    assert first.signature is not None and first.signature.defects == ()
    assert first.results is not None and [each.method for each in first.results.results] == ["spf", "dkim"]
    assert chain.defects == ()


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ([], []),
        (arc_set(3, "c.example", "pass") + arc_set(1, "a.example", "none"), ["missing_set"]),
        (arc_set(1, "a.example", "none")[1:], ["missing_part"]),
        (arc_set(1, "a.example", "pass"), ["wrong_validity"]),
        (arc_set(2, "b.example", "none") + arc_set(1, "a.example", "none"), ["wrong_validity"]),
        (arc_set(1, "a.example", "none") * 2, ["double_part"] * 3),
        ([("ARC-Seal", "a=rsa-sha256; d=a.example")], ["no_instance"]),
        ([("ARC-Seal", "i=99; d=a.example")], ["no_instance"]),
        ([("ARC-Seal", "i=²; d=a.example")], ["no_instance"]),
    ],
)
def test_gaps_are_named(fields: list[tuple[str, str]], wanted: list[str]) -> None:
    assert codes(header(*fields)) == wanted


def test_who_sealed_is_known_from_the_signature_alone() -> None:
    given = header(*arc_set(1, "a.example", "none")[1:2])
    (only,) = arc_chain(given, ()).sets
    assert (only.sealer, only.seal, only.results) == ("a.example", None, None)


@given(st.lists(st.tuples(st.sampled_from(["ARC-Seal", "arc-message-signature", "ARC-Authentication-Results"]), st.text(alphabet=st.sampled_from("i=12; dcv\udc80あ"), max_size=30)), max_size=6))  # fmt: skip
def test_any_text_gives_a_chain(fields: list[tuple[str, str]]) -> None:
    given = header(*fields)
    chain = arc_chain(given, authentication_results(given))
    assert [each.instance for each in chain.sets] == sorted({each.instance for each in chain.sets})
