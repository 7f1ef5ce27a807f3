"""What a file is that is no table and no JSON: known by its first bytes, said in words."""

from lasthop.errors import UnreadableFile

_HEADS: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", "a PDF", "Export the log itself as CSV; a PDF holds a picture of it."),
    (b"\x89PNG", "an image", "Export the log itself as CSV; a screenshot cannot be read."),
    (b"\xff\xd8\xff", "an image", "Export the log itself as CSV; a screenshot cannot be read."),
    (b"GIF8", "an image", "Export the log itself as CSV; a screenshot cannot be read."),
    (b"\xd0\xcf\x11\xe0", "an old Office file (.xls, .msg)", "Save it as CSV or .xlsx and load that."),
    (b"Rar!", "a RAR archive", "Unpack it and load the files inside."),
    (b"7z\xbc\xaf", "a 7z archive", "Unpack it and load the files inside."),
    (b"BZh", "a bzip2 file", "Unpack it and load the file inside."),
    (b"\xfd7zXZ", "an xz file", "Unpack it and load the file inside."),
    (b"(\xb5/\xfd", "a zstd file", "Unpack it and load the file inside."),
    (b"PAR1", "a Parquet file", "Load the export that it was made of."),
    (b"SQLite format 3", "a SQLite database", "Export the table as CSV and load that."),
    (b"PK", "a ZIP", "Unpack it and load the files inside."),
)
_WEB_PAGES = (b"<!doctype html", b"<html", b"<?xml")
_BINARY_CONTROLS = bytes(set(range(32)) - {0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x1A, 0x1B})


def refuse_known_binaries(sample: bytes, shown: str) -> None:
    """Raise ``UnreadableFile`` when the first bytes are those of something that is no log."""
    for head, kind, hint in _HEADS:
        if sample.startswith(head):
            raise UnreadableFile(f"{shown} is {kind}.", "Only tables (CSV, .xlsx) and JSON can be read.", hint)
    if sample.lstrip(b"\xef\xbb\xbf \t\r\n")[:16].lower().startswith(_WEB_PAGES):
        raise UnreadableFile(
            f"{shown} is a web page, not an export.",
            "A download link that has expired gives such a page.",
            "Ask for a new export and save the file itself.",
        )


def looks_binary(sample: bytes) -> bool:
    """Tell whether more than one byte in twenty is a control character that no text holds."""
    return len(sample.translate(None, _BINARY_CONTROLS)) * 20 < len(sample) * 19
