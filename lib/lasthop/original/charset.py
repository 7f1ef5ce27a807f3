"""Bytes -> text under the charset that a message names, or the one that fits better; every guess is told.

Japanese mail says ISO-2022-JP and holds what only Microsoft's CP50220 has: the NEC and IBM rows (①, ㈱, 髙) and
half-width kana. Python has no codec of that name, so the rows are looked up in CP932, which shares them.
"""

import codecs
import re
from dataclasses import dataclass
from functools import lru_cache

_NO_TEXT = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"})
"""Codecs that no mail means: some never end on long input, some depend on the machine."""

_ALIASES = {
    "sjis": "cp932", "shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932", "windows-31j": "cp932",
    "ms_kanji": "cp932", "cp50220": "iso2022_jp", "cp50221": "iso2022_jp", "x-euc-jp": "euc_jp",
    "ks_c_5601-1987": "cp949", "euc-kr": "cp949", "gb2312": "gb18030", "gbk": "gb18030", "iso-8859-8-i": "iso8859_8",
    "unicode-1-1-utf-8": "utf_8", "cp-850": "cp850", "x-mac-japanese": "cp932",
}  # fmt: skip
"""What mail calls a charset -> Python's codec; the supersets read what the names leave out (WHATWG Encoding §4.2)."""

_ESCAPE = re.compile(rb"\x1b(\$[@AB]|\$\([CD]|\([BJIH])")
_ASCII = "us-ascii"


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, and how it was come by."""

    text: str
    charset: str
    """The codec that was used."""
    defects: tuple[str, ...] = ()
    """``unknown_charset``, ``invalid_bytes`` (not valid in the named charset), ``cp932_only`` (ISO-2022-JP with rows
    that only CP50220 has), ``no_charset`` (bytes above 127 and no charset named): a guess was made."""


def decode_text(raw: bytes, charset: str | None) -> Decoded:
    """The text of ``raw``: never an error. None or "" as charset: none is named.

    A charset that is unknown or does not fit is replaced by the first of UTF-8, the Japanese charsets (where another
    Japanese one was named) and Latin-1 in which the bytes are valid.
    """
    named = (charset or "").strip().strip("\"'").lower()
    codec = codec_of(named) if named else "ascii"
    if codec is None:
        return _guessed(raw, named, ("unknown_charset",))
    try:
        return Decoded(raw.decode(codec), codec)
    except (UnicodeDecodeError, ValueError):
        pass
    if codec.startswith("iso2022_jp") and (text := decode_cp50220(raw)) is not None:
        return Decoded(text, "cp50220", ("cp932_only",))
    return _guessed(raw, named, ("invalid_bytes",) if named else ("no_charset",))


@lru_cache(256)
def codec_of(charset: str) -> str | None:
    """The name of Python's codec for a charset's name in lower case; None where mail has no such charset."""
    try:
        found = codecs.lookup(_ALIASES.get(charset, charset))
    except (LookupError, ValueError):
        return None
    name = found.name.replace("-", "_")
    # bytes -> bytes codecs (rot13, zlib) bear this mark; it has no public name
    return None if name in _NO_TEXT or not getattr(found, "_is_text_encoding", True) else name


def _guessed(raw: bytes, named: str, defects: tuple[str, ...]) -> Decoded:
    japanese = named.startswith(("iso-2022", "iso2022", "_iso-2022", "shift", "sjis", "euc-jp", "cp932", "windows-31j"))
    if b"\x1b$" in raw and (text := decode_cp50220(raw)) is not None:
        return Decoded(text, "cp50220", defects)
    for codec in ("utf_8", "cp932", "euc_jp") if japanese and b"\xa4" not in raw else ("utf_8", "euc_jp", "cp932"):
        if codec != "utf_8" and not japanese:
            continue
        try:
            return Decoded(raw.decode(codec), codec, defects)
        except UnicodeDecodeError:
            continue
    return Decoded(raw.decode("latin-1"), "latin_1", defects)


def decode_cp50220(raw: bytes) -> str | None:
    """ISO-2022-JP with the rows of CP932 and half-width kana (CP50220); None where the bytes are not that."""
    parts: list[str] = []
    mode, place = b"(B", 0
    try:
        for escape in _ESCAPE.finditer(raw):
            parts.append(_run(raw[place : escape.start()], mode))
            mode, place = escape.group(1), escape.end()
        parts.append(_run(raw[place:], mode))
    except (UnicodeDecodeError, ValueError):
        return None
    return "".join(parts)


def _run(run: bytes, mode: bytes) -> str:
    if mode in (b"(B", b"(J", b"(H"):
        return run.decode("ascii")
    if mode == b"(I":
        return bytes(byte | 0x80 if byte > 0x20 else byte for byte in run).decode("cp932")
    if mode not in (b"$B", b"$@"):
        raise ValueError("a set that CP932 has not")
    out = bytearray()
    place = 0
    while place < len(run):
        if run[place] < 0x21:  # a line end within the set: some mailers forget to leave it
            out.append(run[place])
            place += 1
            continue
        out += _shift(run[place : place + 2])
        place += 2
    return out.decode("cp932")


def _shift(pair: bytes) -> bytes:
    """JIS -> Shift JIS: two rows of 94 become one lead byte."""
    row, cell = pair[0], pair[1] if len(pair) == 2 else 0
    if not (0x21 <= row <= 0x7E and 0x21 <= cell <= 0x7E):
        raise ValueError("no pair of JIS")
    lead = (row - 0x21) // 2 + 0x81
    lead += 0x40 if lead > 0x9F else 0
    if row % 2 == 0:
        return bytes((lead, cell + 0x7E))
    return bytes((lead, cell + (0x1F if cell < 0x60 else 0x20)))
