import csv
import io
from datetime import UTC, datetime

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lasthop.pack.csv import CsvWriter, cell, csv_bytes, neutralised, restore, triggers
from lasthop.pack.spreadsheet import changed
from lasthop.pack.visible import visible

TRIGGERS = "=+-@＝＋－＠﹢﹣﹦﹫⁺⁻⁼−"
hostile = st.text(
    alphabet=st.one_of(st.sampled_from(TRIGGERS + "' \t\r\n\u3000\u200b\ufeff\u202e\x00\x1b\x85\",;|"), st.characters())
)


def read_back(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@given(hostile)
@example("=1+1")
@example(" \t=1+1")
@example("'=1+1")
@example("''")
@example("'\t")
@example("\u3000＝1+1")
@example("\ufeff=1")
@example("\u0301=1")
@example("'5.1.1")
@example("５．１．１")
def test_no_cell_starts_a_formula_and_the_text_comes_back(text: str) -> None:
    (found,) = read_back(csv_bytes([[text, "end"]], ["a", "b"]))[1:]
    assert found[1] == "end"
    assert not triggers(found[0])
    assert found[0][:1] not in tuple(TRIGGERS + "\t\r\n")
    assert not changed(found[0])
    assert restore(found[0]) == visible(text)


@given(st.lists(st.tuples(hostile, hostile), max_size=5))
def test_what_it_says_is_the_same_for_a_stream_and_for_a_frame(rows: list[tuple[str, str]]) -> None:
    out = io.BytesIO()
    writer = CsvWriter(out, ["=a", "b"])
    for row in rows:
        writer.add([row])
    writer.close()
    frame = pd.DataFrame(rows, columns=["=a", "b"], dtype=object)
    assert out.getvalue() == csv_bytes(rows, ["=a", "b"]) == csv_bytes(frame)


@pytest.mark.parametrize(
    "text", ["=1", "+1", "-1", "@a", "\t1", "\r1", "\n1", "＝1", "－1", " =1", "\u00a0=1", "\u200b@a"]
)
def test_a_text_that_could_be_a_formula_gets_an_apostrophe(text: str) -> None:
    assert neutralised(text) == "'" + text


@pytest.mark.parametrize("text", ["", "a=1", "'", "'abc", "250 2.0.0 Ok", "<a@b.example>", " a", "…", "注文"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert neutralised(text) == text


def test_the_bytes_are_those_a_spreadsheet_wants() -> None:
    content = csv_bytes([["注文", 'say "hi", you'], [None, "two\nlines"]], ["subject", "reply"])
    assert content == '\ufeffsubject,reply\r\n注文,"say ""hi"", you"\r\n,"two\nlines"\r\n'.encode()


def test_values_that_are_no_text() -> None:
    frame = pd.DataFrame(
        {
            "id": ["007", "1e5", None],
            "n": pd.array([-1, None, 3], dtype="Int64"),
            "share": [0.5, float("nan"), -2.0],
            "at": [datetime(2026, 11, 2, 12, tzinfo=UTC), pd.NaT, datetime(1970, 1, 1, tzinfo=UTC)],
            "yes": [True, False, True],
        }
    )
    assert read_back(csv_bytes(frame))[1:] == [
        ["'007", "-1", "0.5", "2026-11-02T12:00:00+00:00", "true"],
        ["'1e5", "", "", "", "false"],
        ["", "3", "-2.0", "1970-01-01T00:00:00+00:00", "true"],
    ]
    assert read_back(csv_bytes(frame, ["yes", "id"]))[1] == ["true", "'007"]


def test_controls_are_made_visible() -> None:
    assert cell("a\x00b\x1b[31m\x7f\x85\ud800") == "a␀b␛[31m␡<U+0085>�"


def test_a_row_of_another_width_is_an_error() -> None:
    with pytest.raises(ValueError, match="1 values for 2 columns"):
        csv_bytes([["a"]], ["a", "b"])
    with pytest.raises(ValueError, match="names of their columns"):
        csv_bytes([["a"]])


def test_notes_follow_the_table_and_cannot_break_out_of_their_line() -> None:
    content = csv_bytes(pd.DataFrame({"day": ["2026-11-02"], "n": [3]}), notes={"filter": "domain x\r\n=1+1", "n": "3"})
    assert content.decode("utf-8-sig").split("\r\n") == [
        "day,n",
        "2026-11-02,3",
        "# filter: domain x =1+1",
        "# n: 3",
        "",
    ]
    read = pd.read_csv(io.BytesIO(content), comment="#")
    assert read.to_dict("records") == [{"day": "2026-11-02", "n": 3}]
