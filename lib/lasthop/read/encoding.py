"""Which encoding a text file is in, from its first bytes.

UTF-8 is recognised by its strict form: text in another encoding hardly ever passes for it, while most UTF-8 passes
for CP932 and turns into nonsense. So UTF-8 wins where half of the lines beyond ASCII are valid, or where such
lines are few; those that are not valid become rejected lines later.
"""

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NO_CHARACTER = re.compile("[\x80\uf8f0-\uf8f3]")
"""What Python's CP932 makes of the bytes 80, A0, FD, FE and FF, which stand for nothing."""


def detect_encoding(sample: bytes, whole: bool) -> str | None:
    """Name the codec of ``sample``, or None when it is text in none of those we read.

    ``whole`` says that the sample is the whole file; otherwise its end may lie within a character.
    """
    for bom, name in _BOMS:
        if sample.startswith(bom):
            return name
    if sample.count(b"\0"):
        wide = _utf16_without_bom(sample)
        if wide:
            return wide
    if _valid(sample, "utf-8", whole):
        return "utf-8"
    lines = sample.split(b"\n")
    if not whole and len(lines) > 1:
        lines.pop()
    foreign = [line for line in lines if not line.isascii()]
    as_utf8 = sum(_valid(line, "utf-8", True) for line in foreign)
    as_cp932 = sum(_valid(line, "cp932", True) for line in foreign)
    if as_utf8 * 2 >= len(foreign):
        return "utf-8"
    if as_cp932 * 2 > len(foreign):
        return "cp932"
    return "utf-8" if len(foreign) * 2 <= len(lines) else None


def _valid(data: bytes, codec: str, whole: bool) -> bool:
    try:
        text = codecs.getincrementaldecoder(codec)("strict").decode(data, final=whole)
    except UnicodeDecodeError:
        return False
    return codec != "cp932" or not _NO_CHARACTER.search(text)


def _utf16_without_bom(sample: bytes) -> str | None:
    """Tell UTF-16 by its NULs: digits, commas and line ends have one, always on the same side."""
    pairs = len(sample) // 2
    even, odd = sample[0::2].count(b"\0"), sample[1::2].count(b"\0")
    if pairs == 0 or max(even, odd) * 10 < pairs:
        return None
    codec, other = ("utf-16-le", even) if odd > even else ("utf-16-be", odd)
    plausible = other * 20 <= pairs and _valid(sample[: pairs * 2], codec, whole=False)
    return codec if plausible else None
