"""The trail of forwarding and lists, and which results count."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.original.headers import BORDER, STAMP, evidence
from tests.original.test_arc import arc_set

FROM = ("From", "shop@example.com")
RESULT = ("Authentication-Results", "mx.example.net; spf=pass smtp.mailfrom=example.com")


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ([], []),
        ([("List-Id", "News <news.example.com>"), ("List-Unsubscribe", "<mailto:x@example.com>")], []),
        ([("List-Id", "Talk <talk.example.org>"), ("List-Post", "<mailto:talk@example.org>")], [("list", "talk.example.org", None, None), ("list", "talk@example.org", None, None)]),
        ([("List-Post", "NO")], []),
        ([("X-BeenThere", "talk@example.org")], [("list", "talk@example.org", None, None)]),
        ([("Return-Path", "<SRS0=abcd=V7=example.com=shop@forward.example.org>")], [("srs", "forward.example.org", None, "shop@example.com")]),
        ([("Return-Path", "<SRS1=xy=first.example.net==abcd=V7=example.com=shop@forward.example.org>")], [("srs", "forward.example.org", None, None)]),
        ([("Return-Path", "<ann+caf_=ann=example.org@gmail.example>")], [("caf", "ann@gmail.example", "ann@example.org", None)]),
        ([("X-Forwarded-For", "ann@gmail.example ann@example.org"), ("X-Forwarded-To", "ann@example.org")], [("forwarded", None, "ann@example.org", None), ("forwarded", "ann@gmail.example", "ann@example.org", None)]),
        ([("X-Forwarded-For", "192.0.2.1, 198.51.100.1")], []),
        ([("Resent-From", "Ann <ann@example.org>"), ("Resent-To", "bob@example.org")], [("resent", "ann@example.org", "bob@example.org", None)]),
        ([("Delivered-To", "bob@example.org"), ("Delivered-To", "ann@example.org")], [("delivered_to", None, "bob@example.org", "ann@example.org")]),
        ([("Delivered-To", "bob@example.org"), ("Delivered-To", "<Bob@example.org>")], []),
        ([("X-Original-Sender", "shop@example.com"), FROM], []),
        ([("X-Original-From", "Shop <shop@example.com>"), ("From", "'Shop' via Talk <talk@example.org>")], [("rewritten_from", None, None, "shop@example.com")]),
        ([("X-MS-Exchange-Inbox-Rules-Loop", "ann@example.org")], [("auto_forwarded", "ann@example.org", None, None)]),
        ([*arc_set(2, "example.org", "pass"), *arc_set(1, "example.net", "none")], [("arc", "example.org", None, None)]),
        (arc_set(1, "example.net", "none"), []),
    ],
)  # fmt: skip
def test_each_sign_is_a_step(
    fields: list[tuple[str, str]], wanted: list[tuple[str, str | None, str | None, str | None]]
) -> None:
    found = evidence(("Subject", "x"), *fields).trail
    assert [(step.kind, step.by, step.to, step.before) for step in found.steps] == wanted


def test_a_list_and_a_rewritten_envelope_are_told_apart() -> None:
    one = evidence(("Return-Path", "<SRS0=abcd=V7=example.com=shop@forward.example.org>"), FROM).trail
    assert one.envelope_rewritten and not one.through_list


INNER = ("Received", f"from mx.example.net (mx.example.net [10.0.0.1]) by store.internal with LMTP id 2; {STAMP}")
FOREIGN = ("Received", f"from pc (pc [198.51.100.4]) by mail.sender.example with ESMTPSA id 3; {STAMP}")
MICROSOFT = ("Received", f"from mail.sender.example (192.0.2.7) by AA1.prod.outlook.com with SMTP id 1; {STAMP}")
NO_ID = ("Authentication-Results", "spf=pass (sender IP is 192.0.2.7) smtp.mailfrom=example.com")
FORGED = ("Authentication-Results", "mail.sender.example; dkim=pass header.d=bank.example")


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        # below the Received of the border, as Gmail writes; the one further down is older
        ([BORDER, RESULT, FOREIGN, FORGED], ["border", "claim"]),
        # above it, as milters write, with an inner hop on top
        ([INNER, RESULT, BORDER], ["border"]),
        ([RESULT, RESULT, BORDER], ["border", "border"]),
        # another writer in the same block came with the message
        ([BORDER, RESULT, FORGED], ["border", "claim"]),
        # the receiver writes none: the topmost is the sender's own, with a Received of the sender below it
        ([BORDER, FORGED, FOREIGN], ["not_tied"]),
        ([BORDER, FORGED], ["not_tied"]),
        # Microsoft signs nothing; elsewhere nobody may do so
        ([MICROSOFT, NO_ID], ["border"]),
        ([BORDER, NO_ID], ["not_tied"]),
        ([BORDER, NO_ID, MICROSOFT], ["not_tied"]),
        ([MICROSOFT, NO_ID, FOREIGN, ("Authentication-Results", "dkim=none header.d=none")], ["border", "claim"]),
        # sets of ARC and what Exchange renamed are claims, wherever they stand
        ([BORDER, ("ARC-Authentication-Results", "i=1; mx.example.net; spf=pass"), RESULT], ["claim", "border"]),
        ([MICROSOFT, ("Authentication-Results-Original", "mx.example.net; spf=pass")], ["claim"]),
        ([RESULT], ["not_tied"]),
    ],
)  # fmt: skip
def test_only_results_of_the_receivers_border_count(fields: list[tuple[str, str]], wanted: list[str]) -> None:
    found = evidence(("Subject", "x"), *fields)
    assert [found.standing(given) for given in found.results] == wanted
    assert [found.standing(given) for given in found.border] == ["border"] * len(found.border)


@given(st.lists(st.tuples(st.sampled_from(["Return-Path", "List-Id", "X-BeenThere", "Delivered-To", "X-Forwarded-For", "Resent-From", "Received", "Authentication-Results", "Auto-Submitted"]), st.text(alphabet=st.sampled_from("srs0=+caf_@.<>; bymx\udc80あ"), max_size=40)), max_size=6))  # fmt: skip
def test_any_text_gives_a_trail(fields: list[tuple[str, str]]) -> None:
    found = evidence(*fields)
    assert all(found.standing(given) in ("border", "not_tied", "claim") for given in found.results)
