"""Whatever is thrown at it: an answer, one of the labels, in time that grows with the text and no faster."""

import sys
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lasthop.reply import LABELS, Reply, classify, classify_many, normalised
from lasthop.reply.text import LIMIT, folded, without_addresses

PIECES = [
    "550 ", "550-", "5.1.1 ", "5.1.", "4.", "mailbox ", " full", "user unknown", "@", "a@b", "<", ">", "\x00", "\u202e", "\ud800",
    "&lt;", "\\n", "\r\n", "http://", "bl.", "using ", "retry ", "wait ", "0", "9" * 40, "İ", "ß", "か", "[", "(s", "?p=", " ",
]  # fmt: skip
AWKWARD = [
    "", " ", "\x00", "\u200f\u202e\u200b", "\ud800", "\udfff550 5.1.1", "550", "5.1.1", "000", "999 9.9.9", "2" * 1000, "@" * 1000,
    "550 5.1.1 451 4.7.1 554 5.7.1", "550-" * 500, "5.1.1." * 500, "<a@" * 500, "&amp;" * 500, "\\n" * 500, "İ" * 100 + " user unknown",
    bytes(range(256)).decode("latin-1"), "\u0130\u0130 MAILBOX FULL", "http" * 500, "(s[?p=" * 300, "🙂" * 50,
]  # fmt: skip


@pytest.mark.parametrize("text", AWKWARD, ids=range(len(AWKWARD)))
def test_awkward_texts_get_an_answer(text):
    reason = classify(Reply(text, text, text, text, text, text))
    assert reason.label in LABELS
    assert normalised(normalised(text)) == normalised(text)


@pytest.mark.parametrize("nothing", [None, "", " ", "\r\n", "-", "...", "<>", "550", "550 ", "2.0.0", "\ufeff"])
def test_nothing_to_go_by_is_answered_with_no_confidence(nothing):
    reason = classify(Reply(nothing))
    assert (reason.label, reason.confidence, reason.matched) == ("unclassified", "none", None)


def test_codes_given_as_numbers_count():
    assert classify(Reply("no", reply_code=552)).label == "mailbox_full"  # type: ignore[arg-type]
    assert classify(Reply(None, 451, 4.2, 7, 7, 7)).reply_code == "451"  # type: ignore[arg-type]


@settings(max_examples=300, deadline=None)
@given(
    st.text(st.characters(codec=None), max_size=200), st.lists(st.text(max_size=20) | st.none(), min_size=5, max_size=5)
)
def test_any_text_gets_a_label(text, others):
    reply = Reply(text, *others)
    reason = classify(reply)
    assert reason.label in LABELS
    assert classify_many([reply, reply]) == [reason, reason]


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["utf-8", "latin-1", "shift_jis"]))
def test_any_bytes_get_a_label(raw, encoding):
    assert classify(Reply(raw.decode(encoding, "replace"))).label in LABELS
    assert classify(Reply(raw.decode("utf-8", "surrogateescape"))).label in LABELS


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_pieces_of_replies_in_any_order_get_a_label(text):
    reason = classify(Reply(text))
    assert reason.label in LABELS
    assert (reason.matched is None) == (reason.label == "unclassified")
    assert isinstance(normalised(text), str)


def test_invisible_marks_do_not_hide_the_words():
    assert classify(Reply("550 us\u200ber un\u00adknown\u202e")).label == "invalid_recipient"
    assert classify(Reply("550 user\x00unknown")).label == "invalid_recipient"
    assert classify(Reply("550 User\u3000Unknown")).label == "invalid_recipient"
    assert classify(Reply("550 \ud800 user unknown")).label == "invalid_recipient"


def test_marks_that_turn_the_writing_around_do_not_hide_the_words():
    assert classify(Reply("550 \u202emailbox \u2067is\u2069 full\u202c")).label == "mailbox_full"


def test_of_many_codes_the_first_that_tells_counts():
    reason = classify(Reply("550 5.0.0 451 4.0.0 550 5.1.1 4.4.1 oh"))
    assert (reason.reply_code, reason.enhanced_code, reason.label) == ("550", "5.1.1", "invalid_recipient")


def test_a_megabyte_of_anything_is_answered():
    for piece in ("\x00\xff", "@", "a@b.example ", "550-", "bl.", "full mailbox ", "\u202e", "5.1.1 "):
        assert classify(Reply(piece * (1_000_000 // len(piece)))).label in LABELS


def test_a_megabyte_is_looked_at_from_both_ends():
    padding = "lorem ipsum " * 90_000
    assert len(folded(padding)) <= LIMIT + 1
    assert classify(Reply("550 5.1.1 user unknown, and then " + padding)).label == "invalid_recipient"
    assert classify(Reply(padding + " 452 mailbox full")).label == "mailbox_full"


def lines_of_python(work: Callable[[], object]) -> int:
    """How many lines run: work that no busy machine changes."""
    count = 0

    def trace(frame: object, event: str, _: object) -> object:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize(
    "piece",
    [
        "a@b ",
        "user unknown ",
        "mailbox ",
        "sender spf dmarc relay ",
        "550 ",
        "5.1.1 ",
        "@",
        "http://x ",
        "full ",
        "unknown recipient ",
        "bl.a.example ",
        "ユーザ",
        "存在しない",
    ],
)
def test_work_grows_with_the_text_and_no_faster(piece):
    small, large = (piece * (n // len(piece)) for n in (2_000, 8_000))
    classify(Reply("warm"))
    ratio = lines_of_python(lambda: classify(Reply(large))) / lines_of_python(lambda: classify(Reply(small)))
    assert ratio < 8, f"four times the text took {ratio:.1f} times the work"


@pytest.mark.parametrize("size", [1_000, 16_000])
@pytest.mark.parametrize("letter", ["a", "9", "mailbox ", "1.1.", "ab-", "a.", ":a"])
def test_blanking_is_no_trap_for_a_regex(letter, size):
    text = letter * (size // len(letter))
    assert len(normalised(text)) <= 4 * size
    assert len(without_addresses(text)[0]) <= size
