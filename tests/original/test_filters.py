"""Other spam filters: who said what, with which numbers, and how well that is known."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lasthop.original.filters import filter_verdicts
from lasthop.original.verdict import catalogue
from tests.original.growth import LINEAR, growth
from tests.original.headers import BORDER, evidence, header

SHAPES = [
    ("X-Spam-Status", "No, score=-1.9 required=5.0 tests=BAYES_00,NO_RELAYS autolearn=ham version=4.0.1", "SpamAssassin", "No", -1.9, 5.0, False),
    ("X-Spam-Status", "Yes, hits=5.4 required=5.0\n\ttests=BAYES_90", "SpamAssassin", "Yes", 5.4, 5.0, True),
    ("X-Spam-Status", "No, score=-2.9 tagged_above=-10 required=6.6 tests=[BAYES_00=-1.9]", "SpamAssassin", "No", -2.9, 6.6, False),
    ("X-Spam-Status", "No", "SpamAssassin", "No", None, None, False),
    ("X-Spam-Status", "Yes, score=123456789012.5 required=5", "SpamAssassin", "Yes", 123456789012.5, 5.0, True),
    ("X-Spam-Status", "Yes, score=9999999999999999999999999999999999999999", "SpamAssassin", "Yes", None, None, True),
    ("X-Spam-Flag", "YES", "SpamAssassin", "YES", None, None, True),
    ("X-Spam-Score", "12.5 (++++++++++++)", "does not give its name", "12.5", 12.5, None, None),
    ("X-Spamd-Result", "default: False [-1.31 / 15.00];\n\t R_SPF_ALLOW(-0.50)[+ip4:192.0.2.7];", "rspamd", "False", -1.31, 15.0, False),
    ("X-Spamd-Result", "default: True [20.00 / 15.00]", "rspamd", "True", 20.0, 15.0, True),
    ("X-Spam", "Yes", "rspamd", "Yes", None, None, True),
    ("X-Rspamd-Action", "add header", "rspamd", "add header", None, None, None),
    ("X-Proofpoint-Spam-Details", "rule=notspam policy=default score=1 ndrscore=1\n suspectscore=3", "Proofpoint", "notspam", 1.0, None, False),
    ("X-Proofpoint-Spam-Details", "rule=inbound_spam policy=inbound score=97", "Proofpoint", "inbound_spam", 97.0, None, True),
    ("X-Mimecast-Spam-Score", "3", "Mimecast", "3", 3.0, None, None),
    ("X-Barracuda-Spam-Status", "Yes, SCORE=3.60 using per-user scores of TAG_LEVEL=3.5 QUARANTINE_LEVEL=9.0 KILL_LEVEL=1000.0 tests=HTML_MESSAGE", "Barracuda", "Yes", 3.6, 3.5, True),
    ("X-Barracuda-Spam-Score", "0.00", "Barracuda", "0.00", 0.0, None, None),
    ("X-IronPort-Anti-Spam-Filtered", "true", "IronPort", "true", None, None, None),
    ("X-IronPort-Anti-Spam-Result", "A0DdCADh5RpV", "IronPort", "A0DdCADh5RpV", None, None, None),
    ("X-IronPort-Outbreak-Status", "No, level 0, Unknown - Unknown", "IronPort", "No", None, None, False),
    ("X-TM-AS-Result", "Yes-5.339-5.0-31-1", "Trend Micro", "Yes", 5.339, 5.0, True),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value", "filter_", "said", "score", "threshold", "spam"), SHAPES)
def test_a_header_gives_what_its_filter_said(
    name: str, value: str, filter_: str, said: str, score: float | None, threshold: float | None, spam: bool | None
) -> None:
    (verdict,) = filter_verdicts(header((name, value)))
    assert filter_ in verdict.filter
    assert (verdict.value, verdict.score, verdict.threshold, verdict.spam) == (said, score, threshold, spam)
    assert verdict.meaning is not None and verdict.field.line == 1


@pytest.mark.parametrize("value", ["", "maybe", "\ud83d", "score="])
def test_what_fits_no_form_is_left_out(value: str) -> None:
    assert filter_verdicts(header(("X-Spam-Status", value), ("X-Other", "Yes"))) == ()


def test_what_the_sender_may_have_written_is_a_claim() -> None:
    above = evidence(("X-Spam-Status", "Yes, score=9 required=5"), BORDER)
    assert above.verdict_standing(above.verdicts[0]) == "border"
    below = evidence(BORDER, ("X-Spam-Status", "No, score=0 required=5"))
    assert below.verdict_standing(below.verdicts[0]) == "claim"
    inside = (
        "Received",
        "from localhost (localhost [127.0.0.1]) by mx.example.net (Postfix) with ESMTP id 2; Tue, 22 Oct 2024 06:47:51 +0000",
    )
    between = evidence(inside, ("X-Spam-Status", "No, score=0 required=5"), BORDER)
    assert between.verdict_standing(between.verdicts[0]) == "border"


@pytest.mark.parametrize("name", sorted(catalogue("filters")))
def test_the_time_of_every_pattern_is_linear(name: str) -> None:
    def of(size: int) -> Callable[[], object]:
        headers = [
            header((name, piece * (size // len(piece))))
            for piece in ("Yes, ", "score=1 ", "[1 / ", "rule=x ", "a" * 50, "9")
        ]
        return lambda: [filter_verdicts(one) for one in headers]

    assert growth(of, 250_000) < LINEAR


@given(st.sampled_from(sorted(catalogue("filters"))), st.text(max_size=80))
def test_any_text_gives_a_result(name: str, value: str) -> None:
    assert len(filter_verdicts(header((name, value)))) <= 1
