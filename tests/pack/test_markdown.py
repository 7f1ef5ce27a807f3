from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from lasthop.pack.markdown import code_span, counted, fence, inert, labelled

hostile = st.text(
    alphabet=st.one_of(st.sampled_from("`~<>[]()!*_#|\\\n\r\t -=&"), st.characters(codec="utf-8")), min_size=1
)
render = MarkdownIt("commonmark").parse


@given(hostile)
def test_a_code_span_holds_the_whole_text(text: str) -> None:
    opened, inline, closed = render(f"- To {code_span(text)}: end")[2:5]
    assert (opened.type, closed.type) == ("paragraph_open", "paragraph_close")
    assert [child.type for child in inline.children or []] == ["text", "code_inline", "text"]


@given(hostile)
def test_a_fence_holds_the_whole_text(text: str) -> None:
    tokens = render(f"Before:\n\n{fence(text)}\n\nafter")
    kinds = [token.type for token in tokens]
    assert kinds == [
        "paragraph_open",
        "inline",
        "paragraph_close",
        "fence",
        "paragraph_open",
        "inline",
        "paragraph_close",
    ]


@given(hostile)
def test_words_of_our_own_stay_words(text: str) -> None:
    (inline,) = [token for token in render(f"- Cause: {inert(text)}") if token.type == "inline"]
    assert {child.type for child in inline.children or []} <= {"text", "text_special"}


def test_marks_that_turn_the_text_are_shown() -> None:
    assert code_span("invoice \u202egpj.exe\r\n\x00") == "`invoice <U+202E>gpj.exe␍␊␀`"


def test_nothing_is_said_to_be_nothing() -> None:
    assert code_span(None) == code_span("") == "(not known)"
    assert labelled("Title", " ") == "Title: (not known)"
    assert labelled("Notes", "one\ntwo") == "Notes:\n\n```text\none\ntwo\n```"


def test_counting() -> None:
    assert [counted(n, "record") for n in (0, 1, 1200)] == ["0 records", "1 record", "1,200 records"]
