"""One table, however it is saved: encoding, delimiter, line ends, container and workbook make no difference."""

import csv
import datetime as dt
import gzip
import io
import zipfile
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.read.taking import take

HEADER = ("ログ日時", "宛先メールアドレス", "HTTPレスポンスコード", "レスポンス", "件名", "メンバーID")
WORDS = st.text(alphabet="あ件名ご注文ｶﾅ亜—～ab ,;\"\n'=+", max_size=10).map(str.strip)
ROWS = st.lists(
    st.tuples(
        st.integers(0, 59).map(lambda n: f"2026/07/01 09:{n:02}:00"),
        st.sampled_from(["a@x.jp", "太郎@x.jp"]),
        st.sampled_from(["202", "400"]),
        WORDS,
        WORDS,
        st.sampled_from(["", "001", "12"]),
    ),
    min_size=1,
    max_size=6,
)
ENCODINGS = ["utf-8", "utf-8-sig", "cp932", "utf-16", "utf-16-le", "utf-16-be"]


def table(rows: list[tuple[str, ...]], delimiter: str, terminator: str, quoting: Any) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=terminator, quoting=quoting).writerows([HEADER, *rows])
    return out.getvalue()


def packed(data: bytes, container: str) -> bytes:
    if container == "gz":
        return gzip.compress(data, 1)
    if container == "zip":
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("log.csv", data)
        return out.getvalue()
    return data


def seen(event: dict[str, Any]) -> tuple[str | None, ...]:
    return tuple(event[name] for name in ("time_raw", "recipient", "reply_code", "reply", "subject"))


@given(
    ROWS,
    st.sampled_from(ENCODINGS),
    st.sampled_from([",", "\t", ";"]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    st.sampled_from(["plain", "gz", "zip"]),
)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_same_rows_come_back(
    rows: list[tuple[str, ...]],
    encoding: str,
    delimiter: str,
    terminator: str,
    quoting: Any,
    container: str,
) -> None:
    text = table(rows, delimiter, terminator, quoting).replace("—", "―" if encoding == "cp932" else "—")
    text = text.replace("～", "〜") if encoding != "cp932" else text
    taken = take(packed(text.encode(encoding), container), "log.bin")

    plain = [
        tuple(cell.replace("—", "―") if encoding == "cp932" else cell.replace("～", "〜") for cell in row)
        for row in rows
    ]
    assert taken.sniffed.delimiter == delimiter
    assert taken.rejects == []
    assert [seen(event) for event in taken.events] == [
        (time, address, status, reply or None, subject or None) for time, address, status, reply, subject, _ in plain
    ]


def workbook(*sheets: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets):
        sheet = book.create_sheet(f"S{number}")
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_is_read_from_the_first_sheet_with_rows() -> None:
    noon = dt.datetime(2026, 7, 8, 12, 0, 20)
    taken = take(
        workbook(
            [],
            [
                ["processed", "event", "email", "attempt", "subject", "is_unique"],
                [noon, "delivered", "a@x.jp", 3, "件名", True],
                [],
                [noon.isoformat(" "), "open", "b@x.jp", None, 7.5, None],
                ["not a time", "open", "c@x.jp", None, None, None],
            ],
        ),
        "export.xlsx",
    )

    first, second = taken.events
    assert taken.sniffed.encoding == "xlsx"
    assert (first["source_line"], first["time_raw"], first["attempt"]) == (2, "2026-07-08 12:00:20", 3)
    assert first["extra"] == '{"is_unique":"true"}'
    assert (second["source_line"], second["subject"]) == (4, "7.5")
    assert taken.reject == {
        "line": 5,
        "reason": "a time that cannot be: not a time",
        "text": "not a time,open,c@x.jp,,,",
    }


def test_a_workbook_with_unix_seconds() -> None:
    event = take(workbook([["email", "created"], ["a@x.jp", 1781500000]]), "suppression_unsubscribes.xlsx").event

    assert event["time_ms"] == 1_781_500_000_000


def test_a_workbook_inside_a_zip() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("unsubscribes.xlsx", workbook([["email", "created"], ["a@x.jp", 1781500000]]))

    assert take(out.getvalue(), "export.zip").event["recipient"] == "a@x.jp"


@pytest.mark.parametrize("preamble", ["sep=;\n", "\n\n", "\r\n", " \n"])
def test_the_header_may_come_later(preamble: str) -> None:
    taken = take(preamble + "processed;event;email\n2026-07-08 12:00:20;open;a@x.jp\n")

    assert taken.event["source_line"] == preamble.count("\n") + 2
    assert taken.sniffed.header_line == preamble.count("\n") + 1


def test_a_label_of_two_lines() -> None:
    taken = take('processed,event,email,"two\nlines"\n2026-07-08 12:00:20,open,a@x.jp,x\n')

    assert (taken.event["source_line"], taken.event["extra"]) == (3, '{"two\\nlines":"x"}')
