"""Display trouble: what it is, where, and the bytes that show it."""

import base64
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lasthop.original.charset import decode_cp50220, decode_text
from lasthop.original.display import Trouble, troubles
from lasthop.original.encoded import unencoded
from tests.original.growth import LINEAR, growth
from tests.original.headers import header

VERSION = ("MIME-Version", "1.0")
JIS = "あいう".encode("iso2022_jp")
NEC = b"\x1b$B-!\x1b(B"
"""① by row 13 of NEC, which JIS X 0208 leaves empty."""


def text(charset: str | None, body: bytes, encoding: str = "8bit", kind: str = "text/plain") -> tuple[Trouble, ...]:
    content = kind if charset is None else f"{kind}; charset={charset}"
    return troubles(header(VERSION, ("Content-Type", content), ("Content-Transfer-Encoding", encoding), body=body))


def codes(found: tuple[Trouble, ...]) -> list[str]:
    return [each.code for each in found]


@pytest.mark.parametrize(
    ("charset", "body", "wanted", "seems"),
    [
        ("utf-8", "あ, é and ①".encode(), [], None),
        ("iso-2022-jp", JIS, [], None),
        ("us-ascii", b"plain", [], None),
        ("x-nobody-knows", b"plain", ["unknown_charset"], None),
        ("x-nobody-knows", "あ".encode(), ["unknown_charset"], "utf_8"),
        (None, "あ".encode(), ["no_charset"], "utf_8"),
        ("us-ascii", "caf\u00e9".encode("latin-1"), ["ascii_with_bytes"], None),
        ("utf-8", b"abc \xe9\xa0", ["invalid_bytes"], None),
        ("iso-2022-jp", "あいう".encode("euc_jp"), ["not_iso2022jp"], "euc_jp"),
        ("iso-2022-jp", "あいう".encode(), ["not_iso2022jp"], "utf_8"),
        ("ISO-2022-JP", b"No. " + NEC, ["cp932_only"], None),
        ("iso-2022-jp", b"\x1b(I1\x1b(B", ["cp932_only"], None),
        ("iso-8859-1", "é and あ".encode(), ["utf8_as_latin1"], "utf_8"),
        ("iso-8859-1", "é and ü".encode("latin-1"), [], None),
        ("utf-8", "é, ü and €".encode().decode("cp1252").encode(), ["double_encoded"], None),
        ("utf-8", "Ã is a letter, and É too".encode(), [], None),
        ("utf-8", "lost \ufffd here".encode(), ["replacement"], None),
        ("utf-8", "縺ゅ＞縺∴縺溘ｋ繧ｒ繝ｼ".encode(), ["mojibake"], None),
        ("shift_jis", "①㈱あ".encode("cp932"), [], None),
    ],
)  # fmt: skip
def test_the_text_of_a_part_is_held_against_its_charset(
    charset: str | None, body: bytes, wanted: list[str], seems: str | None
) -> None:
    found = text(charset, body)
    assert codes(found) == wanted
    for each in found:
        assert each.part == "1" and each.seems == seems
        assert each.shown and each.place is not None and body[each.place :].startswith(each.shown)


def test_the_bytes_shown_begin_at_the_first_bad_one() -> None:
    (found,) = text("utf-8", b"good \xff bad")
    assert (found.place, found.shown) == (5, b"\xff bad")


@pytest.mark.parametrize(
    ("fields", "body", "wanted"),
    [
        ([("Content-Type", "text/plain")], b"x", ["no_mime_version"]),
        ([VERSION, ("Content-Type", "text/html")], b"<p>x", ["html_only"]),
        ([VERSION, ("Content-Type", "image/png")], b"x", ["no_text"]),
        ([VERSION, ("Content-Type", "multipart/mixed")], b"x", ["no_boundary"]),
        ([VERSION, ("Content-Type", "multipart/mixed; boundary=b")], b"x", ["boundary_never_starts"]),
        ([VERSION, ("Content-Type", "multipart/mixed; boundary=b")], b"--b\r\n\r\nhello\r\n", ["boundary_never_closes"]),
        ([VERSION, ("Content-Type", "multipart/mixed; boundary=b"), ("Content-Transfer-Encoding", "base64")], b"--b\r\n\r\nhello\r\n--b--\r\n", ["encoding_on_multipart"]),
        ([VERSION, ("Content-Type", "text/plain"), ("Content-Transfer-Encoding", "base64")], b"aGVsbG8*=", ["invalid_base64"]),
        ([VERSION, ("Content-Type", "text/plain"), ("Content-Transfer-Encoding", "7-bit")], b"x", ["unknown_encoding"]),
        ([VERSION, ("Content-Type", "text/plain")], b"a" * 999 + b"\r\n", ["long_line"]),
        ([VERSION, ("Content-Type", "text/plain")], b"a" * 998 + b"\r\n" + b"b" * 998, []),
        ([VERSION, ("Content-Type", "text/plain")], b"a\0b", ["nul"]),
        ([], b"hello", []),
        ([VERSION, ("Content-Type", "text/html")], b"", []),
        ([VERSION, ("Content-Type", "message/delivery-status")], b"Action: failed\r\n", []),
    ],
)  # fmt: skip
def test_mime_that_is_wrong_is_named(fields: list[tuple[str, str]], body: bytes, wanted: list[str]) -> None:
    assert codes(troubles(header(*fields, body=body))) == wanted


def test_parts_are_numbered_and_an_alternative_is_no_trouble() -> None:
    encoded = base64.b64encode(b"<p>\xff")
    body = (
        b"--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + encoded
        + b"\r\n--b--\r\n"
    )
    (found,) = troubles(header(VERSION, ("Content-Type", "multipart/alternative; boundary=b"), body=body))
    assert (found.code, found.part, found.place, found.shown) == ("invalid_bytes", "2", 3, b"\xff")


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("Subject", "plain", []),
        ("Subject", "あ", ["raw_utf8_header"]),
        ("Subject", b"caf\xe9".decode("utf-8", "surrogateescape"), ["raw_bytes_header"]),
        ("X-Other", "あ", []),
        ("Subject", "=?utf-8?B?44GC?=", []),
        ("Subject", "=?utf-8?B?44G*C?=", ["invalid_word"]),
        ("Subject", "=?utf-8?Q?a b?=", ["spaces_in_word"]),
        ("Subject", "=?nobody?Q?a=E9?=", ["word_unknown_charset"]),
        ("From", "=?utf-8?Q?a=E9?= <a@example.com>", ["word_invalid_bytes"]),
        ("Subject", "=?iso-2022-jp?B?" + base64.b64encode(NEC).decode() + "?=", ["word_cp932_only"]),
    ],
)
def test_headers_that_are_shown_are_looked_at(name: str, value: str, wanted: list[str]) -> None:
    found = troubles(header((name, value)))
    assert codes(found) == wanted
    assert all(each.field is not None and each.field.name == name and each.shown for each in found)


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ("plain", "plain"),
        ("a =?utf-8?Q?b=20c_d?= e", "a b c d e"),
        ("=?utf-8?B?44GC?=\n =?UTF-8?B?44GE?=", "あい"),
        ("=?utf-8?B?44?= =?utf-8?B?GC?=", "あ"),  # a character cut in two
        ("=?utf-8*ja?Q?=E3=81=82?=", "あ"),
        ("=?iso-2022-jp?B?GyRCLSEbKEI=?=", "①"),
        ("=?utf-8?X?a?= =?=?= =??Q?a?=", "=?utf-8?X?a?= =?=?= =??Q?a?="),
        ("=?punycode?Q?a?=", "a"),
    ],
)
def test_encoded_words_are_decoded(value: str, wanted: str) -> None:
    assert unencoded(value).text == wanted


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        (JIS, "あいう"),
        (NEC, "①"),
        (b"\x1b$By!\x1b(B", "纊"),  # IBM's rows, as NEC has them
        (b"\x1b(I1\x32\x1b(B.", "ｱｲ."),
        (b"\x1b$B$\x22\r\n$$\x1b(B", "あ\r\nい"),
        (b"\x1b$(D\x30\x21\x1b(B", None),
        (b"\xff", None),
        (b"\x1b$B$", None),
    ],
)
def test_cp50220_is_read_by_way_of_cp932(raw: bytes, wanted: str | None) -> None:
    assert decode_cp50220(raw) == wanted


def test_nested_deeper_than_python_goes_is_told_and_not_raised() -> None:
    body = b"".join(b"--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n" % (n, n + 1) for n in range(3000))
    assert troubles(header(VERSION, ("Content-Type", "multipart/mixed; boundary=b0"), body=body))


@pytest.mark.parametrize("piece", [b"\xc3\xa9", "縺".encode(), b"\x1b$B$\x22\x1b(B", b"a", b"=?utf-8?q?", b"\n"])
def test_the_time_is_linear_in_the_body(piece: bytes) -> None:
    def of(size: int) -> Callable[[], object]:
        body = piece * (size // len(piece))
        return lambda: [text(charset, body) for charset in ("utf-8", "iso-2022-jp", "iso-8859-1")]

    assert growth(of, 75_000) < LINEAR


@given(
    st.binary(max_size=80),
    st.sampled_from(["utf-8", "iso-2022-jp", "utf-7", "idna", "rot13", "hex", "a\0b", "シフト", ""]),
)
def test_any_bytes_give_a_result(body: bytes, charset: str) -> None:
    text(charset, body)
    assert isinstance(decode_text(body, charset).text, str)


@given(st.text(alphabet=st.sampled_from('=?utf8-QB=E3\t\n "_\udc80あ'), max_size=80))
def test_any_header_gives_a_result(value: str) -> None:
    troubles(
        header(
            ("Subject", value),
            ("Content-Type", value),
            ("MIME-Version", value),
            body=value.encode("utf-8", "surrogateescape"),
        )
    )
