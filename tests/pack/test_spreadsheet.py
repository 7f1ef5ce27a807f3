"""What a spreadsheet makes of our tables when it opens them by itself, asked of a real one (Gnumeric's ssconvert)."""

import io
import os
import shutil
import subprocess
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

import pytest

from lasthop.pack.csv import csv_bytes, restore
from lasthop.pack.spreadsheet import changed
from tests.pack.reading import rows_of

IDS = (
    "5.1.1", "00123", "1E5", "1e5", "4711-12", "12345678901234567", "123456789012", "2026-11-02", "2026/11/2",
    "2026-11-02 21:00", "TRUE", "false", "１２３", "1/2", "5 1/2", "12:30", "9:30 PM", "1,234", "0.50", "5.",
    "¥100", "$5", "50%", "(5)", "Mar 5", "2-Nov-2026", "Nov-2026", " 12 ", "#N/A", "#REF!", ".5",
    "=1+1", "+81", "-1", "@SUM(1)", "'00123",
)  # fmt: skip
"""Texts that would be numbers, dates, logical values, errors or formulas."""
ERAS = (
    "11月2日", "令和8年11月2日", "2026年11月2日", "R8.11.2", "H17/1/1", "5時30分", "５．１．１", "MARCH1", "SEPT2",
    "2026-11-02T12:00",
)  # fmt: skip
"""Gnumeric with English settings leaves them alone; Excel or LibreOffice may take them for dates."""
TEXTS = (
    "k2ynMg3XS1qDPmHIqsFJFA", "user1@mail.example", "550 5.1.1 No such user", "192.0.2.1", "2001:db8::1", "4711a",
    "f4711", "m1", "May", "deadbeef", "0x1F", "5e", "注文 12", "#1 x", "<a@b.example>", "",
)  # fmt: skip
NUMBER, TEXT = {"40"}, {"60"}
"""Value types of Gnumeric's format."""
Cell = tuple[str, str]


@pytest.fixture(scope="session")
def ssconvert() -> str:
    found = shutil.which("ssconvert")
    if found is None:
        if os.environ.get("LASTHOP_SPREADSHEET") == "required":
            pytest.fail("LASTHOP_SPREADSHEET=required, and there is no ssconvert")
        pytest.skip("there is no ssconvert on this machine (Debian: gnumeric)")
    return found


def opened(ssconvert: str, content: bytes, folder: Path) -> list[dict[int, Cell]]:
    """Each row: column -> type and text of its cell, as the spreadsheet has them after opening the file."""
    (folder / "table.csv").write_bytes(content)
    told = [ssconvert, "--export-type=Gnumeric_XmlIO:sax:0", "table.csv", "table.xml"]
    subprocess.run(told, cwd=folder, env={**os.environ, "LC_ALL": "C.UTF-8"}, capture_output=True, check=True)
    rows: dict[int, dict[int, Cell]] = {}
    for cell in ET.parse(folder / "table.xml").iter("{http://www.gnumeric.org/v10.dtd}Cell"):  # noqa: S314 - our own file
        place, column = int(cell.attrib["Row"]), int(cell.attrib["Col"])
        rows.setdefault(place, {})[column] = (cell.get("ValueType", "formula"), cell.text or "")
    return [rows.get(place, {}) for place in range(max(rows) + 1)]


@pytest.mark.spreadsheet
def test_ids_stay_texts_in_a_spreadsheet(ssconvert: str, tmp_path: Path) -> None:
    texts = [*IDS, *ERAS, *(text for text in TEXTS if text)]
    (_, *rows) = opened(ssconvert, csv_bytes([[text, "x"] for text in texts], ["id", "b"]), tmp_path)
    assert [row[0][0] for row in rows] == ["60"] * len(texts)
    shown = [row[0][1] for row in rows]
    # Gnumeric hides one apostrophe in front, Excel shows it: either way `restore` and the eye find the text
    assert [text.lstrip("'") for text in shown] == [text.lstrip("'") for text in texts]


@pytest.mark.spreadsheet
def test_without_the_apostrophe_it_would_not(ssconvert: str, tmp_path: Path) -> None:
    """What `changed` is good for: each of these is really made something else."""
    texts = [text for text in IDS if changed(text)]
    plain = "".join(f'"{text}",x\r\n' for text in texts).encode("utf-8-sig")
    rows = opened(ssconvert, plain, tmp_path)
    assert [text for text, row in zip(texts, rows, strict=True) if row[0] == ("60", text)] == []


@pytest.mark.spreadsheet
def test_numbers_and_days_stay_what_they_are(ssconvert: str, tmp_path: Path) -> None:
    rows = [[3, -1, 0.5, "2026-11-02", "550"], [0, 12, 1e-05, "2026-11-03", "0"]]
    (_, *found) = opened(ssconvert, csv_bytes(rows, ["n", "change", "share", "day", "code"]), tmp_path)
    assert {cell[0] for row in found for cell in row.values()} == NUMBER
    assert [float(found[0][at][1]) for at in (0, 1, 2, 4)] == [3, -1, 0.5, 550]


@pytest.mark.spreadsheet
def test_the_tables_of_a_pack_open_with_their_codes_and_ids(ssconvert: str, content: bytes, tmp_path: Path) -> None:
    pack = zipfile.ZipFile(io.BytesIO(content))
    for name, columns in (
        ("messages.csv", ("message", "recipient", "subject", "inquiry_no", "x_message_id")),
        ("timeline.csv", ("enhanced_code", "host", "ip", "event_id", "source_sha256")),
        ("identifiers.csv", ("value",)),
        ("stop-lists.csv", ("enhanced_code", "reply")),
    ):
        (head, *rows) = opened(ssconvert, pack.read(name), tmp_path)
        place = {cell[1]: column for column, cell in head.items()}
        for row, told in zip(rows, rows_of(pack, name), strict=True):
            for column in columns:
                kind, text = row.get(place[column], ("60", ""))
                if kind in NUMBER:  # a whole number that is shown as it stands, or an instant of ours
                    assert not changed(told[column])
                else:
                    assert (kind in TEXT, text) == (True, told[column])


@pytest.mark.parametrize("text", [*IDS, *ERAS])
def test_what_would_be_changed_gets_an_apostrophe_and_loses_it(text: str) -> None:
    (cell,) = csv_bytes([[text]], ["a"]).decode("utf-8-sig").splitlines()[1:]
    assert cell.strip('"') == f"'{text}"
    assert restore(cell.strip('"')) == text


@pytest.mark.parametrize("text", [*TEXTS, "550", "0", "2026-11-02T12:00:00.000Z", "2026-11-02T21:00:00.000+09:00"])
def test_what_would_not_be_changed_stays_as_it_is(text: str) -> None:
    assert csv_bytes([[text, "x"]], ["a", "b"]).decode("utf-8-sig").splitlines()[1] == f"{text},x"


@pytest.mark.parametrize("column", ["day", "first day", "sent_day", "date", "last_date", "Day"])
def test_days_stay_days_in_columns_of_days(column: str) -> None:
    assert csv_bytes([["2026-11-02"]], [column]).endswith(b"\r\n2026-11-02\r\n")
    assert csv_bytes([["5.1.1"]], [column]).endswith(b"\r\n'5.1.1\r\n")


@pytest.mark.parametrize("column", ["message", "days", "update", "time_raw"])
def test_in_other_columns_they_are_texts(column: str) -> None:
    assert csv_bytes([["2026-11-02"]], [column]).endswith(b"\r\n'2026-11-02\r\n")
