import pytest

from lasthop.app.safe_text import as_code, counted, plain


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("[a](b)", r"\[a\]\(b\)"),
        ("a_b*c", r"a\_b\*c"),
        ("two\nlines", "two␊lines"),
        (None, ""),
    ],
)
def test_plain_escapes_every_mark(text: str | None, shown: str) -> None:
    assert plain(text) == shown


@pytest.mark.parametrize(
    "text", ["https://x.example", "www.x.example", "a@x.example", ":smile:", ":material/mail:", "->", "<-"]
)
def test_plain_breaks_what_is_found_after_markdown(text: str) -> None:
    assert text not in plain(text).replace("\\", "")
    assert plain(text).replace("\\", "").replace("\u2060", "") == text


def test_code_spans_cannot_be_closed_from_inside() -> None:
    assert as_code("a``b") == "```a``b```"
    assert as_code("x" * 200).endswith("…`")


def test_counted() -> None:
    assert counted(1, "line") == "1 line"
    assert counted(1204, "line") == "1,204 lines"
    assert counted(2, "copy", "copies") == "2 copies"
