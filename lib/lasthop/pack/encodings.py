"""The encodings that the bytes of a text may be read in: what is masked is masked in each of them."""

import codecs
import re
from collections.abc import Iterator

_NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_UTF_7 = re.compile(rb"\+AEA(?![A-Za-z0-9+/])", re.IGNORECASE)
"""The sign @ in UTF-7 (RFC 2152), which is ASCII to every other reader."""


def encodings_of(content: bytes) -> Iterator[str]:
    """The encodings that the bytes can be read in, the likely one first; none for bytes that are no text."""
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if wide:
        names: tuple[str, ...] = ("utf-16",)
    elif _NO_TEXT.search(content) or _UTF_7.search(content):
        names = ()
    elif b"\x1b$" in content or b"\x1b(" in content:
        names = ("iso2022_jp", "iso2022_jp_ext")
    else:
        names = ("utf-8",) if _decodes(content, "utf-8") else ("euc_jp", "cp932")
    fit = [name for name in names if _decodes(content, name)]
    yield from fit[:1] if names[:1] == ("iso2022_jp",) else fit


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return "\0" not in text
