"""The header block: unfolding, junk, and where a header ends."""

import pytest

from lasthop.original import Header, read_original

RECEIVED = b"Received: from a.example by b.example with ESMTP id 1;\n\tTue, 19 Nov 2024 08:00:00 +0000\n"


def header(data: bytes) -> Header:
    return read_original(data).header


def fields(data: bytes) -> list[tuple[str, str]]:
    return [(field.name, field.value) for field in header(data).fields]


def codes(data: bytes) -> list[str]:
    return [defect.code for defect in read_original(data).defects]


def test_folds_are_taken_out_and_their_white_space_is_kept():
    assert fields(b"Subject: one\n  two\n\tthree\nTo: a@example.com\n\nbody") == [
        ("Subject", "one  two\tthree"),
        ("To", "a@example.com"),
    ]


def test_fields_that_come_twice_are_kept_with_the_line_where_they_begin():
    found = header(b"To: a@example.com\nSubject: x\n y\nTo: b@example.com\n\n").all("to")
    assert [(field.value, field.line) for field in found] == [("a@example.com", 1), ("b@example.com", 4)]


def test_the_body_keeps_every_byte():
    body = b"one\r\n\r\n\xff\x00 two\r\n"
    assert header(b"To: a@example.com\r\nFrom: b@example.com\r\n\r\n" + body).body == body


def test_bytes_that_are_no_utf8_are_not_lost():
    (found,) = header(b"Subject: \x83\x65\x83\x58\nTo: a@example.com\n\n").all("subject")
    assert found.value.encode("utf-8", "surrogateescape") == b"\x83\x65\x83\x58"


def test_a_header_goes_on_after_a_line_that_is_no_field():
    data = RECEIVED + b"this is junk\n" + RECEIVED + b"From: a@example.com\n\nbody"
    assert [name for name, _ in fields(data)] == ["Received", "Received", "From"]
    assert codes(data) == ["junk_line"]
    assert read_original(data).defects[0].line == 3


def test_the_from_line_of_an_mbox_is_no_field_and_no_defect():
    data = b"From a@example.com Tue Nov 19 08:00:00 2024\n" + RECEIVED + b"From: a@example.com\n\nbody"
    assert [name for name, _ in fields(data)] == ["Received", "From"]
    assert codes(data) == []


def test_an_escaped_from_line_inside_is_passed_over():
    data = RECEIVED + b">From a@example.com Tue Nov 19 08:00:00 2024\nFrom: a@example.com\n\nbody"
    assert [name for name, _ in fields(data)] == ["Received", "From"]


def test_a_line_of_blanks_continues_a_field_where_the_header_goes_on():
    data = RECEIVED + b"Subject: x\n   \nFrom: a@example.com\n\nFrom: body@example.com"
    assert fields(data)[1:] == [("Subject", "x"), ("From", "a@example.com")]
    assert header(data).body == b"From: body@example.com"


def test_a_body_without_an_empty_line_before_it_begins_where_no_field_follows():
    data = RECEIVED + b"From: a@example.com\nHello,\nthis is the body.\n"
    found = header(data)
    assert [field.name for field in found.fields] == ["Received", "From"]
    assert found.body == b"Hello,\nthis is the body.\n"
    assert codes(data) == ["no_separator"]


def test_the_same_where_no_field_is_folded():
    found = header(b"Received: by b.example\nFrom: a@example.com\nHello,\nthis is the body.\n\nBye")
    assert [(field.name, field.value) for field in found.fields] == [
        ("Received", "by b.example"),
        ("From", "a@example.com"),
    ]
    assert found.body == b"Hello,\nthis is the body.\n\nBye"


def test_a_blank_before_the_colon_is_read_for_known_fields():
    assert fields(b"Subject : x\nTo: a@example.com\n\n")[0] == ("Subject", "x")


def test_names_in_a_list_of_signed_headers_begin_no_field_when_folds_are_lost():
    data = b"DKIM-Signature: v=1; h=From:\nSubject:To:Date;\nd=example.com\nSubject: Re: it\nRe: this\n\nbody"
    assert fields(data) == [
        ("DKIM-Signature", "v=1; h=From: Subject:To:Date; d=example.com"),
        ("Subject", "Re: it Re: this"),
    ]


@pytest.mark.parametrize("data", [b"", b"\n", b"\r", b"\x00", b":", b": x", b" ", b"\n\n\n", b"\xff\xfe", b"x:"])
def test_next_to_nothing_gives_an_empty_result_that_says_so(data: bytes):
    found = read_original(data)
    assert found.hops == ()
    assert {"no_header", "no_received"} & set(codes(data))


def test_a_time_of_day_at_the_beginning_of_a_line_is_no_field():
    data = b"Received: from a.example by b.example; Tue, 19 Nov 2024\n08:00:00 +0000\nTo: a@example.com\n\nbody"
    assert [name for name, _ in fields(data)] == ["Received", "To"]
    assert read_original(data).hops[0].stamp is not None


def test_names_in_small_letters_are_fields_but_not_between_the_clauses_of_a_capital_received():
    data = b"return-path: <a@example.com>\nreceived: from a\nby b.example\nx-tag: 1\nsubject: x\n\nbody"
    assert [name for name, _ in fields(data)] == ["return-path", "received", "x-tag", "subject"]
    data = b"Received: from a.example\nsmtp-auth: <none>\nby b.example\nTo: a@example.com\n\nbody"
    assert [name for name, _ in fields(data)] == ["Received", "To"]


def test_blanks_that_do_not_break_and_escapes_in_a_whole_message_are_its_own():
    body = b"<p>&lt;&nbsp;\r\n\xc2\xa0x</p>\r\n"
    data = b"Received: by b.example\r\nSubject: a\xc2\xa0b &lt;c&gt;\r\nFrom: <a@example.com>\r\n\r\n" + body
    assert fields(data)[1] == ("Subject", "a\N{NO-BREAK SPACE}b &lt;c&gt;")
    assert header(data).body == body
