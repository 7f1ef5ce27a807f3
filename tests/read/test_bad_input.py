"""Every kind of bad file: one clear sentence, the good lines kept, never a traceback."""

import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lasthop.errors import InputError, LasthopError, UnreadableFile
from lasthop.read import Member, Reading, read_events, sniff
from tests.read.taking import NOW, engine, lines, take

HEADER = "processed,event,email,subject"
GOOD = "2026-07-08 12:00:20.000,open,a@x.jp,s"


@pytest.mark.parametrize(
    ("content", "title"),
    [
        (b"   \n\t\r\n", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"%PDF-1.7\n%\xe2\xe3", "is a PDF"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "is an image"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "is an image"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, "is an old Office file (.xls, .msg)"),
        (b"PAR1" + bytes(range(256)), "is a Parquet file"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "is a web page, not an export"),
        (bytes(range(256)) * 40, "is not text in a known encoding"),
        (b"a\xff\xfeb,c\xfe\n" * 50, "is not text in a known encoding"),
        (b"name,age\nTaro,7\n", "is in none of the formats that can be read"),
        (b"just a sentence", "is in none of the formats that can be read"),
        (b"processed,event\n2026-07-08 12:00:20,open\n", "is in none of the formats that can be read"),
        (b"processed,event,email\r2026-07-08 12:00:20,open,a@x.jp\r", "has old Macintosh line ends"),
        (b"x" * 300_000, "has no lines"),
        (b'"processed,event,email\n2026-07-08', "has no readable header"),
    ],
)
def test_what_is_no_log_is_refused_in_one_sentence(content: bytes, title: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        take(content, "file.csv")

    assert caught.value.title == f"file.csv {title}."
    assert caught.value.message
    assert caught.value.hint


def test_a_refusal_names_the_columns_and_the_next_step() -> None:
    with pytest.raises(UnreadableFile) as caught:
        take("When,What,Who\n1,2,3\n")

    assert "When, What, Who" in caught.value.message
    assert "map the columns" in caught.value.hint


def test_a_missing_column_is_named_when_the_format_is() -> None:
    with pytest.raises(UnreadableFile) as caught:
        take("processed,event,who\n1,2,3\n", format="sendgrid_activity")

    assert caught.value.title == "activity.csv is not a SendGrid activity."
    assert "No column for: recipient." in caught.value.message


@pytest.mark.parametrize(
    ("format", "mapping", "sentence"),
    [
        ("sendgrid_activty", {}, "There is no format 'sendgrid_activty'"),
        (None, {"nope": "recipient"}, "has no column 'nope'"),
        (None, {"email": "recipent"}, "There is no field 'recipent'"),
        ("sendgrid_activity", {"subject": "request_id"}, "no field request_id"),
        ("sendgrid_webhook", {}, "is not JSON"),
    ],
)
def test_wrong_answers_of_a_person_are_said(format: str | None, mapping: dict[str, str], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        take(lines(HEADER, GOOD), format=format, mapping=mapping)


@pytest.mark.parametrize("text", [HEADER, HEADER + "\n", HEADER + "\r\n\r\n"])
def test_a_header_alone_is_an_empty_log(text: str) -> None:
    taken = take(text)

    assert (taken.events, taken.rejects, taken.result.rows) == ([], [], 0)


@pytest.mark.parametrize(
    ("bad", "reason", "text"),
    [
        (b"too,few", "2 cells where the header has 4", "too,few"),
        (b"1,2,3,4,5", "5 cells where the header has 4", "1,2,3,4,5"),
        (b'2026-07-08 12:00:20,open,a@x.jp,"x"y', "text after a closing quote", None),
        (b'2026-07-08 12:00:20,open,a@x.jp,"never closed', "a quote that is never closed", None),
        (b"2026-07-08 12:00:20,open,a@x.jp,a\0b", "a NUL byte", None),
        (b"2026-07-08 12:00:20,open,a@x.jp,a\xffb", "bytes that are not UTF-8", None),
        (b"2026-07-08 12:00:20,,a@x.jp,s", "no event", None),
        (b"2026-07-08 12:00:20,open, ,s", "no recipient", None),
        (b",open,a@x.jp,s", "no time", None),
    ],
)
def test_a_bad_line_costs_that_line_only(bad: bytes, reason: str, text: str | None) -> None:
    good = GOOD.encode()
    taken = take(b"\n".join([HEADER.encode(), good, bad, good, good, b""]))

    assert [event["source_line"] for event in taken.events] == [2, 4, 5]
    assert (taken.reject["line"], taken.reject["reason"]) == (3, reason)
    assert taken.reject["text"] == (text or bad.decode(errors="replace"))


def test_a_quote_that_swallows_the_rest_of_the_file_does_not() -> None:
    rows = [GOOD] * 500
    rows[100] = '2026-07-08 12:00:20.000,open,a@x.jp,"lost'
    taken = take(lines(HEADER, *rows))

    assert len(taken.events) == 499
    assert taken.reject["line"] == 102


def test_mixed_encodings_cost_the_lines_in_the_other_one() -> None:
    utf8 = "2026-07-08 12:00:20.000,open,a@x.jp,ご注文\n".encode()
    sjis = "2026-07-08 12:00:20.000,open,b@x.jp,ご注文\n".encode("cp932")
    taken = take(HEADER.encode() + b"\n" + utf8 * 5 + sjis + utf8)

    assert [event["source_line"] for event in taken.events] == [2, 3, 4, 5, 6, 8]
    assert taken.reject["line"] == 7


def test_one_odd_byte_does_not_spoil_shift_jis() -> None:
    good = "2026-07-08 12:00:20.000,open,a@x.jp,ご注文\n".encode("cp932")
    taken = take(HEADER.encode() + b"\n" + good * 3 + good.replace("注".encode("cp932"), b"\x81 ") + good)

    assert taken.sniffed.encoding == "cp932"
    assert [event["source_line"] for event in taken.events] == [2, 3, 4, 6]
    assert taken.reject["reason"] == "bytes that are not CP932"


def test_a_line_of_fifty_megabytes() -> None:
    huge = "2026-07-08 12:00:20.000,open,a@x.jp," + "x" * 50_000_000
    taken = take(lines(HEADER, GOOD, huge, GOOD))

    assert [event["source_line"] for event in taken.events] == [2, 4]
    assert (taken.reject["line"], taken.reject["reason"]) == (3, "longer than 1 MiB")
    assert len(taken.reject["text"]) == 2000


def test_a_record_of_too_many_lines_is_no_record() -> None:
    long = '2026-07-08 12:00:20.000,open,a@x.jp,"' + "\n" * 250 + 'end"'
    taken = take(lines(HEADER, GOOD, long, GOOD))

    assert [event["source_line"] for event in taken.events] == [2, 254]
    assert [(each["line"], each["reason"]) for each in taken.rejects] == [
        (3, "a quote that is never closed"),
        (253, "1 cells where the header has 4"),
    ]


def test_a_record_over_several_lines_is_rejected_as_a_whole() -> None:
    taken = take(lines(HEADER, '2026-02-30 12:00:20,open,a@x.jp,"two\nlines"', GOOD))

    assert taken.result.fast
    assert taken.reject["text"] == '2026-02-30 12:00:20,open,a@x.jp,"two\nlines"'
    assert taken.event["source_line"] == 4


def test_rejected_lines_of_a_wide_file_are_shown_readably() -> None:
    bad = "tomorrow,open,a@x.jp,ご注文"
    taken = take(lines(HEADER, GOOD, bad).encode("utf-16"))

    assert taken.reject == {"line": 3, "reason": "a time that cannot be: tomorrow", "text": bad}


@pytest.mark.parametrize("odd", ["\u0085", "\u2028", "\u2029"])
def test_a_rejected_line_is_one_line_for_every_reader(odd: str) -> None:
    assert take(lines(HEADER, f"tomorrow,open,a@x.jp,x{odd}y", GOOD)).reject["text"].endswith(f"x{odd}y")


def test_a_damaged_workbook(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<nonsense")
    with pytest.raises(UnreadableFile, match="damaged workbook"):
        sniff(Member("a.xlsx", path))


PIECES = st.sampled_from([
    b"processed,event,email\n", b"2026-07-08 12:00:20,open,a@x.jp\n", b'"', b",", b"\n", b"\r\n", b"\0", b"\xff\xfe", b"{",
    b"}", b"[", b'{"event":"open","email":"a@x.jp","timestamp":1783512020}', "ログ日時,宛先".encode("cp932"), b"PK\x03\x04",
    b"\x1f\x8b\x08", b"\xef\xbb\xbf", "件名".encode("utf-16-le"), b"status,reason,email,created\n", b"a@x.jp\n",
])  # fmt: skip


@given(st.lists(PIECES | st.binary(max_size=6), max_size=12))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_a_file_holds_it_is_read_or_refused_in_words(pieces: list[bytes]) -> None:
    try:
        taken = take(b"".join(pieces), "suppression_bounces.csv")
    except UnreadableFile as refusal:
        assert refusal.title.startswith("suppression_bounces.csv")
        assert refusal.hint
    else:
        assert taken.result.rows == len(taken.events) + len(taken.rejects)


def test_a_format_that_does_not_exist_is_said_when_reading(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(lines(HEADER, GOOD))
    reading = Reading("nope", "utf-8", ",", ("a", "b"), 1, {}, "UTC")
    with engine() as con, pytest.raises(LasthopError, match="no format"):
        read_events(con, Member("a.csv", path), reading, tmp_path / "rejects", NOW)
